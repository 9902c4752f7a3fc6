/* HT and VHT (802.11n, 802.11ac): how fast and how wide. Rates in 100 kbit/s. A reader, as readers.h says. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/* 9.4.2.55. */
bool ht_capabilities_read(struct span data, uint32_t *ret_rate);
/* 9.4.2.56. */
struct ht_operation {
	uint8_t channel;
	uint8_t offset; /* of the secondary channel: 0 none, 1 above, 3 below */
	bool is_40mhz;
};
bool ht_operation_read(struct span data, struct ht_operation *ret);
/* 9.4.2.157. */
bool vht_capabilities_read(struct span data, uint32_t *ret_rate);
/* 9.4.2.158. */
struct vht_operation {
	uint8_t width, center1, center2;
};
bool vht_operation_read(struct span data, struct vht_operation *ret);
