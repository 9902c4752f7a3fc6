/* Private to track: the tracker's structures. */
#pragma once
#include <stdatomic.h>

#include "track/channels.h"
#include "track/packet_ctx.h"
#include "track/shard.h"
#include "track/tracker.h"

#define DEDUP_OWN 1024
#define DEDUP_OWN_BUCKETS 4096 /* a power of two, four times the frames kept */

/* The last frames of one source, by CRC-32: a ring and an exact index over it. The source's thread. */
struct dedup {
	uint32_t ring[DEDUP_OWN];
	uint32_t at, count;
	uint32_t index[DEDUP_OWN_BUCKETS];
	uint8_t used[DEDUP_OWN_BUCKETS];
};
/* True if the CRC is among the last ones; notes it otherwise. */
bool dedup_seen(struct dedup *d, uint32_t crc);
/* True if another source saw the frame within half a second of packet time; notes it otherwise. The
 * table has DEDUP_SHARED words and no lock: two sources that meet in one word may miss each other. */
#define DEDUP_SHARED 65536
bool dedup_seen_elsewhere(_Atomic uint64_t *table, uint32_t crc, uint16_t source, uint64_t time_us);

/* A source that restored devices name. Its number in their records is TRACK_SOURCES_MAX plus its position here; when
 * it opens in this run, it stays under that number in seen-by lists. */
#define REMEMBERED_MAX 1024
struct remembered_source {
	struct uuid uuid;
	int view;
	struct source_shown shown; /* as the log had it */
};

/* What one source's thread keeps: plain adds, read by others as they stand. */
struct track_source {
	bool live, known;
	int view;
	uint16_t seen_as; /* its number in seen-by lists */
	struct uuid uuid;
	struct dedup dedup;
	struct channel_counters channel_counters;
	void *of_phy[PHYS_MAX]; /* source_space of each phy that wants some */
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
	uint64_t seed;
	_Atomic(struct track_source *) sources[TRACK_SOURCES_MAX];
	struct view views[TRACK_VIEWS_MAX];
	_Atomic uint32_t n_views;
	pthread_mutex_t views_lock;       /* adding, and the ids of views */
	_Atomic(_Atomic uint64_t *) seen; /* DEDUP_SHARED words, made with the second source */
	uint32_t n_sources;               /* under views_lock */
	struct remembered_source
		*remembered; /* REMEMBERED_MAX, made with the first; as the next: before sources open */
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

/* The number of a new view, or ERR_LIMIT. Under views_lock once other threads run. */
int add_view(struct tracker *t, const char *id, const char *description, bool indexed);
/* The views that the device is in. Under its shard's lock, or before it is in one. */
uint64_t views_of(const struct tracker *t, const struct device *d);
/* Notes a second that histories have reached. Any thread. */
void raise_now(struct tracker *t, uint32_t sec);
/* Brings times that lie in the server's future to `now` (clock_back.c). The ticking thread. */
void tracker_turn_back(struct tracker *t, uint32_t now);
/* True if restored devices name the source: it goes on under their number and in their view (restore.c). */
bool restore_attach(const struct tracker *t, struct track_source *s, const struct uuid *uuid);
/* The vendor of a new device, by its address; 0: none. */
uint16_t phy_vendor(const struct tracker *t, const struct device *d);
/* Adds the phys of the configuration, and then their further views (phys.c). */
void phys_add(struct tracker *t);
/* Frees what phys keep over all devices. */
void phys_remove(struct tracker *t);
/* Allocates and frees what phys keep for a source. */
void phys_source(const struct tracker *t, struct track_source *s);
static inline struct shard *shard_of_key(struct tracker *t, const struct key *key)
{
	return &t->shards[key_hash(key, ~t->seed) % TRACK_SHARDS];
}

/* Works out how many devices there may be (evict.c); at start and once a second. */
void evict_bound(struct tracker *t);
/* Octets of a device, all that it owns included, as last measured. Any thread. */
uint64_t evict_mean_bytes(struct tracker *t);
/* Hands a device that is about to be removed to the readers, and leaves its key in the slot. Under the
 * shard's lock (evicted.c). */
void evicted_push(struct tracker *t, struct device *d);
/* Frees those that were not taken. */
void evicted_prune(struct tracker *t);
/* Evicts a device of a full shard before another is added. Under the shard's lock. */
void evict_for_newcomer(struct tracker *t, struct shard *s);

/* What a packet causes, carried out once no shard is locked. */
struct packet_results {
	struct channel_moves moves;
	struct effects effects;
	struct model_events events;
};
/* Empties the lists and returns them. */
void packet_begin(struct packet_ctx *p, struct packet_results *l);
/* Packet time as far as it can be believed: not more than a day ahead of the server's clock. */
uint32_t packet_sec_of(const struct packet *packet, uint32_t server_sec);
/* Carries out what the packet caused, once no shard is locked. */
void packet_carry_out(const struct packet_ctx *p, struct packet *packet);
