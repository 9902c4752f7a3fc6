/* Elements of a few octets. */
#include "wire/dot11/read_small.h"

/* In units of 500 kbit/s; the top bit marks basic ones and values from 123 up are selectors. */
uint32_t rates_read(struct span data)
{
	uint8_t best = 0;

	for (size_t i = 0; i < data.left; i++) {
		uint8_t rate = data.p[i] & 0x7f;

		if (rate < 123 && rate > best)
			best = rate;
	}
	return best * 5u;
}

bool dsss_read(struct span data, uint8_t *ret_channel)
{
	*ret_channel = span_u8(&data);
	return !data.bad;
}

bool country_read(struct span data, struct country *ret)
{
	uint8_t a = span_u8(&data), b = span_u8(&data);

	span_skip(&data, 1); /* environment */
	*ret = (struct country){.code = {(char) a, (char) b}, .ranges = data};
	return !data.bad;
}

bool country_next(struct span *ranges, struct country_triplet *ret)
{
	while (ranges->left >= 3) {
		uint8_t first = span_u8(ranges), count = span_u8(ranges);
		int8_t power = span_i8(ranges);

		if (first >= 201) /* an operating triplet */
			continue;
		*ret = (struct country_triplet){first, count, power};
		return true;
	}
	return false;
}

bool bss_load_read(struct span data, struct bss_load *ret)
{
	ret->stations = span_le16(&data);
	ret->utilisation = span_u8(&data);
	return !data.bad;
}

bool power_capability_read(struct span data, struct power_capability *ret)
{
	ret->min_dbm = span_i8(&data);
	ret->max_dbm = span_i8(&data);
	return !data.bad;
}

bool tpc_report_read(struct span data, uint8_t *ret_dbm)
{
	*ret_dbm = span_u8(&data);
	return !data.bad;
}

bool erp_read(struct span data, uint8_t *ret)
{
	*ret = span_u8(&data);
	return !data.bad;
}

/* Above 14, channels of 20 MHz stand four apart. */
bool supported_channels_next(struct span *data, struct channel_range *ret)
{
	if (data->left < 2)
		return false;
	ret->first = span_u8(data);
	ret->count = span_u8(data);
	ret->step = ret->first > 14 ? 4 : 1;
	return true;
}

bool channel_switch_read(struct span data, uint8_t *ret_channel)
{
	span_skip(&data, 1); /* mode */
	*ret_channel = span_u8(&data);
	return !data.bad;
}

bool extended_channel_switch_read(struct span data, uint8_t *ret_channel)
{
	span_skip(&data, 2); /* mode, operating class */
	*ret_channel = span_u8(&data);
	return !data.bad;
}

bool mobility_domain_read(struct span data, uint16_t *ret)
{
	*ret = span_le16(&data);
	return !data.bad;
}

bool rm_capabilities_read(struct span data, struct rm_capabilities *ret)
{
	uint8_t bits = span_u8(&data);

	*ret = (struct rm_capabilities){.link_measurement = bits & 1, .neighbor_report = bits & 2};
	return !data.bad;
}

bool neighbor_report_read(struct span data, struct neighbor_report *ret)
{
	ret->bssid = mac_from(span_take(&data, 6));
	span_skip(&data, 4); /* information */
	ret->operating_class = span_u8(&data);
	ret->channel = span_u8(&data);
	return !data.bad;
}

/* Five octets of identifiers, formation info, capability. */
bool mesh_configuration_read(struct span data, struct mesh_configuration *ret)
{
	uint8_t formation, capability;

	span_skip(&data, 5);
	formation = span_u8(&data);
	capability = span_u8(&data);
	*ret = (struct mesh_configuration){
		.peerings = formation >> 1 & 63, .gateway = formation & 1, .forwarding = capability & 8};
	return !data.bad;
}
