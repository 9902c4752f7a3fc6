/* Sightings for readers: logs, requests. Any thread. */
#pragma once
#include "track/sightings.h"

struct tracker;

/* Those whose minute has ended, for sightings_next() and sightings_count(). */
struct sightings *tracker_sightings(struct tracker *t);
/* Copies those that are wanted of which the minute has not ended, or not been noted as such: their number is 0. How
 * many; the caller frees *ret. Sets the end of the walk, so that sightings_next() gives all others, each once. */
size_t tracker_open_sightings(struct tracker *t, struct sighting_walk *walk, struct sighting **ret);
/* How many are open. */
uint64_t tracker_count_open_sightings(struct tracker *t);
/* Ends every minute, when no source runs any more. */
void tracker_close_sightings(struct tracker *t);
