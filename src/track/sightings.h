/* The sightings of the last hour, in the order in which they were closed, within norn_sighting_bytes: what logs write,
 * what is published, and what is asked for by span of time and device. */
#pragma once
#include "feed/events.h"
#include "track/sighting.h"

#define SIGHTINGS_KEPT_SEC 3600 /* so long after they were closed */

struct sightings;
/* At most that many octets, and at least two chunks. */
struct sightings *sightings_create(uint64_t bytes);
void sightings_destroy(struct sightings *x);
/* Events of type EVENT_SIGHTING go there. Before other threads run. */
void sightings_events(struct sightings *x, struct events *events);

/* Held from taking closed ones out of the model until they are here, so that each is either there or here. While it is
 * held a shard may be locked, but not the other way round. Any thread, as all below. */
void sightings_lock(struct sightings *x);
void sightings_unlock(struct sightings *x);
/* Adds closed ones, and numbers them; now: monotonic second. Under the lock. */
void sightings_add(struct sightings *x, const struct sighting *closed, size_t n, uint32_t now_sec);
/* The number of the newest; 0: there was none. Under the lock. */
uint64_t sightings_last(const struct sightings *x);

/* Once a second: drops what is older than an hour of the monotonic clock, and publishes what is new. One thread. */
void sightings_tick(struct sightings *x, uint32_t now_sec);

/* Which are wanted. Zero it, then set conditions. */
struct sighting_walk {
	uint32_t from_sec, to_sec; /* those that overlap [from, to); to 0: to the end */
	const struct key *device;  /* NULL: all */
	uint64_t after;            /* behind that number, which moves on */
	bool ends;                 /* at most up to number `until` */
	uint64_t until;
	uint64_t missed; /* how many behind `after` were dropped before they were read */
};
/* Whether it is wanted, but for its number. */
bool sighting_matches(const struct sighting *s, const struct sighting_walk *walk);
/* Copies the next, the oldest first, at most max; how many, 0 at the end. */
size_t sightings_next(struct sightings *x, struct sighting_walk *walk, struct sighting *ret, size_t max);

/* The kismetdb, of which there is one at a time, has written all up to that number. */
uint64_t sightings_logged(const struct sightings *x);
/* The commit that wrote them ended with that row of its table. */
void sightings_set_logged(struct sightings *x, int64_t row, uint64_t number);
/* Up to which number the log's rows up to `row` are, of one of the latest commits; false: it is not known, or not yet.
 * A reader of the log who sees that row as its last has the rest from here. */
bool sightings_number_at(struct sightings *x, int64_t row, uint64_t *ret_number);

struct sightings_counts {
	uint64_t closed, kept, bytes; /* since the start; now; octets of these */
	uint64_t dropped;             /* before their hour was over, as there was no more room */
};
void sightings_count(struct sightings *x, struct sightings_counts *ret);
