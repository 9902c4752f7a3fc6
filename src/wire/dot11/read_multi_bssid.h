/* Multiple BSSID, and what its profiles begin with. A reader, as readers.h says. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/mac.h"
#include "base/span.h"
#include "wire/dot11/element_id.h"

/* 9.4.2.45: the set has at most 2 to the power of `indicator` BSSIDs; then subelements. */
struct multiple_bssid {
	uint8_t indicator;
	struct span subelements;
};
bool multiple_bssid_read(struct span data, struct multiple_bssid *ret);
/* The BSSID of that index in the set that the transmitted BSSID belongs to. */
struct mac multiple_bssid_address(const struct mac *transmitted, uint8_t indicator, uint8_t index);
/* 9.4.2.71: the capability field of a BSSID that does not transmit itself. */
bool nontransmitted_capability_read(struct span data, uint16_t *ret);
/* 9.4.2.73: its index, from 1 on. */
bool multiple_bssid_index_read(struct span data, uint8_t *ret);
/* 802.11ax-2021 9.4.2.240: whether the element of that id is among those that are not inherited. */
bool non_inheritance_names(struct span data, uint8_t number, enum element_id id);
