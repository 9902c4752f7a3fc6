#include "wire/bluetooth/btle.h"

#include <string.h>

#include "base/err.h"
#include "wire/bluetooth/ad.h"

#define HEAD 2 /* octets of a PDU's header */
#define CRC 3

static uint32_t crc_24(const uint8_t *p, size_t n)
{
	uint32_t state = 0xaaaaaa; /* 0x555555, the first bit last */

	for (size_t i = 0; i < n; i++) {
		uint8_t octet = p[i];

		for (unsigned bit = 0; bit < 8; bit++) {
			bool one = (state ^ octet) & 1;

			octet >>= 1;
			state >>= 1;
			if (one)
				state ^= 0xda6000; /* x^24 + x^10 + x^9 + x^6 + x^4 + x^3 + x + 1 */
		}
	}
	return state;
}

uint32_t btle_access_address(struct span *s, bool coded)
{
	uint32_t address = span_le32(s);

	if (coded)
		span_skip(s, 1);
	return address;
}

bool btle_crc_good(struct span pdu)
{
	struct span crc;
	size_t n;

	if (pdu.left < HEAD + CRC)
		return false;
	n = HEAD + (size_t) pdu.p[1];
	if (pdu.left < n + CRC)
		return false;
	crc = span_of(pdu.p + n, CRC);
	return span_le24(&crc) == crc_24(pdu.p, n);
}

enum btle_address btle_address_kind(const struct mac *mac, bool random)
{
	static const enum btle_address kinds[] = {BTLE_NON_RESOLVABLE, BTLE_RESOLVABLE, BTLE_RESERVED,
						  BTLE_RANDOM_STATIC};

	return random ? kinds[mac->b[0] >> 6] : BTLE_PUBLIC;
}

static void take_sender(struct btle_frame *f, struct span *s, bool random)
{
	f->sender = ad_address(s);
	f->has_sender = !s->bad;
	f->sender_kind = (uint8_t) btle_address_kind(&f->sender, random);
}

static void take_target(struct btle_frame *f, struct span *s, bool random)
{
	f->target = ad_address(s);
	f->has_target = !s->bad;
	f->target_kind = (uint8_t) btle_address_kind(&f->target, random);
}

/* 2.3.4: a header whose first octet says which of its fields are present. */
static void take_extended(struct btle_frame *f, struct span *s, bool tx_random, bool rx_random)
{
	struct span head = span_sub(s, span_u8(s) & 0x3f);
	uint8_t have = head.left ? span_u8(&head) : 0;

	if (have & 1)
		take_sender(f, &head, tx_random);
	if (have & 2)
		take_target(f, &head, rx_random);
	if (have & 4)
		span_skip(&head, 1); /* CTEInfo */
	if (have & 8)
		span_skip(&head, 2); /* ADI */
	if (have & 16)
		span_skip(&head, 3); /* AuxPtr */
	if (have & 32)
		span_skip(&head, 18); /* SyncInfo */
	if (have & 64) {
		f->tx_power = span_i8(&head);
		f->has_tx_power = !head.bad;
	}
	s->bad |= head.bad;
	f->data = *s;
}

int btle_dissect(struct span frame, bool coded, struct btle_frame *ret)
{
	struct btle_frame *f = ret;
	struct span s = frame;
	uint8_t head, n;
	bool tx_random, rx_random;

	memset(f, 0, sizeof(*f));
	f->access_address = btle_access_address(&s, coded);
	f->advertising = f->access_address == BTLE_ADVERTISING;
	head = span_u8(&s);
	n = span_u8(&s);
	if (s.bad)
		return ERR_TRUNCATED;
	if (!f->advertising)
		return 0;
	f->pdu = head & 15;
	tx_random = head & 0x40;
	rx_random = head & 0x80;
	s = span_sub(&s, n);
	switch (f->pdu) {
	case BTLE_ADV_IND:
	case BTLE_ADV_NONCONN_IND:
	case BTLE_ADV_SCAN_IND:
	case BTLE_SCAN_RSP:
		take_sender(f, &s, tx_random);
		f->data = s;
		break;
	case BTLE_ADV_DIRECT_IND:
	case BTLE_SCAN_REQ:
	case BTLE_CONNECT_IND:
		take_sender(f, &s, tx_random);
		take_target(f, &s, rx_random);
		break;
	case BTLE_ADV_EXT_IND:
	case BTLE_AUX_CONNECT_RSP: take_extended(f, &s, tx_random, rx_random); break;
	default: break;
	}
	return s.bad ? ERR_MALFORMED : 0;
}

uint32_t btle_channel_khz(uint8_t rf_channel)
{
	return rf_channel < 40 ? 2402000 + 2000u * rf_channel : 0;
}
