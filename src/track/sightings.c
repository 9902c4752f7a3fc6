#include "track/sightings.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/limit.h"
#include "base/mem.h"

#define CHUNK 512            /* sightings that are allocated and dropped together */
#define CHUNKS_LEAST 2       /* one that is filled, and one before it */
#define ROWS_KNOWN 32        /* commits, of which there are two a second */
#define SEARCHED (8 * CHUNK) /* looked at under one lock */

struct chunk {
	uint32_t n, closed_sec;      /* closed_sec: monotonic second of the newest */
	uint32_t first_sec, end_sec; /* the span of all of them */
	struct sighting items[CHUNK];
};

/* The row of the kismetdb that a commit ended with, and the number of what was written up to there. */
struct logged {
	int64_t row;
	uint64_t number;
};

/* Number n is item (n - 1) % CHUNK of chunk (n - 1) / CHUNK; chunk c is at c % most. */
struct sightings {
	pthread_mutex_t lock;
	struct chunk **chunks;
	uint64_t most;         /* chunks at a time */
	uint64_t oldest, last; /* the number of the first chunk that is here; of the newest sighting */
	uint64_t dropped;
	uint64_t published; /* up to that number; the ticking thread's */
	_Atomic uint64_t logged;
	struct logged at_row[ROWS_KNOWN]; /* of the latest commits; under the lock */
	uint32_t commits;
	struct events *events;
};

struct sightings *sightings_create(uint64_t bytes)
{
	struct sightings *x = xnew(struct sightings, 1);

	field_prepare(&sighting_table);
	(void) pthread_mutex_init(&x->lock, NULL);
	x->most = bytes / sizeof(struct chunk);
	if (x->most < CHUNKS_LEAST)
		x->most = CHUNKS_LEAST;
	x->chunks = xnew(struct chunk *, x->most);
	return x;
}

void sightings_destroy(struct sightings *x)
{
	if (!x)
		return;
	for (uint64_t i = 0; i < x->most; i++)
		free(x->chunks[i]);
	free(x->chunks);
	(void) pthread_mutex_destroy(&x->lock);
	free(x);
}

void sightings_events(struct sightings *x, struct events *events)
{
	x->events = events;
}

void sightings_lock(struct sightings *x)
{
	(void) pthread_mutex_lock(&x->lock);
}

void sightings_unlock(struct sightings *x)
{
	(void) pthread_mutex_unlock(&x->lock);
}

uint64_t sightings_last(const struct sightings *x)
{
	return x->last;
}

static uint64_t chunk_of(uint64_t number)
{
	return (number - 1) / CHUNK;
}

static void drop_oldest(struct sightings *x)
{
	free(TAKE(x->chunks[x->oldest % x->most]));
	x->oldest++;
}

static struct chunk *new_chunk(struct sightings *x, uint64_t at)
{
	if (at - x->oldest == x->most) {
		x->dropped += CHUNK;
		drop_oldest(x);
	}
	return x->chunks[at % x->most] = xnew(struct chunk, 1);
}

void sightings_add(struct sightings *x, const struct sighting *closed, size_t n, uint32_t now_sec)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t number = ++x->last, at = chunk_of(number);
		struct chunk *c = (number - 1) % CHUNK ? x->chunks[at % x->most] : new_chunk(x, at);
		struct sighting *s = &c->items[c->n++];
		uint32_t end_sec = closed[i].start_sec + closed[i].seconds;

		*s = closed[i];
		s->number = number;
		c->closed_sec = now_sec;
		if (c->n == 1 || s->start_sec < c->first_sec)
			c->first_sec = s->start_sec;
		if (c->n == 1 || end_sec > c->end_sec)
			c->end_sec = end_sec;
	}
}

/* A slow listener loses events; half of its queue is left for others. */
static void publish(struct sightings *x)
{
	struct sighting_walk walk = {.after = x->published};
	uint64_t left = limit_of(LIMIT_EVENTS) / 2;
	struct sighting some[64];
	size_t n;

	if (!events_wanted(x->events, EVENT_SIGHTING)) {
		sightings_lock(x);
		x->published = x->last;
		sightings_unlock(x);
		return;
	}
	while (left && (n = sightings_next(x, &walk, some, left < ARRAY_SIZE(some) ? left : ARRAY_SIZE(some))) > 0) {
		for (size_t i = 0; i < n; i++)
			events_publish(x->events, EVENT_SIGHTING, &sighting_table, &some[i]);
		left -= n;
	}
	x->published = walk.after;
}

void sightings_tick(struct sightings *x, uint32_t now_sec)
{
	sightings_lock(x);
	while (x->last && x->oldest < chunk_of(x->last) &&
	       x->chunks[x->oldest % x->most]->closed_sec + SIGHTINGS_KEPT_SEC < now_sec)
		drop_oldest(x);
	sightings_unlock(x);
	publish(x);
}

static bool overlaps(uint32_t start_sec, uint32_t end_sec, const struct sighting_walk *walk)
{
	return end_sec > walk->from_sec && (walk->to_sec == 0 || start_sec < walk->to_sec);
}

bool sighting_matches(const struct sighting *s, const struct sighting_walk *walk)
{
	return overlaps(s->start_sec, s->start_sec + s->seconds, walk) &&
	       (!walk->device || key_equal(&s->device, walk->device));
}

/* Under the lock. What was dropped is counted. */
static void skip_missed(const struct sightings *x, struct sighting_walk *walk)
{
	uint64_t before = x->oldest * CHUNK;

	if (walk->after >= before)
		return;
	walk->missed += before - walk->after;
	walk->after = before;
}

/* Under the lock: as sightings_next(), of so many as may be looked at. */
static size_t search(const struct sightings *x, struct sighting_walk *walk, uint64_t until, struct sighting *ret,
		     size_t max)
{
	uint64_t end = walk->after + SEARCHED;
	size_t n = 0;

	while (walk->after < until && walk->after < end && n < max) {
		const struct chunk *c = x->chunks[chunk_of(walk->after + 1) % x->most];
		uint32_t i = (uint32_t) (walk->after % CHUNK);

		if (!overlaps(c->first_sec, c->end_sec, walk)) {
			walk->after += c->n - i;
			continue;
		}
		for (; i < c->n && n < max && walk->after < until; i++, walk->after++)
			if (sighting_matches(&c->items[i], walk))
				ret[n++] = c->items[i];
	}
	return n;
}

size_t sightings_next(struct sightings *x, struct sighting_walk *walk, struct sighting *ret, size_t max)
{
	size_t n = 0;
	bool more = true;

	while (more && n == 0 && max) {
		uint64_t until;

		sightings_lock(x);
		skip_missed(x, walk);
		until = walk->ends && walk->until < x->last ? walk->until : x->last;
		n = search(x, walk, until, ret, max);
		more = walk->after < until;
		sightings_unlock(x);
	}
	return n;
}

uint64_t sightings_logged(const struct sightings *x)
{
	return atomic_load(&x->logged);
}

/* A file that is begun has lesser rows: those of the one before are not known any more. */
void sightings_set_logged(struct sightings *x, int64_t row, uint64_t number)
{
	sightings_lock(x);
	if (x->commits && row < x->at_row[(x->commits - 1) % ROWS_KNOWN].row)
		x->commits = 0;
	x->at_row[x->commits++ % ROWS_KNOWN] = (struct logged){row, number};
	atomic_store(&x->logged, number);
	sightings_unlock(x);
}

bool sightings_number_at(struct sightings *x, int64_t row, uint64_t *ret_number)
{
	uint32_t known;
	bool found = false;

	sightings_lock(x);
	known = x->commits < ROWS_KNOWN ? x->commits : ROWS_KNOWN;
	for (uint32_t i = 1; i <= known && !found; i++) {
		const struct logged *l = &x->at_row[(x->commits - i) % ROWS_KNOWN];

		found = l->row == row;
		*ret_number = found ? l->number : *ret_number;
	}
	sightings_unlock(x);
	return found;
}

void sightings_count(struct sightings *x, struct sightings_counts *ret)
{
	uint64_t chunks;

	sightings_lock(x);
	chunks = x->last ? chunk_of(x->last) + 1 - x->oldest : 0;
	*ret = (struct sightings_counts){.closed = x->last,
					 .kept = x->last - (x->last ? x->oldest * CHUNK : 0),
					 .bytes = chunks * sizeof(struct chunk),
					 .dropped = x->dropped};
	sightings_unlock(x);
}
