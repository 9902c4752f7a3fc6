/* HE and EHT: how fast and how wide (IEEE 802.11ax-2021, 802.11be D5.0). */
#include "wire/dot11/read_he.h"

/* The widest channel that the capabilities name: an index into the tones below. */
enum width { WIDTH_20, WIDTH_40, WIDTH_80, WIDTH_160, WIDTH_320 };

/* Data tones by width, and six times the bits that one carries with MCS 7, 9, 11 and 13 (27.3.9, 27.5). A symbol
 * with the shortest guard interval lasts 13.6 us. */
static const uint16_t tones[] = {234, 468, 980, 1960, 3920};
static const uint8_t six_bits[] = {30, 40, 50, 60};
#define SIX_SYMBOLS_100NS (6 * 136)

static void offer(uint32_t *best, unsigned mcs, enum width width, unsigned streams)
{
	uint32_t bits = (uint32_t) tones[width] * six_bits[mcs] * streams;
	uint32_t rate = (bits * 100 + SIX_SYMBOLS_100NS / 2) / SIX_SYMBOLS_100NS;

	if (rate > *best)
		*best = rate;
}

/* A map of two bits a stream: MCS 0 to 7, 9 or 11, or 3 for none. */
static void offer_map(uint32_t *best, uint16_t map, enum width width)
{
	for (unsigned i = 0; i < 8; i++) {
		unsigned m = map >> (i * 2) & 3;

		if (m < 3)
			offer(best, m, width, i + 1);
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
bool he_capabilities_read(struct span data, struct he_capabilities *ret)
{
	enum width width;
	uint8_t phy;
	uint16_t map;

	span_skip(&data, 6);
	phy = span_u8(&data);
	span_skip(&data, 10);
	map = span_le16(&data);
	if (data.bad)
		return false;
	*ret = (struct he_capabilities){.phy = phy};
	width = he_width(phy);
	offer_map(&ret->rate, map, width < WIDTH_80 ? width : WIDTH_80);
	span_skip(&data, 2);
	map = span_le16(&data);
	if (!data.bad && width == WIDTH_160)
		offer_map(&ret->rate, map, WIDTH_160);
	return true;
}

/* Parameters 3 (VHT operation there: bit 14, co-hosted BSSID 15, 6 GHz 17), color 1, basic MCS 2. */
bool he_operation_read(struct span data, struct he_operation *ret)
{
	static const uint16_t widths[] = {20, 40, 80, 160};
	uint32_t parameters = span_le24(&data);
	uint8_t color = span_u8(&data), channel, control;

	span_skip(&data, 2u + (parameters >> 14 & 1 ? 3 : 0) + (parameters >> 15 & 1));
	if (data.bad)
		return false;
	*ret = (struct he_operation){.color = color & 0x80 ? 0 : color & 63};
	if (!(parameters >> 17 & 1))
		return true;
	channel = span_u8(&data);
	control = span_u8(&data);
	if (data.bad)
		return true;
	ret->channel_6ghz = channel;
	ret->width_mhz = widths[control & 3];
	return true;
}

/* A map of four bits for receiving, four for sending: how many streams, for MCS from `mcs` on. */
static void offer_streams(uint32_t *best, struct span *s, unsigned mcs, enum width width)
{
	for (; mcs < 4; mcs++) {
		uint8_t streams = span_u8(s) & 15;

		if (!s->bad && streams <= 8)
			offer(best, mcs, width, streams);
	}
}

/* MAC capabilities 2, PHY capabilities 9 (320 MHz: bit 1), then maps of three octets for each of 80, 160
 * and 320 MHz that the HE and EHT capabilities name. Stations of 20 MHz have one map of four octets, from MCS 0 to 7
 * on. */
bool eht_capabilities_read(struct span data, uint8_t he_phy, bool is_access_point, uint32_t *ret_rate)
{
	uint8_t phy;

	span_skip(&data, 2);
	phy = span_u8(&data);
	span_skip(&data, 8);
	if (data.bad)
		return false;
	*ret_rate = 0;
	if (!(he_phy >> 1 & 0xf) && !is_access_point) {
		offer_streams(ret_rate, &data, 0, WIDTH_20);
		return true;
	}
	offer_streams(ret_rate, &data, 1, he_width(he_phy) < WIDTH_80 ? he_width(he_phy) : WIDTH_80);
	if (he_phy >> 1 & 4)
		offer_streams(ret_rate, &data, 1, WIDTH_160);
	if (phy & 2)
		offer_streams(ret_rate, &data, 1, WIDTH_320);
	return true;
}

/* Parameters 1 (information there: bit 0), basic MCS 4, then control 1: the width. */
bool eht_operation_read(struct span data, uint16_t *ret_width_mhz)
{
	static const uint16_t widths[8] = {20, 40, 80, 160, 320};
	uint8_t parameters = span_u8(&data), control;

	span_skip(&data, 4);
	if (data.bad)
		return false;
	*ret_width_mhz = 0;
	if (!(parameters & 1))
		return true;
	control = span_u8(&data) & 7;
	if (!data.bad)
		*ret_width_mhz = widths[control];
	return true;
}
