/* Sightings in a kismetdb. The log's thread. */
#pragma once
#include "store/log/kismetdb.h"

#define KISMETDB_SIGHTING_TABLES SIGHTING_TABLE SIGHTING_INDEX_SCHEMA

/* Prepares for them; of a log that is resumed behind those that it has. False when that fails. */
bool kismetdb_sightings_begin(struct kismetdb *k, bool again);
/* Writes those that were closed since, and what the memory of an hour had no room for is named as missing. */
void kismetdb_sightings(struct kismetdb *k);
/* Those of the gap that have no position get that of the middle of their minute. */
bool kismetdb_fill_sightings(struct kismetdb *k, const struct gps_gap *gap);
/* All that were written are on the disk: a later file begins behind them. */
void kismetdb_sightings_committed(struct kismetdb *k);
