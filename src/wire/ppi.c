/* Per-Packet Information: a list of typed fields before a frame of the link type that it names. */
#include "base/err.h"
#include "wire/radio_header.h"

enum { PPI_COMMON = 2, PPI_BTLE = 30006, PPI_FIELDS_MAX = 64 };

/* 802.11-Common: TSFT 8, flags 2, rate 2, MHz 2, channel flags 2, hop 2, signal 1, noise 1. */
static void take_common(struct span s, struct radio *r, enum fcs *fcs)
{
	uint16_t flags;
	int8_t signal, noise;
	uint16_t rate, mhz;

	span_skip(&s, 8);
	flags = span_le16(&s);
	rate = span_le16(&s);
	mhz = span_le16(&s);
	span_skip(&s, 4);
	signal = span_i8(&s);
	noise = span_i8(&s);
	if (s.bad)
		return;
	*fcs = !(flags & 1) ? FCS_NONE : flags & 4 ? FCS_BAD : FCS_PRESENT;
	r->rate_100kbps = (uint32_t) rate * 5;
	r->freq_khz = (uint32_t) mhz * 1000;
	r->signal_dbm = signal;
	r->noise_dbm = noise;
	r->have |= RADIO_HAS_SIGNAL | RADIO_HAS_NOISE;
}

int ppi_peel(struct span *s, struct packet *packet, enum fcs *ret_fcs)
{
	struct span head = *s;
	uint16_t length;
	uint32_t dlt;

	*ret_fcs = FCS_NONE;
	span_skip(&head, 2); /* version, flags */
	length = span_le16(&head);
	dlt = span_le32(&head);
	if (head.bad || length < 8 || length > s->left)
		return ERR_TRUNCATED;
	head.left = length - 8u;
	for (size_t i = 0; i < PPI_FIELDS_MAX && head.left >= 4; i++) {
		uint16_t type = span_le16(&head), n = span_le16(&head);
		struct span field = span_sub(&head, n);

		if (!field.bad && type == PPI_COMMON)
			take_common(field, &packet->radio, ret_fcs);
		if (!field.bad && type == PPI_BTLE) {
			btle_take_ppi(field, &packet->radio);
			dlt = LINKTYPE_BLUETOOTH_LE_LL; /* Ubertooth writes a number of its own */
		}
	}
	span_skip(s, length);
	if (dlt == LINKTYPE_BLUETOOTH_LE_LL)
		(void) btle_peel(s, packet, ret_fcs);
	packet->link = dlt < LINKTYPE_NONE ? (uint16_t) dlt : LINKTYPE_NONE;
	return 0;
}
