/* HE and EHT (802.11ax, 802.11be): how fast and how wide. Rates in 100 kbit/s. A reader, as readers.h says. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/* 802.11ax-2021 9.4.2.248. */
struct he_capabilities {
	uint8_t phy; /* first octet of the PHY capabilities */
	uint32_t rate;
};
bool he_capabilities_read(struct span data, struct he_capabilities *ret);
/* 802.11ax-2021 9.4.2.249. */
struct he_operation {
	uint8_t color;        /* 1 to 63, 0: none */
	uint8_t channel_6ghz; /* primary channel in that band, 0: absent */
	uint16_t width_mhz;   /* there, 0: absent */
};
bool he_operation_read(struct span data, struct he_operation *ret);
/* 802.11be D5.0 9.4.2.313: what it says depends on he_phy (of the HE capabilities, 0 without) and on who sends it. */
bool eht_capabilities_read(struct span data, uint8_t he_phy, bool is_access_point, uint32_t *ret_rate);
/* 802.11be D5.0 9.4.2.311: width of the channel in MHz, 0: absent. */
bool eht_operation_read(struct span data, uint16_t *ret_width_mhz);
