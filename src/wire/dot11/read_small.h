/* Elements of a few octets. A reader, as readers.h says. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/mac.h"
#include "base/span.h"

/* 9.4.2.3, 9.4.2.12: the fastest of a list of rates, in 100 kbit/s. */
uint32_t rates_read(struct span data);
/* 9.4.2.4: the channel. */
bool dsss_read(struct span data, uint8_t *ret_channel);
/* 9.4.2.8: two letters; then ranges of channels, of which operating classes are left out. */
struct country {
	char code[3];
	struct span ranges;
};
struct country_triplet {
	uint8_t first, count;
	int8_t power_dbm;
};
bool country_read(struct span data, struct country *ret);
bool country_next(struct span *ranges, struct country_triplet *ret);
/* 9.4.2.27. */
struct bss_load {
	uint16_t stations;
	uint8_t utilisation;
};
bool bss_load_read(struct span data, struct bss_load *ret);
/* 9.4.2.14: what a station can send with, dBm. */
struct power_capability {
	int8_t min_dbm, max_dbm;
};
bool power_capability_read(struct span data, struct power_capability *ret);
/* 9.4.2.16: transmit power in dBm. */
bool tpc_report_read(struct span data, uint8_t *ret_dbm);
/* 9.4.2.11. */
bool erp_read(struct span data, uint8_t *ret);
/* 9.4.2.17: the next range of channels. */
struct channel_range {
	uint8_t first, count, step;
};
bool supported_channels_next(struct span *data, struct channel_range *ret);
/* 9.4.2.18 and 9.4.2.52: the channel that an access point moves to. */
bool channel_switch_read(struct span data, uint8_t *ret_channel);
bool extended_channel_switch_read(struct span data, uint8_t *ret_channel);
/* 9.4.2.46. */
bool mobility_domain_read(struct span data, uint16_t *ret);
/* 9.4.2.44, the bits that are shown. */
struct rm_capabilities {
	bool link_measurement, neighbor_report;
};
bool rm_capabilities_read(struct span data, struct rm_capabilities *ret);
/* 9.4.2.36, of a radio measurement. */
struct neighbor_report {
	struct mac bssid;
	uint8_t operating_class, channel;
};
bool neighbor_report_read(struct span data, struct neighbor_report *ret);
/* 9.4.2.97. */
struct mesh_configuration {
	uint8_t peerings;
	bool gateway, forwarding;
};
bool mesh_configuration_read(struct span data, struct mesh_configuration *ret);
