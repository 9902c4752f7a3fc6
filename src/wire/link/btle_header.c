/* What Bluetooth radios put before a frame (LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR, Ubertooth's field of PPI),
 * and the CRC behind it. */
#include "wire/link/btle_header.h"
#include "base/err.h"
#include "wire/bluetooth/btle.h"
#include "wire/link/radio_header.h"

#define UBERTOOTH_OFFSET 54 /* dBm below the value of its field */

enum phdr_flag {
	PHDR_SIGNAL = 0x0002,
	PHDR_NOISE = 0x0004,
	PHDR_CRC_CHECKED = 0x0400,
	PHDR_CRC_GOOD = 0x0800,
	PHDR_PHY = 0xc000, /* which PHY */
	PHDR_PHY_CODED = 0x8000,
};

/* An advertisement has a CRC that anybody can check; some sources leave it zero, or away. */
static uint8_t check_crc(struct span frame, bool coded)
{
	uint32_t access_address = btle_access_address(&frame, coded);
	struct span head = frame, tail;
	size_t n;

	span_skip(&head, 1);
	n = span_u8(&head);
	if (head.bad || access_address != BTLE_ADVERTISING || head.left < n + 3)
		return 0;
	tail = span_of(head.p + n, 3);
	if (span_le24(&tail) == 0)
		return 0;
	return btle_crc_good(frame) ? FCS_GOOD : FCS_BAD;
}

int btle_peel(struct span *s, struct packet *packet, uint8_t *fcs)
{
	packet->radio.coded = false;
	*fcs |= check_crc(*s, false);
	return 0;
}

/* RF channel, signal, noise, offences of the access address, that address, flags. */
int btle_phdr_peel(struct span *s, struct packet *packet, uint8_t *fcs)
{
	struct radio *r = &packet->radio;
	uint8_t channel = span_u8(s);
	int8_t signal = span_i8(s), noise = span_i8(s);
	uint16_t flags;

	span_skip(s, 5);
	flags = span_le16(s);
	if (s->bad)
		return ERR_TRUNCATED;
	r->freq_khz = btle_channel_khz(channel);
	r->encoding = RADIO_ENCODING_GFSK;
	r->coded = (flags & PHDR_PHY) == PHDR_PHY_CODED;
	if (flags & PHDR_SIGNAL) {
		r->signal_dbm = signal;
		r->have |= RADIO_HAS_SIGNAL;
	}
	if (flags & PHDR_NOISE) {
		r->noise_dbm = noise;
		r->have |= RADIO_HAS_NOISE;
	}
	if (flags & PHDR_CRC_CHECKED)
		*fcs |= flags & PHDR_CRC_GOOD ? FCS_GOOD : FCS_BAD;
	else
		*fcs |= check_crc(*s, r->coded);
	return 0;
}

/* Ubertooth's field: version, MHz, clock 1 and 4, signal at most, at least, on average, how many of them. */
void btle_take_ppi(struct span field, struct radio *r)
{
	uint16_t mhz;
	int8_t most;

	span_skip(&field, 1);
	mhz = span_le16(&field);
	span_skip(&field, 5);
	most = span_i8(&field);
	if (field.bad)
		return;
	r->freq_khz = (uint32_t) mhz * 1000;
	r->encoding = RADIO_ENCODING_GFSK;
	r->signal_dbm = (int8_t) (most < -128 + UBERTOOTH_OFFSET ? -128 : most - UBERTOOTH_OFFSET);
	r->have |= RADIO_HAS_SIGNAL;
}
