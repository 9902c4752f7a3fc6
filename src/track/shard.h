/* One of the model's shards: slots in which devices never move, an open-addressing index over their
 * keys, and dense columns beside the slots that answer "what changed since" and "what is evicted first" by a scan. One
 * mutex guards it all. Under the lock one finds, updates or copies: ten microseconds at most; no text, no JSON, no I/O,
 * no second lock. Only track's own files use this header. */
#pragma once
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "track/bounds.h"
#include "track/device.h"

#define SHARD_CHUNK 64 /* slots that are allocated together */

/* What is evicted first when memory is short. */
enum evict_class { EVICT_RANDOM_ONCE, EVICT_CLIENT, EVICT_NETWORK, EVICT_KEPT, EVICT_CLASSES };

struct open_sighting;
struct sighting;

struct shard {
	_Alignas(64) pthread_mutex_t lock;   /* in a cache line of its own, since other threads write it all the time */
	_Alignas(64) struct device **chunks; /* each SHARD_CHUNK slots */
	uint32_t n_slots, n_chunks;          /* slots used at least once, chunks allocated */
	uint32_t *free_slots, n_free, cap_free;
	/* Columns, by slot. */
	uint32_t *mod_sec, *last_sec, *generation;
	uint64_t *views;   /* bits */
	uint16_t *counted; /* sources of its seen-by list that seen_count has */
	uint8_t *evict;    /* enum evict_class, EVICT_CLASSES for a hole */
	uint32_t cap_columns;
	uint32_t *chunk_mod_sec; /* newest change of each chunk */
	/* Index: slot + 1, 0 empty. Power of two. */
	uint32_t *index, *index_hash, cap_index;
	uint64_t seed;
	uint64_t count;
	uint64_t bytes, weighed; /* octets of so many devices, when they were last weighed */
	uint32_t evict_at;       /* where the search for the next eviction begins */
	uint64_t view_count[TRACK_BIT_VIEWS];
	uint32_t *seen_count, n_seen_count; /* devices by source, as numbered in seen-by lists */
	const uint8_t *lasting;             /* by phy: enum device_basic_type of the devices that are evicted last */
	/* Sightings of its devices (sighting_open.h): open ones, and closed ones that wait to be taken. */
	struct open_sighting *sightings;
	struct sighting *closed;
	uint32_t n_sightings, cap_sightings, n_closed, cap_closed;
};

void shard_init(struct shard *s, uint64_t seed, const uint8_t *lasting);
void shard_finish(struct shard *s);
/* Shows visit() each device under the lock, which is let go after every `at_once` slots. The caller holds no lock. */
void shard_each(struct shard *s, uint32_t at_once, void (*visit)(void *ctx, struct shard *s, uint32_t slot), void *ctx);
static inline uint32_t key_hash(const struct key *k, uint64_t seed)
{
	uint64_t h = (mac_u64(&k->mac) ^ (uint64_t) k->phy_hash << 48 ^ seed) * 0x9e3779b97f4a7c15u;

	h ^= h >> 32;
	h *= 0xd6e8feb86659fd93u;
	return (uint32_t) (h ^ h >> 32);
}

/* All under the lock. */
static inline struct device *shard_slot(struct shard *s, uint32_t slot)
{
	return &s->chunks[slot / SHARD_CHUNK][slot % SHARD_CHUNK];
}
struct device *shard_find(struct shard *s, const struct key *k, uint32_t *ret_slot);
struct device *shard_add(struct shard *s, const struct key *k, uint32_t *ret_slot);
void shard_remove(struct shard *s, uint32_t slot);
/* Takes the slot's device out of the counts; it is about to be removed, and still whole. */
void shard_uncount(struct shard *s, uint32_t slot);
/* Devices of the view of that number (views.h). */
uint64_t shard_count(const struct shard *s, uint32_t view);
/* Notes that the slot's device changed: columns, view bits and counts. */
void shard_touch(struct shard *s, uint32_t slot, uint32_t server_sec, uint64_t views);
