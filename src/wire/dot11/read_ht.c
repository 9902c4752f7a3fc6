/* HT and VHT: 802.11n and 802.11ac. */
#include "wire/dot11/read_ht.h"

/* Capability information 2, A-MPDU 1, supported MCS set 16. */
bool ht_capabilities_read(struct span data, uint32_t *ret_rate)
{
	static const uint32_t mcs7[2][2] = {{65000, 72222}, {135000, 150000}}; /* kbit/s */
	uint16_t cap = span_le16(&data);
	unsigned streams = 0;
	bool wide = cap & 2, short_guard = cap & (wide ? 0x40 : 0x20);

	span_skip(&data, 1);
	for (unsigned i = 0; i < 4; i++)
		streams += span_u8(&data) == 0xff;
	*ret_rate = (mcs7[wide][short_guard] * streams + 50) / 100;
	return !data.bad;
}

/* Primary channel 1, then secondary offset (2 bits), width. */
bool ht_operation_read(struct span data, struct ht_operation *ret)
{
	uint8_t channel = span_u8(&data), info = span_u8(&data);

	*ret = (struct ht_operation){.channel = channel, .offset = info & 3, .is_40mhz = info & 4};
	return !data.bad;
}

/* Capabilities 4, then the receive MCS map, two bits a stream. */
bool vht_capabilities_read(struct span data, uint32_t *ret_rate)
{
	/* 80 MHz, one stream, in kbit/s: MCS 7, 8 and 9. */
	static const uint32_t mcs[3] = {292500, 351000, 390000};
	uint32_t cap = span_le32(&data);
	uint16_t map = span_le16(&data);
	uint32_t best = 0;

	for (unsigned i = 0; i < 8; i++) {
		unsigned m = map >> (i * 2) & 3;

		if (m < 3)
			best = mcs[m] * (i + 1);
	}
	if (cap >> 2 & 3) /* 160 MHz */
		best = best * 2;
	*ret_rate = ((cap >> 5 & 1 ? best * 10 / 9 : best) + 50) / 100;
	return !data.bad;
}

bool vht_operation_read(struct span data, struct vht_operation *ret)
{
	ret->width = span_u8(&data);
	ret->center1 = span_u8(&data);
	ret->center2 = span_u8(&data);
	return !data.bad;
}
