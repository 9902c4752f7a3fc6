/* Wi-Fi Multimedia 1.2.0, 2.2.1 and 2.2.2. A reader, as readers.h says. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

#define WMM_CATEGORIES 4
struct wmm_category {
	uint8_t number; /* best effort 0, background 1, video 2, voice 3 */
	uint8_t aifsn, ecw_min, ecw_max;
	bool admission;
	uint32_t txop_us;
};
struct wmm {
	uint8_t qos_info, n;
	struct wmm_category categories[WMM_CATEGORIES];
};
bool wmm_read(struct span data, struct wmm *ret);
