/* Who goes when the model is full, and who has been silent too long. */
#include <stdlib.h>

#include "base/mem.h"
#include "track/model.h"

/* What a device costs at the least with its 802.11 record; the bound in bytes is kept by it. */
#define DEVICE_BYTES (sizeof(struct device) + sizeof(struct dot11_device) + 192)

static bool timed_out(const struct tracker *t, struct shard *s, uint32_t slot, uint32_t now)
{
	const struct tracker_conf *c = &t->conf;

	if (s->evict[slot] >= EVICT_KEPT || s->mod_sec[slot] + c->timeout_sec >= now)
		return false;
	return c->timeout_packets == 0 ||
	       shard_slot(s, slot)->packets < c->timeout_packets;
}

static void expire_shard(struct tracker *t, struct shard *s, uint32_t now)
{
	(void) pthread_mutex_lock(&s->lock);
	for (uint32_t i = 0; i < s->n_slots; i++) {
		if (!timed_out(t, s, i, now))
			continue;
		shard_remove(s, i);
		atomic_fetch_add(&t->evicted, 1);
	}
	(void) pthread_mutex_unlock(&s->lock);
}

static int by_age(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *) a, y = *(const uint64_t *) b;

	return x < y ? -1 : x > y;
}

/* The `surplus` least valuable devices of a shard go: by class, then by age. */
static void shrink_shard(struct tracker *t, struct shard *s, uint64_t surplus)
{
	uint64_t *order;
	uint32_t n = 0;

	(void) pthread_mutex_lock(&s->lock);
	order = xnew(uint64_t, s->n_slots);
	for (uint32_t i = 0; i < s->n_slots; i++)
		if (s->evict[i] < EVICT_KEPT)
			order[n++] = (uint64_t) s->evict[i] << 62 |
				     (uint64_t) (s->mod_sec[i] & 0x3fffffff) << 32 | i;
	qsort(order, n, sizeof(*order), by_age);
	for (uint32_t i = 0; i < n && i < surplus; i++) {
		shard_remove(s, (uint32_t) order[i]);
		atomic_fetch_add(&t->evicted, 1);
	}
	(void) pthread_mutex_unlock(&s->lock);
	free(order);
}

static void shrink(struct tracker *t, uint64_t limit)
{
	uint64_t each = limit / TRACK_SHARDS;

	for (size_t i = 0; i < TRACK_SHARDS; i++) {
		uint64_t have;

		(void) pthread_mutex_lock(&t->shards[i].lock);
		have = t->shards[i].count;
		(void) pthread_mutex_unlock(&t->shards[i].lock);
		if (have > each)
			shrink_shard(t, &t->shards[i], have - each);
	}
}

void tracker_tick(struct tracker *t, uint32_t server_sec)
{
	const struct tracker_conf *c = &t->conf;
	struct tracker_counts counts;
	uint64_t limit = c->max_devices;

	if (c->timeout_sec)
		for (size_t i = 0; i < TRACK_SHARDS; i++)
			expire_shard(t, &t->shards[i], server_sec);
	if (c->max_bytes && (limit == 0 || c->max_bytes / DEVICE_BYTES < limit))
		limit = c->max_bytes / DEVICE_BYTES;
	tracker_count(t, &counts);
	if (limit && counts.devices > limit)
		shrink(t, limit - limit / 100);
}
