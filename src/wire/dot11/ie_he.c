/* HE and EHT: how fast and how wide (IEEE 802.11ax-2021, 802.11be D5.0). */
#include "wire/dot11/parse.h"

/* A station whose element is cut is of that generation all the same. */

/* The widest channel that the capabilities name: an index into the tones below. */
enum width { WIDTH_20, WIDTH_40, WIDTH_80, WIDTH_160, WIDTH_320 };

/* Data tones by width, and six times the bits that one carries with MCS 7, 9, 11 and 13 (27.3.9, 27.5). A symbol
 * with the shortest guard interval lasts 13.6 us. */
static const uint16_t tones[] = {234, 468, 980, 1960, 3920};
static const uint8_t six_bits[] = {30, 40, 50, 60};
#define SIX_SYMBOLS_100NS (6 * 136)

static void offer(struct frame *f, unsigned mcs, enum width width, unsigned streams)
{
	uint32_t bits = (uint32_t) tones[width] * six_bits[mcs] * streams;
	uint32_t rate = (bits * 100 + SIX_SYMBOLS_100NS / 2) / SIX_SYMBOLS_100NS;

	if (rate > f->he_rate_100kbps)
		f->he_rate_100kbps = rate;
}

/* A map of two bits a stream: MCS 0 to 7, 9 or 11, or 3 for none. */
static void offer_map(struct frame *f, uint16_t map, enum width width)
{
	for (unsigned i = 0; i < 8; i++) {
		unsigned m = map >> (i * 2) & 3;

		if (m < 3)
			offer(f, m, width, i + 1);
	}
}

/* Width bits of the HE PHY capabilities, B1 on: 40 MHz at 2.4 GHz, 80 at 5 and 6, 160, 80+80. */
static enum width he_width(uint8_t phy)
{
	if (phy >> 1 & 0xc)
		return WIDTH_160;
	if (phy >> 1 & 2)
		return WIDTH_80;
	return phy >> 1 & 1 ? WIDTH_40 : WIDTH_20;
}

/* MAC capabilities 6, PHY capabilities 11, then receive and transmit maps for 80 MHz, for 160. */
void parse_he_cap(struct span s, struct frame *f)
{
	uint8_t phy;
	uint16_t map;
	enum width width;

	f->have |= FRAME_HAS_HE;
	span_skip(&s, 6);
	phy = span_u8(&s);
	span_skip(&s, 10);
	map = span_le16(&s);
	if (s.bad)
		return;
	width = he_width(phy);
	f->he_phy = phy;
	offer_map(f, map, width < WIDTH_80 ? width : WIDTH_80);
	span_skip(&s, 2);
	map = span_le16(&s);
	if (!s.bad && width == WIDTH_160)
		offer_map(f, map, WIDTH_160);
}

/* Parameters 3 (VHT operation there: bit 14, co-hosted BSSID 15, 6 GHz 17), color 1, basic MCS 2. */
void parse_he_op(struct span s, struct frame *f)
{
	static const uint16_t widths[] = {20, 40, 80, 160};
	uint32_t parameters = span_le24(&s);
	uint8_t color = span_u8(&s), channel, control;

	f->have |= FRAME_HAS_HE;
	span_skip(&s, 2u + (parameters >> 14 & 1 ? 3 : 0) + (parameters >> 15 & 1));
	if (s.bad)
		return;
	f->bss_color = color & 0x80 ? 0 : color & 63;
	if (!(parameters >> 17 & 1))
		return;
	channel = span_u8(&s);
	control = span_u8(&s);
	if (s.bad)
		return;
	f->he_channel_6ghz = channel;
	if (f->he_width_mhz < widths[control & 3])
		f->he_width_mhz = widths[control & 3];
}

/* A map of four bits for receiving, four for sending: how many streams. */
static void offer_streams(struct frame *f, struct span *s, enum width width)
{
	for (unsigned mcs = 1; mcs < 4; mcs++) {
		uint8_t streams = span_u8(s) & 15;

		if (!s->bad && streams <= 8)
			offer(f, mcs, width, streams);
	}
}

/* The same for stations of 20 MHz, which begin with MCS 0 to 7. */
static void offer_streams_20(struct frame *f, struct span *s)
{
	for (unsigned mcs = 0; mcs < 4; mcs++) {
		uint8_t streams = span_u8(s) & 15;

		if (!s->bad && streams <= 8)
			offer(f, mcs, WIDTH_20, streams);
	}
}

static bool is_access_point(const struct frame *f)
{
	return f->subtype == MGMT_BEACON || f->subtype == MGMT_PROBE_RESP || f->subtype == MGMT_ASSOC_RESP ||
	       f->subtype == MGMT_REASSOC_RESP;
}

/* MAC capabilities 2, PHY capabilities 9 (320 MHz: bit 1), then maps of three octets for each of 80, 160
 * and 320 MHz that the HE and EHT capabilities name. Stations of 20 MHz have one map of four octets. */
void parse_eht_cap(struct span s, struct frame *f)
{
	uint8_t phy;

	f->have |= FRAME_HAS_EHT;
	span_skip(&s, 2);
	phy = span_u8(&s);
	span_skip(&s, 8);
	if (s.bad)
		return;
	if (!(f->he_phy >> 1 & 0xf) && !is_access_point(f)) {
		offer_streams_20(f, &s);
		return;
	}
	offer_streams(f, &s, he_width(f->he_phy) < WIDTH_80 ? he_width(f->he_phy) : WIDTH_80);
	if (f->he_phy >> 1 & 4)
		offer_streams(f, &s, WIDTH_160);
	if (phy & 2)
		offer_streams(f, &s, WIDTH_320);
}

/* Parameters 1 (information there: bit 0), basic MCS 4, then control 1: the width. */
void parse_eht_op(struct span s, struct frame *f)
{
	static const uint16_t widths[8] = {20, 40, 80, 160, 320};
	uint8_t parameters = span_u8(&s), control;

	f->have |= FRAME_HAS_EHT;
	span_skip(&s, 4);
	if (s.bad)
		return;
	if (!(parameters & 1))
		return;
	control = span_u8(&s) & 7;
	if (!s.bad)
		f->he_width_mhz = widths[control];
}
