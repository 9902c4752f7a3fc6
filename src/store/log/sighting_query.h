/* Sightings of a kismetdb by span of time and device: of the runs of rows that its block index names, and of those
 * behind the last run; of all rows where there is no index, as in what norn-log made. The log is untrusted. One thread.
 */
#pragma once
#include <sqlite3.h>
#include <stdbool.h>

#include "track/sighting.h"
#include "track/sightings.h"

struct sighting_query;
/* NULL when the log has no sightings, or its database cannot be read. Of the walk the span and the device are asked
 * for, which is copied. The database outlives it. */
struct sighting_query *sighting_query_create(sqlite3 *db, const struct sighting_walk *walk);
void sighting_query_destroy(struct sighting_query *q);
/* The next, in the order of the log, its number that of the row; false at the end. Rows that are no sightings are
 * counted and left out. */
bool sighting_query_next(struct sighting_query *q, struct sighting *ret);
uint64_t sighting_query_unreadable(const struct sighting_query *q);
/* The name of the phy of the latest, as the log has it; until the next one. */
const char *sighting_query_phy(const struct sighting_query *q);
/* SQLITE_DONE once all was read, else why not. */
int sighting_query_status(const struct sighting_query *q);
