/* Per-Packet Information: a list of typed fields before a frame of the link type that it names. */
#include "base/err.h"
#include "wire/link/radio_header.h"

enum { PPI_COMMON = 2, PPI_GPS = 30002, PPI_BTLE = 30006, PPI_ALIGNED = 1, PPI_FIELDS_MAX = 64 };
enum { GPS_LAT = 2, GPS_LON = 4, GPS_ALT = 8, NOT_MEASURED = -128 };
#define DEGREE 10000000u

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
	r->have |= (signal == NOT_MEASURED ? 0 : RADIO_HAS_SIGNAL) | (noise == NOT_MEASURED ? 0 : RADIO_HAS_NOISE);
}

/* PPI-GPS (PPI Geolocation 1.2): version 1, padding 1, length 2, which numbers there are 4; flags, latitude, longitude
 * and altitude of 4 come first. Degrees are in 1e-7 from -180, metres in 1e-4 from -180,000. */
static void take_gps(struct span s, struct position *p)
{
	uint8_t version = span_u8(&s);
	uint32_t there, lat, lon, alt;

	span_skip(&s, 3);
	there = span_le32(&s);
	span_skip(&s, there & 1 ? 4 : 0);
	lat = span_le32(&s);
	lon = span_le32(&s);
	if (s.bad || version < 1 || version > 2 || (there & (GPS_LAT | GPS_LON)) != (GPS_LAT | GPS_LON) ||
	    lat < 90 * DEGREE || lat > 270 * DEGREE || lon > 360 * DEGREE)
		return;
	*p = (struct position){.lat = lat / 1e7 - 180, .lon = lon / 1e7 - 180, .fix = POSITION_FIX_2D};
	if (position_is_zero(p))
		p->fix = POSITION_FIX_NONE;
	alt = span_le32(&s);
	if (s.bad || !(there & GPS_ALT) || p->fix < POSITION_FIX_2D)
		return;
	p->alt_m = (float) (alt / 1e4 - 180000);
	p->fix = POSITION_FIX_3D;
}

int ppi_peel(struct span *s, struct packet *packet, enum fcs *ret_fcs)
{
	struct span head = *s;
	uint16_t length;
	uint8_t flags;
	uint32_t dlt;

	*ret_fcs = FCS_NONE;
	span_skip(&head, 1); /* version */
	flags = span_u8(&head);
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
		if (!field.bad && type == PPI_GPS)
			take_gps(field, &packet->position);
		if (flags & PPI_ALIGNED) /* to 4 octets */
			span_skip(&head, -(size_t) n % 4);
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
