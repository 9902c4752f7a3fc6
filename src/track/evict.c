/* Eviction: which devices leave when the model is full, or after they have been silent too long.
 *
 * The bound is a number of devices: tracker_max_devices, or what the bound in octets allows by the mean
 * weight of a device, which is measured a shard a second. Once a second one scan of the columns picks
 * the surplus and a hundredth more, the lowest class first and the oldest in it. Between two scans a
 * shard that runs over lets one go for each that comes, the least valuable of a few. */
#include "track/evict.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "track/evicted.h"
#include "track/model.h"
#include "track/sighting_open.h"
#include "track/tracker.h"

#define COLUMNS 48   /* octets of a slot beside its device, and what malloc adds */
#define BATCH 8      /* devices that are weighed or freed under one lock */
#define LOOKED_AT 32 /* slots that a full shard examines to evict one */

struct candidate {
	uint32_t slot, mod_sec;
	uint8_t shard, evict;
};
struct candidates {
	struct candidate *items;
	size_t n, cap;
};

static void add(struct candidates *c, const struct shard *s, uint8_t shard, uint32_t slot)
{
	if (c->n == c->cap) {
		c->cap = c->cap ? c->cap * 2 : 1024;
		xgrow(c->items, c->cap);
	}
	c->items[c->n++] = (struct candidate){slot, s->mod_sec[slot], shard, s->evict[slot]};
}

/* Under the lock. */
static void remove_device(struct tracker *t, struct shard *s, uint32_t slot)
{
	sighting_close_device(s, shard_slot(s, slot));
	shard_uncount(s, slot);
	evicted_push(t, shard_slot(s, slot));
	shard_remove(s, slot);
	atomic_fetch_add(&t->evicted, 1);
}

/* Evicts those that have not been seen since they were picked, a few under one lock. */
static void remove_picked(struct tracker *t, const struct candidate *c, size_t n)
{
	for (size_t i = 0; i < n;) {
		struct shard *s = &t->shards[c[i].shard];
		uint8_t shard = c[i].shard;

		(void) pthread_mutex_lock(&s->lock);
		for (unsigned k = 0; k < BATCH && i < n && c[i].shard == shard; k++, i++) {
			if (s->evict[c[i].slot] != c[i].evict || s->mod_sec[c[i].slot] != c[i].mod_sec)
				continue;
			remove_device(t, s, c[i].slot);
		}
		(void) pthread_mutex_unlock(&s->lock);
	}
}

static int by_shard(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	return (x->shard > y->shard) - (x->shard < y->shard);
}

static int by_value(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->evict != y->evict)
		return x->evict < y->evict ? -1 : 1;
	return (x->mod_sec > y->mod_sec) - (x->mod_sec < y->mod_sec);
}

static bool timed_out(const struct tracker *t, struct shard *s, uint32_t slot, uint32_t now)
{
	const struct track_conf *c = &t->conf;

	if (s->evict[slot] >= EVICT_KEPT || (uint64_t) s->mod_sec[slot] + c->timeout_sec >= now)
		return false;
	return c->timeout_packets == 0 || shard_slot(s, slot)->packets < c->timeout_packets;
}

static void expire(struct tracker *t, uint32_t now)
{
	struct candidates c = {0};

	for (uint8_t i = 0; i < TRACK_SHARDS; i++) {
		struct shard *s = &t->shards[i];

		(void) pthread_mutex_lock(&s->lock);
		for (uint32_t k = 0; k < s->n_slots; k++)
			if (timed_out(t, s, k, now))
				add(&c, s, i, k);
		(void) pthread_mutex_unlock(&s->lock);
	}
	remove_picked(t, c.items, c.n);
	free(c.items);
}

static void shrink(struct tracker *t, size_t surplus)
{
	struct candidates c = {0};

	for (uint8_t i = 0; i < TRACK_SHARDS; i++) {
		struct shard *s = &t->shards[i];

		(void) pthread_mutex_lock(&s->lock);
		for (uint32_t k = 0; k < s->n_slots; k++)
			if (s->evict[k] != EVICT_CLASSES)
				add(&c, s, i, k);
		(void) pthread_mutex_unlock(&s->lock);
	}
	if (surplus > c.n)
		surplus = c.n;
	if (c.n)
		qsort(c.items, c.n, sizeof(*c.items), by_value);
	if (surplus)
		qsort(c.items, surplus, sizeof(*c.items), by_shard);
	remove_picked(t, c.items, surplus);
	free(c.items);
}

struct weight {
	uint64_t bytes, n;
};

static void weigh_slot(void *ctx, struct shard *s, uint32_t slot)
{
	struct weight *w = ctx;

	w->bytes += device_bytes(shard_slot(s, slot)) + COLUMNS;
	w->n++;
}

/* Weighs one shard, the next one each time. */
static void weigh(struct tracker *t)
{
	struct shard *s = &t->shards[t->weigh_next++ % TRACK_SHARDS];
	struct weight w = {0};

	shard_each(s, BATCH, weigh_slot, &w);
	(void) pthread_mutex_lock(&s->lock);
	s->bytes = w.bytes + s->cap_sightings * sizeof(struct open_sighting) + s->cap_closed * sizeof(struct sighting);
	s->weighed = w.n;
	(void) pthread_mutex_unlock(&s->lock);
}

/* Octets of a device of the first phy, of which most are. */
static uint64_t first_guess(const struct tracker *t)
{
	const struct field_table *record = t->phys.count ? t->phy[0].row.record : NULL;

	return sizeof(struct device) + (record ? record->size : 0) + 192;
}

uint64_t evict_mean_bytes(struct tracker *t)
{
	uint64_t bytes = 0, n = 0;

	for (size_t i = 0; i < TRACK_SHARDS; i++) {
		(void) pthread_mutex_lock(&t->shards[i].lock);
		bytes += t->shards[i].bytes;
		n += t->shards[i].weighed;
		(void) pthread_mutex_unlock(&t->shards[i].lock);
	}
	return n ? bytes / n : first_guess(t);
}

void evict_for_newcomer(struct tracker *t, struct shard *s)
{
	uint64_t most = atomic_load_explicit(&t->shard_most, memory_order_relaxed);
	uint32_t best = UINT32_MAX;

	if (most == 0 || s->count < most || s->n_slots == 0)
		return;
	for (uint32_t i = 0; i < LOOKED_AT; i++) {
		uint32_t k = (uint32_t) ((s->evict_at + i) % s->n_slots);

		if (s->evict[k] == EVICT_CLASSES)
			continue;
		if (best == UINT32_MAX || s->evict[k] < s->evict[best] ||
		    (s->evict[k] == s->evict[best] && s->mod_sec[k] < s->mod_sec[best]))
			best = k;
	}
	s->evict_at = (s->evict_at + LOOKED_AT) % s->n_slots;
	if (best != UINT32_MAX)
		remove_device(t, s, best);
}

void evict_bound(struct tracker *t)
{
	const struct track_conf *c = &t->conf;
	uint64_t limit = c->max_devices;
	uint64_t fit = c->max_bytes / evict_mean_bytes(t);

	if (limit == 0 || fit < limit)
		limit = fit;
	t->limit = limit;
	/* Shards differ a little in how many devices fall to them. */
	atomic_store(&t->shard_most, limit ? limit / TRACK_SHARDS * 5 / 4 + 16 : 0);
}

void evict_tick(struct tracker *t, uint32_t server_sec)
{
	struct tracker_counts counts;

	weigh(t);
	evict_bound(t);
	if (t->conf.timeout_sec)
		expire(t, server_sec);
	tracker_count(t, &counts);
	if (t->limit && counts.devices > t->limit)
		shrink(t, counts.devices - t->limit + t->limit / 100);
}
