/* Devices in a kismetdb: a few shards at a time, so that all have had their turn in the interval. */
#pragma once
#include "store/log/kismetdb.h"

/* Devices that went, and those whose turn it is; or all, with words on how far that is. */
void kismetdb_devices(struct kismetdb *k, uint32_t now, bool all);
