/* Norn's own phys: each has its row in its folder, and its number in its header. Numbers are in Kismet's order, so that
 * they agree. */
#pragma once
#include "track/phy.h"

#define PHYS_BUILT_IN 11
/* By number, NULL at the end: for track_conf. Those that norn cannot read yet are named all the same. */
extern const struct phy *const built_in_phys[PHYS_BUILT_IN + 1];

/* The number of the phy of that name, of norn's own or of those that were added, or ERR_NOT_FOUND; the name of a
 * number, "Unknown" for one that is none. Any thread. */
int phys_number(const char *name);
const char *phys_name(uint8_t phy);
