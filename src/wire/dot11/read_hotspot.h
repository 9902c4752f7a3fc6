/* Who is behind a network. A reader, as readers.h says. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/mac.h"
#include "base/span.h"

/* 9.4.2.91. */
struct interworking {
	uint8_t network_type; /* 0 private .. 15 wildcard */
	bool internet, asra, esr, uesa, has_venue, has_hessid;
	uint8_t venue_group, venue_type;
	struct mac hessid;
};
bool interworking_read(struct span data, struct interworking *ret);
/* 9.4.2.94: the organizations of a roaming consortium, at most three. */
#define ROAMING_MAX 3
uint32_t roaming_read(struct span data, struct span ret[ROAMING_MAX]);
/* The WFA's Hotspot 2.0 indication (Hotspot 2.0 3.1, 3.1.1). */
struct hotspot_indication {
	uint8_t release; /* from 1 on */
	bool dgaf_disabled;
};
bool hotspot_read(struct span data, struct hotspot_indication *ret);
