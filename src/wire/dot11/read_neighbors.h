/* Reduced neighbour reports. A reader, as readers.h says. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/mac.h"
#include "base/span.h"

/* 9.4.2.169, reduced neighbour report: one access point near by. */
struct neighbor {
	uint8_t operating_class, channel;
	struct mac bssid;
	uint32_t short_ssid;
	uint8_t bss_parameters, mld_id, link_id;
	bool has_bssid, has_short_ssid, has_parameters, has_mld;
};
#define NEIGHBORS_MAX 128
/* The neighbours of one element, at most max; how many. */
uint32_t neighbors_read(struct span data, struct neighbor *ret, uint32_t max);
