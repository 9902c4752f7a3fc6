/* What a kismetdb holds beside packets and devices: messages, alerts, sources, snapshots. */
#pragma once
#include "store/log/kismetdb.h"

/* Writes new messages, alerts and points of interest, and the rows that record a state. */
void kismetdb_events(struct kismetdb *k);
/* What came faster than it could be written is lost: the log says so in its stead. */
void kismetdb_missing(struct kismetdb *k, uint64_t n, const char *what);
void kismetdb_sources(struct kismetdb *k, uint32_t now);
void kismetdb_gps(struct kismetdb *k);
void kismetdb_status(struct kismetdb *k, uint32_t now);
