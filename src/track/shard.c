#include "track/shard.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void shard_init(struct shard *s, uint64_t seed, const uint8_t *lasting)
{
	pthread_mutexattr_t adaptive;

	memset(s, 0, sizeof(*s));
	/* Held for about a microsecond, so a waiter spins instead of sleeping. */
	(void) pthread_mutexattr_init(&adaptive);
	(void) pthread_mutexattr_settype(&adaptive, PTHREAD_MUTEX_ADAPTIVE_NP);
	(void) pthread_mutex_init(&s->lock, &adaptive);
	(void) pthread_mutexattr_destroy(&adaptive);
	s->seed = seed;
	s->lasting = lasting;
	s->cap_index = 64;
	s->index = xnew(uint32_t, s->cap_index);
	s->index_hash = xnew(uint32_t, s->cap_index);
}

void shard_finish(struct shard *s)
{
	for (uint32_t i = 0; i < s->n_slots; i++)
		if (s->evict[i] != EVICT_CLASSES)
			device_free(shard_slot(s, i));
	for (uint32_t i = 0; i < s->n_chunks; i++)
		free(s->chunks[i]);
	free(s->chunks);
	free(s->free_slots);
	free(s->mod_sec);
	free(s->last_sec);
	free(s->generation);
	free(s->views);
	free(s->counted);
	free(s->seen_count);
	free(s->evict);
	free(s->chunk_mod_sec);
	free(s->index);
	free(s->index_hash);
	free(s->sightings);
	free(s->closed);
	(void) pthread_mutex_destroy(&s->lock);
}

static uint32_t bucket_of(const struct shard *s, uint32_t hash)
{
	return hash & (s->cap_index - 1);
}

struct device *shard_find(struct shard *s, const struct key *k, uint32_t *ret_slot)
{
	uint32_t hash = key_hash(k, s->seed);

	for (uint32_t i = bucket_of(s, hash); s->index[i]; i = (i + 1) & (s->cap_index - 1)) {
		struct device *d;

		if (s->index_hash[i] != hash)
			continue;
		d = shard_slot(s, s->index[i] - 1);
		if (key_equal(&d->key, k)) {
			*ret_slot = s->index[i] - 1;
			return d;
		}
	}
	return NULL;
}

static void index_put(struct shard *s, uint32_t hash, uint32_t slot)
{
	uint32_t i = bucket_of(s, hash);

	while (s->index[i])
		i = (i + 1) & (s->cap_index - 1);
	s->index[i] = slot + 1;
	s->index_hash[i] = hash;
}

static void index_grow(struct shard *s)
{
	uint32_t old = s->cap_index;
	uint32_t *index = s->index, *hash = s->index_hash;

	s->cap_index *= 2;
	s->index = xnew(uint32_t, s->cap_index);
	s->index_hash = xnew(uint32_t, s->cap_index);
	for (uint32_t i = 0; i < old; i++)
		if (index[i])
			index_put(s, hash[i], index[i] - 1);
	free(index);
	free(hash);
}

/* Linear probing without tombstones: what follows the hole moves up where its chain allows it. */
static void index_remove(struct shard *s, uint32_t slot, uint32_t hash)
{
	uint32_t mask = s->cap_index - 1, i = bucket_of(s, hash), j;

	while (s->index[i] != slot + 1)
		i = (i + 1) & mask;
	for (j = (i + 1) & mask; s->index[j]; j = (j + 1) & mask) {
		uint32_t home = bucket_of(s, s->index_hash[j]);

		if (((j - home) & mask) < ((j - i) & mask))
			continue;
		s->index[i] = s->index[j];
		s->index_hash[i] = s->index_hash[j];
		i = j;
	}
	s->index[i] = 0;
}

static void grow_columns(struct shard *s, uint32_t need)
{
	uint32_t cap = s->cap_columns ? s->cap_columns : SHARD_CHUNK;

	while (cap < need)
		cap += cap / 2 / SHARD_CHUNK * SHARD_CHUNK + SHARD_CHUNK;
	if (cap == s->cap_columns)
		return;
	xgrow(s->mod_sec, cap);
	xgrow(s->last_sec, cap);
	xgrow(s->generation, cap);
	xgrow(s->views, cap);
	xgrow(s->counted, cap);
	xgrow(s->evict, cap);
	xgrow(s->chunk_mod_sec, cap / SHARD_CHUNK);
	memset(s->generation + s->cap_columns, 0, (cap - s->cap_columns) * sizeof(uint32_t));
	memset(s->chunk_mod_sec + s->cap_columns / SHARD_CHUNK, 0,
	       (cap - s->cap_columns) / SHARD_CHUNK * sizeof(uint32_t));
	s->cap_columns = cap;
}

static uint32_t take_slot(struct shard *s)
{
	if (s->n_free)
		return s->free_slots[--s->n_free];
	if (s->n_slots == s->n_chunks * SHARD_CHUNK) {
		xgrow(s->chunks, s->n_chunks + 1);
		s->chunks[s->n_chunks++] = xnew(struct device, SHARD_CHUNK);
		grow_columns(s, s->n_chunks * SHARD_CHUNK);
	}
	return s->n_slots++;
}

struct device *shard_add(struct shard *s, const struct key *k, uint32_t *ret_slot)
{
	uint32_t slot = take_slot(s);
	struct device *d = shard_slot(s, slot);

	if ((s->count + 1) * 4 > (uint64_t) s->cap_index * 3)
		index_grow(s);
	index_put(s, key_hash(k, s->seed), slot);
	d->key = *k;
	s->mod_sec[slot] = s->last_sec[slot] = 0;
	s->views[slot] = 0;
	s->counted[slot] = 0;
	s->evict[slot] = EVICT_RANDOM_ONCE;
	s->count++;
	*ret_slot = slot;
	return d;
}

static void count_views(struct shard *s, uint64_t bits, uint64_t by)
{
	for (; bits; bits &= bits - 1)
		s->view_count[__builtin_ctzll(bits)] += by;
}

/* A list grows at its end alone. */
static void count_sources(struct shard *s, uint32_t slot, const struct device *d)
{
	for (; s->counted[slot] < d->seenby.count; s->counted[slot]++) {
		uint16_t source = d->seenby.items[s->counted[slot]].source;

		if (source >= s->n_seen_count) {
			xgrow(s->seen_count, source + 1u);
			memset(s->seen_count + s->n_seen_count, 0,
			       (source + 1u - s->n_seen_count) * sizeof(*s->seen_count));
			s->n_seen_count = source + 1u;
		}
		s->seen_count[source]++;
	}
}

void shard_uncount(struct shard *s, uint32_t slot)
{
	const struct device *d = shard_slot(s, slot);

	count_views(s, s->views[slot], (uint64_t) -1);
	s->views[slot] = 0;
	while (s->counted[slot])
		s->seen_count[d->seenby.items[--s->counted[slot]].source]--;
}

uint64_t shard_count(const struct shard *s, uint32_t view)
{
	if (view < TRACK_BIT_VIEWS)
		return s->view_count[view];
	return view - TRACK_BIT_VIEWS < s->n_seen_count ? s->seen_count[view - TRACK_BIT_VIEWS] : 0;
}

void shard_remove(struct shard *s, uint32_t slot)
{
	struct device *d = shard_slot(s, slot);

	index_remove(s, slot, key_hash(&d->key, s->seed));
	shard_uncount(s, slot);
	device_free(d);
	s->generation[slot]++;
	s->evict[slot] = EVICT_CLASSES;
	s->mod_sec[slot] = 0;
	s->count--;
	if (s->n_free == s->cap_free) {
		s->cap_free = s->cap_free ? s->cap_free * 2 : 64;
		xgrow(s->free_slots, s->cap_free);
	}
	s->free_slots[s->n_free++] = slot;
}

static uint8_t class_of(const struct shard *s, const struct device *d)
{
	if (d->username || d->tags.count || d->num_alerts)
		return EVICT_KEPT;
	if (d->basic_type_set & s->lasting[d->phy])
		return EVICT_NETWORK;
	return d->packets <= 1 && mac_is_local(&d->key.mac) ? EVICT_RANDOM_ONCE : EVICT_CLIENT;
}

#define SET(member, value)                                                                                             \
	do {                                                                                                           \
		if ((member) != (value))                                                                               \
			(member) = (value);                                                                            \
	} while (0)

void shard_touch(struct shard *s, uint32_t slot, uint32_t server_sec, uint64_t views)
{
	struct device *d = shard_slot(s, slot);

	/* Written only when they change: what is only read stays in every core's cache. */
	SET(d->mod_sec, server_sec);
	SET(s->mod_sec[slot], server_sec);
	SET(s->last_sec[slot], d->last_sec);
	SET(s->evict[slot], class_of(s, d));
	if (server_sec > s->chunk_mod_sec[slot / SHARD_CHUNK])
		s->chunk_mod_sec[slot / SHARD_CHUNK] = server_sec;
	if (s->counted[slot] != d->seenby.count)
		count_sources(s, slot, d);
	if (views != s->views[slot]) {
		count_views(s, s->views[slot] & ~views, (uint64_t) -1);
		count_views(s, views & ~s->views[slot], 1);
		s->views[slot] = views;
	}
}

void shard_each(struct shard *s, uint32_t at_once, void (*visit)(void *ctx, struct shard *s, uint32_t slot), void *ctx)
{
	uint32_t slots = 1;

	for (uint32_t at = 0; at < slots; at += at_once) {
		(void) pthread_mutex_lock(&s->lock);
		slots = s->n_slots;
		for (uint32_t slot = at; slot < slots && slot < at + at_once; slot++)
			if (s->evict[slot] != EVICT_CLASSES)
				visit(ctx, s, slot);
		(void) pthread_mutex_unlock(&s->lock);
	}
}
