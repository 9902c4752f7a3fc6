/* Devices in a kismetdb: a few shards at a time, so that each is written once in the interval. */
#pragma once
#include "store/log/kismetdb.h"

/* Writes evicted devices, and those that are due; or all, with progress messages. */
void kismetdb_devices(struct kismetdb *k, uint32_t now, bool all);
