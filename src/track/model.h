/* Private to track: the tracker's structures. */
#pragma once
#include <stdatomic.h>

#include "track/bounds.h"
#include "track/channels.h"
#include "track/context.h"
#include "track/dedup.h"
#include "track/observe.h"
#include "track/options.h"
#include "track/phy.h"
#include "track/shard.h"
#include "track/sightings.h"

/* A source that restored devices name. Its number in their records is TRACK_SOURCES_MAX plus its position here; when
 * it opens in this run, it stays under that number in seen-by lists. */
struct remembered_source {
	struct uuid uuid;
	struct source_shown shown; /* as the log had it */
};

/* What one source's thread keeps: plain adds, read by others as they stand. */
struct track_source {
	bool live, known;
	uint16_t seen_as; /* its number in seen-by lists */
	struct uuid uuid;
	struct dedup dedup;
	struct channel_counters channel_counters;
	uint32_t sighting_sec;                  /* at which the minute of its latest packet began */
	_Atomic uint32_t clock_sec, latest_sec; /* of its latest packet: packet time, server time */
	void *of_phy[PHYS_MAX];                 /* source_space of each phy that wants some */
	_Atomic uint64_t packets, duplicates, bad_fcs, unreadable, other_linktype;
	_Atomic uint64_t phy_packets[PHYS_MAX];
};

struct view {
	char id[64], description[96];
	bool indexed;
};

struct tracker {
	struct track_conf conf;
	struct vendors *vendors;
	struct annotations *annotations;
	struct channels *channels;
	struct observer observer;                                  /* see NULL: there is no observer */
	void (*report)(void *ctx, const struct model_event *item); /* or NULL */
	void *on_event_ctx;
	struct track_context context;
	struct phy_names phys;
	struct model_phy phy[PHYS_MAX];
	uint8_t phy_of_link[LINKTYPES]; /* 1 + number; 0: no phy's */
	uint8_t lasting[PHYS_MAX];      /* of each phy's row */
	struct shard shards[TRACK_SHARDS];
	struct sightings *sightings;
	_Atomic uint32_t ticked_monotonic_sec;
	uint64_t seed;
	_Atomic(struct track_source *) sources[TRACK_SOURCES_MAX];
	_Atomic(struct view *) views[TRACK_VIEWS_MAX]; /* those of bits, then those of sources; NULL: none */
	pthread_mutex_t views_lock;                    /* adding, and the ids of views */
	_Atomic(_Atomic uint64_t *) seen;              /* DEDUP_SHARED words, made with the second source */
	uint32_t n_sources;                            /* under views_lock */
	struct remembered_source
		*remembered; /* TRACK_REMEMBERED_MAX, made with the first; as the next: before sources open */
	uint32_t n_remembered;
	uint64_t restored, restore_refused; /* devices, and values of their records */
	_Atomic uint32_t now;               /* newest second that histories saw */
	_Atomic uint64_t evicted;
	_Atomic(struct evicted_device *) evicted_list; /* the newest first */
	_Atomic uint64_t evicted_waiting;
	_Atomic uint32_t evicted_readers; /* by so many */
	uint32_t ticked_sec;              /* server second; the ticking thread's */
	uint64_t limit;                   /* of devices, 0: none; the ticking thread's */
	_Atomic uint64_t shard_most;      /* devices of a shard before each newcomer costs one, 0: no limit */
	uint32_t weigh_next;
};

static inline struct shard *shard_of_key(struct tracker *t, const struct key *key)
{
	return &t->shards[key_hash(key, ~t->seed) % TRACK_SHARDS];
}
/* Locks the shard of the device of that key; NULL, and nothing is locked, when there is none. */
static inline struct device *lock_known(struct tracker *t, const struct key *key, struct shard **ret_shard,
					uint32_t *ret_slot)
{
	struct shard *s = *ret_shard = shard_of_key(t, key);
	struct device *d;

	(void) pthread_mutex_lock(&s->lock);
	d = shard_find(s, key, ret_slot);
	if (!d)
		(void) pthread_mutex_unlock(&s->lock);
	return d;
}
