#include "track/sighting_read.h"

#include "base/mem.h"
#include "track/model.h"
#include "track/sighting_open.h"

struct copied {
	struct sighting *items;
	size_t n, cap;
};

static void add(struct copied *c, const struct sighting *s, const struct sighting_walk *walk)
{
	if (!sighting_matches(s, walk))
		return;
	if (c->n == c->cap) {
		c->cap = c->cap ? c->cap * 2 : 256;
		xgrow(c->items, c->cap);
	}
	c->items[c->n++] = *s;
}

static void copy_shard(struct shard *s, const struct sighting_walk *walk, struct copied *c)
{
	(void) pthread_mutex_lock(&s->lock);
	for (uint32_t i = 0; i < s->n_closed; i++)
		add(c, &s->closed[i], walk);
	for (uint32_t i = 0; i < s->n_sightings; i++) {
		struct open_sighting o = s->sightings[i];

		sighting_complete(&o);
		add(c, &o.s, walk);
	}
	(void) pthread_mutex_unlock(&s->lock);
}

struct sightings *tracker_sightings(struct tracker *t)
{
	return t->sightings;
}

/* While the lock of the others is held none moves to them: each is in its shard, or was with them before. */
size_t tracker_open_sightings(struct tracker *t, struct sighting_walk *walk, struct sighting **ret)
{
	struct copied c = {0};

	sightings_lock(t->sightings);
	walk->ends = true;
	walk->until = sightings_last(t->sightings);
	if (walk->device)
		copy_shard(shard_of_key(t, walk->device), walk, &c);
	for (size_t i = 0; i < TRACK_SHARDS && !walk->device; i++)
		copy_shard(&t->shards[i], walk, &c);
	sightings_unlock(t->sightings);
	*ret = c.items;
	return c.n;
}

uint64_t tracker_count_open_sightings(struct tracker *t)
{
	uint64_t n = 0;

	for (size_t i = 0; i < TRACK_SHARDS; i++) {
		(void) pthread_mutex_lock(&t->shards[i].lock);
		n += t->shards[i].n_sightings;
		(void) pthread_mutex_unlock(&t->shards[i].lock);
	}
	return n;
}

void tracker_close_sightings(struct tracker *t)
{
	sightings_close_source(t, UINT16_MAX);
}
