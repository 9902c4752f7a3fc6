/* Radiotap, www.radiotap.org: a bitmap of fields, each aligned to its own size from the header's start. */
#include "wire/link/radiotap.h"
#include "base/err.h"
#include "wire/link/radio_header.h"

#define BITMAPS_MAX 16
#define KNOWN_BITS ((UINT32_C(1) << 28) - 1) /* of a bitmap, those that layout[] has */

enum {
	BIT_FLAGS = 1,
	BIT_RATE = 2,
	BIT_CHANNEL = 3,
	BIT_SIGNAL = 5,
	BIT_NOISE = 6,
	BIT_ANTENNA = 11,
	BIT_DB_SIGNAL = 12,
	BIT_DB_NOISE = 13,
	BIT_RX_FLAGS = 14,
	BIT_MCS = 19,
	BIT_VHT = 21,
	BIT_HE = 23,
	BIT_NAMESPACE = 29,
	BIT_VENDOR = 30,
	BIT_MORE = 31
};
enum { FLAG_FCS = 0x10, FLAG_BAD_FCS = 0x40, RX_FLAG_BAD_PLCP = 0x2 };
enum {
	CHANNEL_CCK = 0x20,
	CHANNEL_OFDM = 0x40,
	CHANNEL_2GHZ = 0x80,
	CHANNEL_5GHZ = 0x100,
	CHANNEL_DYNAMIC = 0x400,
	CHANNEL_GFSK = 0x800
};

static const struct {
	uint8_t align, size;
} layout[29] = {
	{8, 8}, {1, 1},  {1, 1},  {2, 4},  {2, 2},  {1, 1}, {1, 1}, {2, 2}, {2, 2}, {2, 2},
	{1, 1}, {1, 1},  {1, 1},  {1, 1},  {2, 2},  {2, 2}, {1, 1}, {1, 1}, {4, 8}, {1, 3},
	{4, 8}, {2, 12}, {8, 12}, {2, 12}, {2, 12}, {2, 6}, {1, 1}, {2, 4}, {4, 0},
};

static void take_channel(struct span s, struct radio *r)
{
	uint16_t mhz = span_le16(&s), flags = span_le16(&s);

	r->freq_khz = (uint32_t) mhz * 1000;
	if (flags & CHANNEL_CCK)
		r->encoding = RADIO_ENCODING_CCK;
	else if (flags & CHANNEL_OFDM)
		r->encoding = RADIO_ENCODING_OFDM;
	else if (flags & CHANNEL_DYNAMIC)
		r->encoding = RADIO_ENCODING_DYNAMIC;
	else if (flags & CHANNEL_GFSK)
		r->encoding = RADIO_ENCODING_GFSK;
	if (flags & CHANNEL_5GHZ)
		r->carrier = RADIO_CARRIER_A;
	else if (flags & CHANNEL_2GHZ)
		r->carrier = flags & CHANNEL_CCK    ? RADIO_CARRIER_B
			     : flags & CHANNEL_OFDM ? RADIO_CARRIER_G
						    : RADIO_CARRIER_UNKNOWN;
}

static void take_field(unsigned bit, struct span s, struct radio *r, uint8_t *fcs)
{
	uint8_t flags;

	switch (bit) {
	case BIT_FLAGS:
		flags = span_u8(&s);
		*fcs |= (uint8_t) ((flags & FLAG_FCS ? FCS_PRESENT : 0) | (flags & FLAG_BAD_FCS ? FCS_BAD : 0));
		break;
	case BIT_RX_FLAGS:
		if (span_le16(&s) & RX_FLAG_BAD_PLCP)
			*fcs |= FCS_BAD;
		break;
	case BIT_RATE: r->rate_100kbps = (uint32_t) span_u8(&s) * 5; break;
	case BIT_CHANNEL: take_channel(s, r); break;
	case BIT_SIGNAL:
		if (r->have & RADIO_HAS_SIGNAL)
			break; /* the first is the whole radio's, later ones are single antennas' */
		r->signal_dbm = span_i8(&s);
		r->have |= RADIO_HAS_SIGNAL;
		break;
	case BIT_NOISE:
		r->noise_dbm = span_i8(&s);
		r->have |= RADIO_HAS_NOISE;
		break;
	case BIT_DB_SIGNAL:
		r->signal_rssi = span_u8(&s);
		r->have |= RADIO_HAS_RSSI;
		break;
	case BIT_DB_NOISE: r->noise_rssi = span_u8(&s); break;
	default: break;
	}
}

/* One bitmap's fields; `start` is where the header begins, for alignment. */
static void take_fields(uint32_t present, struct span *s, const uint8_t *start, struct radio *r, uint8_t *fcs)
{
	struct span rest = *s; /* not at *s, where it would be stored at each field */

	for (present &= KNOWN_BITS; present; present &= present - 1) {
		unsigned bit = (unsigned) __builtin_ctz(present);
		/* Alignments are powers of two. */
		size_t pad = (size_t) (start - rest.p) & (layout[bit].align - 1u);

		span_skip(&rest, pad);
		if (rest.bad)
			break;
		take_field(bit, span_sub(&rest, layout[bit].size), r, fcs);
	}
	*s = rest;
}

int radiotap_peel(struct span *s, struct packet *packet, uint8_t *fcs)
{
	const uint8_t *start = s->p;
	struct span head = *s;
	uint32_t present[BITMAPS_MAX];
	size_t n = 0;
	bool ours = true; /* the bitmap's bits are radiotap's own, from 0 */
	uint16_t length;
	uint8_t version;

	version = span_u8(&head);
	span_skip(&head, 1); /* padding */
	length = span_le16(&head);
	if (head.bad || length < 8 || length > s->left)
		return ERR_TRUNCATED;
	if (version != 0) /* fields of another would be read at wrong positions */
		return ERR_UNSUPPORTED;
	head.left = length - 4u;
	do {
		if (n == BITMAPS_MAX)
			return ERR_LIMIT;
		present[n] = span_le32(&head);
	} while (present[n++] >> BIT_MORE & 1 && !head.bad);
	for (size_t i = 0; i < n && !head.bad; i++) {
		if (ours)
			take_fields(present[i], &head, start, &packet->radio, fcs);
		if (present[i] >> BIT_VENDOR & 1) { /* OUI, sub-namespace, octets to skip */
			size_t odd = (size_t) (head.p - start) % 2;

			span_skip(&head, odd + 4);
			span_skip(&head, span_le16(&head));
			ours = false;
		} else {
			/* Without a new namespace the next bitmap's bits are 32 and up: unknown. */
			ours = present[i] >> BIT_NAMESPACE & 1;
		}
	}
	span_skip(s, length);
	return 0;
}
