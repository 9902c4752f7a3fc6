/* The inside of the tracker, for track's own files. */
#pragma once
#include <stdatomic.h>

#include "phy/dot11/dot11.h"
#include "track/channels.h"
#include "phy/dot11/kin.h"
#include "track/observe.h"
#include "track/phy.h"
#include "phy/radiation/radiation.h"
#include "track/shard.h"
#include "phy/dot11/ssids.h"
#include "track/tracker.h"
#include "wire/channel.h"

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
/* True if another source heard the frame within half a second of packet time; notes it otherwise. The
 * table has DEDUP_SHARED words and no lock: two sources that meet in one word may miss each other. */
#define DEDUP_SHARED 65536
bool dedup_heard_elsewhere(_Atomic uint64_t *table, uint32_t crc, uint16_t source, uint64_t time_us);

/* A source that restored devices name. Its number in their records is TRACK_SOURCES_MAX and its place here; when
 * it opens in this run, it stays under that number in seen-by lists. */
#define REMEMBERED_MAX 1024
struct remembered_source {
	struct uuid uuid;
	int view;
	struct source_shown shown; /* as the log had it */
};

#define CHANNELS_REMEMBERED 16

/* What one source's thread keeps: plain adds, read by others as they stand. */
struct track_source {
	bool live, known;
	int view;
	uint16_t seen_as; /* its number in seen-by lists */
	struct uuid uuid;
	struct dedup dedup;
	struct channel_tally tally;
	struct { /* names of channels, by a few bits of the frequency */
		uint32_t khz;
		char name[CHANNEL_TEXT_SIZE];
	} channels[CHANNELS_REMEMBERED];
	uint8_t *clear; /* WEP_BODY_MAX octets of the frame at hand, made when there are keys */
	_Atomic uint64_t packets, duplicates, bad_fcs, unreadable, other_linktype;
	_Atomic uint64_t phy_packets[PHYS_MAX];
};

struct view {
	char id[64], description[96];
	bool indexed;
};

/* A phy as the model has it. */
struct model_phy {
	struct phy row;
	uint32_t hash; /* of its name: of its devices' keys */
	uint8_t number;
	int view; /* "phy-<name>" */
};

struct tracker {
	struct tracker_conf conf;
	struct vendors *vendors;
	struct notes *notes;
	struct channels *channels;
	struct kin *kin;
	struct radiation *radiation;
	struct ssids *ssids;                                   /* NULL: dot11_view_ssids=false */
	struct observer observer;                              /* see NULL: nobody looks on */
	void (*tell)(void *ctx, const struct news_item *item); /* or NULL */
	void *tell_ctx;
	struct track_env env;
	struct phy_names phys;
	struct model_phy phy[PHYS_MAX];
	uint8_t phy_of_link[LINKTYPES]; /* 1 + number; 0: nobody's */
	uint32_t dot11_hash;
	struct shard shards[TRACK_SHARDS];
	uint64_t seed;
	_Atomic(struct track_source *) sources[TRACK_SOURCES_MAX];
	struct view views[TRACK_VIEWS_MAX];
	_Atomic uint32_t n_views;
	pthread_mutex_t views_lock; /* adding only */
	int view_accesspoints;
	_Atomic(_Atomic uint64_t *) heard; /* DEDUP_SHARED words, made with the second source */
	uint32_t n_sources;                /* under views_lock */
	struct remembered_source
		*remembered; /* REMEMBERED_MAX, made with the first; as the next: before sources open */
	uint32_t n_remembered;
	uint64_t restored, restore_refused; /* devices, and values of their records */
	_Atomic uint32_t now;               /* newest second that histories saw */
	_Atomic uint64_t evicted;
	_Atomic(struct gone_device *) gone; /* the newest first */
	_Atomic uint64_t gone_count;
	_Atomic uint32_t gone_watched; /* by so many */
	uint32_t ticked_sec;           /* server second; the ticking thread's */
	uint64_t limit;                /* of devices, 0: none; the ticking thread's */
	_Atomic uint64_t shard_most;   /* devices of a shard before each newcomer costs one, 0: no limit */
	uint32_t weigh_next;
};

/* The number of a new view, or ERR_LIMIT. Under views_lock once other threads run. */
int add_view(struct tracker *t, const char *id, const char *description, bool indexed);
/* The views that the device is in. Under its shard's lock, or before it is in one. */
uint64_t views_of(const struct tracker *t, const struct device *d);
/* A second that histories have seen. Any thread. */
void raise_now(struct tracker *t, uint32_t sec);
/* Brings times that lie in the server's future to `now` (clock_back.c). The ticking thread. */
void tracker_turn_back(struct tracker *t, uint32_t now);
/* True if restored devices name the source: it goes on under their number and in their view (restore.c). */
bool restore_meet(const struct tracker *t, struct track_source *s, const struct uuid *uuid);
/* The vendor of a new device, by its address; 0: none. */
uint16_t phy_vendor(const struct tracker *t, const struct device *d);
/* Adds the built-in phys (phys.c). */
void phys_add(struct tracker *t);

static inline struct shard *shard_of_key(struct tracker *t, const struct key *key)
{
	return &t->shards[key_hash(key, ~t->seed) % TRACK_SHARDS];
}

/* Works out how many devices there may be (evict.c); at start and once a second. */
void evict_bound(struct tracker *t);
/* Octets of a device, all that it owns included, as last measured. Any thread. */
uint64_t evict_mean_bytes(struct tracker *t);
/* Hands a device that is about to be removed to whoever watches, and leaves its key alone. Under the
 * shard's lock (gone.c). */
void gone_push(struct tracker *t, struct device *d);
/* Frees those that nobody has taken. */
void gone_forget(struct tracker *t);
/* Lets a device of a full shard go before another comes. Under the shard's lock. */
void evict_for_newcomer(struct tracker *t, struct shard *s);

/* What a device's update may touch. */
enum update_flag {
	UPDATE_SIGNAL = 1,
	UPDATE_FREQ = 2,
	UPDATE_PACKETS = 4,
	UPDATE_POSITION = 8,
	UPDATE_SEENBY = 16,
	UPDATE_CHANNEL = 128,
	UPDATE_EXISTING = 32, /* do not make a device */
};

/* A device became active at a frequency; carried out when no shard is locked. */
#define MOVES_MAX 5
struct channel_moves {
	uint32_t n, before_sec;
	bool is_new;
	struct {
		uint32_t old_khz, old_sec;
	} from[MOVES_MAX];
};

/* One frame on its way through the model. */
struct passage {
	struct tracker *t;
	const struct model_phy *phy;
	const struct packet *packet;
	const struct frame *frame;   /* of 802.11, else NULL */
	const union phy_frame *read; /* of its phy */
	struct track_source *source;
	uint32_t packet_sec, server_sec, history_sec;
	uint32_t data_len;
	struct channel_moves *moves;
	struct ssid_hearings *ssids; /* NULL: nobody keeps them */
	struct effects *effects;
	struct news_list *news;
	char channel[10];
	struct {
		bool ask; /* a network is new or changed: do rules know it as a drone? */
		struct mac mac;
		struct ssid ssid;
	} uav;
	const struct uav_report *uav_report; /* what a drone tells by the frame; NULL: nothing */
	bool made;                           /* of a report, not a frame: rules do not look at it */
	bool duplicate, elsewhere;           /* heard before; that by another source */
	struct kin_match same;               /* whom the sender of a probe may be */
	uint64_t box_uuid;                   /* a WPS UUID that its elements tell anew, as kin_uuid() has it; 0: none */
	bool new_network;                    /* the BSSID told of its network for the first time */
	bool decrypted;                      /* what the frame's payload tells was encrypted */
};

/* Finds or makes the device and does what every phy has in common; NULL when there is none. Locks the
 * shard, which stays locked when a device is returned: passage_leave() touches and unlocks. */
struct device *passage_enter(const struct passage *p, const struct mac *mac, uint32_t flags, struct shard **ret_shard,
			     uint32_t *ret_slot);
/* The signal of the packet becomes the device's, which is locked; of frames for which passage_enter() was not told. */
void passage_signal(const struct passage *p, struct device *d);
void passage_leave(const struct passage *p, struct shard *s, uint32_t slot);

/* Notes that two devices belong together, in both; those that are gone are left out. No lock is held. */
void passage_relate(const struct passage *p, const struct mac *a, const struct mac *b, const char *relation);

/* Packet time as far as it can be believed: not more than a day ahead of the server's clock. */
uint32_t packet_sec_of(const struct packet *packet, uint32_t server_sec);
/* What the packet brought is carried out once no shard is locked. */
void packet_carry_out(const struct passage *p, struct packet *packet);

/* Shows the observer a device, or the frame alone. */
void passage_show(const struct passage *p, struct sighting *s);

/* The 802.11 phy's row (phy/dot11/read.c, dot11.c). */
void dot11_fetch(struct tracker *t, const struct packet *packet);
int dot11_dissect(struct packet *packet, union phy_frame *ret);
void dot11_apply(struct passage *p, struct packet *packet, union phy_frame *frame);
/* Decrypts the frame's data as far as there are keys, and hides it when it is to be hidden. */
void dot11_make_ready(struct passage *p, struct packet *packet, struct frame *f);
/* Whether a network whose elements are new is a drone by makers' rules: expressions are matched while no
 * lock is held. */
void dot11_match_uav(const struct passage *p);
/* Elements that a beacon or answer tells, into the network's record (phy/dot11/ssid.c). */
void dot11_hear_network(struct passage *p, struct device *d, struct dot11_device *x);
void dot11_hear_probe(const struct passage *p, struct device *d, struct dot11_device *x);
/* Replaces an owned text by what a span of the frame says; an empty span changes nothing. */
void dot11_keep_text(char **text, struct span s);
/* EAPOL frames (phy/dot11/eapol.c). The AP's record, then the client's. */
void dot11_hear_key(const struct passage *p, const struct device *d, struct dot11_device *ap, const struct mac *client);
/* Keeps the beacon that goes with a handshake. */
void dot11_keep_beacon(const struct passage *p, struct dot11_device *ap);
void dot11_hear_nonce(const struct passage *p, struct dot11_device *client);
