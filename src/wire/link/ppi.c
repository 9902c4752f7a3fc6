/* Per-Packet Information: a list of typed fields before a frame of the link type that it names. */
#include "wire/link/ppi.h"
#include "base/err.h"
#include "wire/link/btle_header.h"
#include "wire/link/geo.h"
#include "wire/link/radio_header.h"

enum { PPI_COMMON = 2, PPI_GPS = 30002, PPI_BTLE = 30006, PPI_ALIGNED = 1, PPI_VERSION = 0, PPI_FIELDS_MAX = 64 };
enum { COMMON_FCS = 0x1, COMMON_BAD_FCS = 0x4, COMMON_PHY_ERROR = 0x8 };
enum { NOT_MEASURED = -128 };

/* 802.11-Common: TSFT 8, flags 2, rate 2, MHz 2, channel flags 2, hop 2, signal 1, noise 1. */
static void take_common(struct span s, struct radio *r, uint8_t *fcs)
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
	*fcs |= (uint8_t) ((flags & COMMON_FCS ? FCS_PRESENT : 0) |
			   (flags & (COMMON_BAD_FCS | COMMON_PHY_ERROR) ? FCS_BAD : 0));
	r->rate_100kbps = (uint32_t) rate * 5;
	r->freq_khz = (uint32_t) mhz * 1000;
	r->signal_dbm = signal;
	r->noise_dbm = noise;
	r->have |= (signal == NOT_MEASURED ? 0 : RADIO_HAS_SIGNAL) | (noise == NOT_MEASURED ? 0 : RADIO_HAS_NOISE);
}

/* PPI-GPS (PPI Geolocation 1.2): version 1, padding 1, length 2, which numbers there are 4; flags, latitude, longitude
 * and altitude of 4 come first. */
static void take_gps(struct span s, struct position *p)
{
	uint8_t version = span_u8(&s);
	uint32_t there, lat, lon, alt;

	span_skip(&s, 3);
	there = span_le32(&s);
	span_skip(&s, there & GEO_PPI_FLAGS ? 4 : 0);
	lat = span_le32(&s);
	lon = span_le32(&s);
	if (s.bad || version < 1 || version > 2 ||
	    (there & (GEO_PPI_LAT | GEO_PPI_LON)) != (GEO_PPI_LAT | GEO_PPI_LON) || !geo_position(lat, lon, p))
		return;
	alt = span_le32(&s);
	if (!s.bad && there & GEO_PPI_ALT)
		geo_altitude(alt, p);
}

int ppi_peel(struct span *s, struct packet *packet, uint8_t *fcs)
{
	struct span head = *s;
	uint16_t length;
	uint8_t version, flags;
	uint32_t dlt;

	version = span_u8(&head);
	flags = span_u8(&head);
	length = span_le16(&head);
	dlt = span_le32(&head);
	if (head.bad || length < 8 || length > s->left)
		return ERR_TRUNCATED;
	if (version != PPI_VERSION)
		return ERR_UNSUPPORTED;
	head.left = length - 8u;
	for (size_t i = 0; i < PPI_FIELDS_MAX && head.left >= 4; i++) {
		uint16_t type = span_le16(&head), n = span_le16(&head);
		struct span field = span_sub(&head, n);

		if (!field.bad && type == PPI_COMMON)
			take_common(field, &packet->radio, fcs);
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
		(void) btle_peel(s, packet, fcs);
	packet->link = dlt < LINKTYPE_NONE ? (uint16_t) dlt : LINKTYPE_NONE;
	return 0;
}
