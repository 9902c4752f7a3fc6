/* The packet context: a packet on its way through the model, which apply() of a phy (track/phy.h) works with. It lives
 * on the source's thread until the packet is done. */
#pragma once
#include "track/observe.h"
#include "track/phy.h"

struct shard;
struct tracker;
struct track_source;
struct open_sighting;

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
	bool many_closed;               /* sightings wait in a shard */
	struct open_sighting *sighting; /* of the device that is locked; NULL: none */
	struct {
		uint32_t old_khz, old_sec;
	} from[MOVES_MAX];
};

struct packet_ctx {
	struct tracker *t;
	const struct model_phy *phy;
	const struct packet *packet;
	void *space;       /* the phy's own: what dissect() filled */
	const void *frame; /* what is shown to observers as the frame; the phy sets it in apply(), or leaves NULL */
	struct track_source *source;
	void *of_source; /* source_space of the phy, the source's */
	uint32_t packet_sec, server_sec, history_sec;
	uint32_t data_len;
	uint32_t octets; /* of the frame on the air, as far as they are known */
	uint8_t network; /* enum sighting_network: what its BSSID says */
	bool retry;      /* it says that it was sent again; the phy sets it before device_lock() */
	struct channel_moves *moves;
	struct effects *effects;
	struct model_events *events;
	char channel[10];
	const struct observer *observer;
	bool observed;             /* there is one */
	bool made;                 /* of a report, not a frame: rules do not look at it */
	bool duplicate, elsewhere; /* seen before; that by another source */
};

/* The row of the packet's phy. */
static inline const struct phy *packet_phy(const struct packet_ctx *p)
{
	return &p->phy->row;
}
/* How many packets of the phy the source had. */
uint64_t packet_source_packets(const struct packet_ctx *p);

/* Prefetches the memory of the device with that address: for fetch() of a phy. */
void device_prefetch(const struct packet_ctx *p, const struct mac *mac);
/* Finds or adds the device and does what every phy has in common; NULL when there is none. Locks the
 * shard, which stays locked when a device is returned: device_unlock() touches and unlocks. */
struct device *device_lock(const struct packet_ctx *p, const struct mac *mac, uint32_t flags, struct shard **ret_shard,
			   uint32_t *ret_slot);
/* The same for a device that exists already, which is not updated: device_update() does that. */
struct device *device_lock_known(const struct packet_ctx *p, const struct mac *mac, struct shard **ret_shard,
				 uint32_t *ret_slot);
void device_update(const struct packet_ctx *p, struct device *d, uint32_t flags, struct shard *s, uint32_t slot);
/* The signal of the packet becomes the device's, which is locked; for frames whose signal device_lock() did not take.
 */
void device_take_signal(const struct packet_ctx *p, struct device *d);
/* Sets what the device is, by the position of its text in `types` of the phy. Under the lock. */
static inline void device_set_type(const struct packet_ctx *p, struct device *d, uint8_t type)
{
	d->type = (uint8_t) (p->phy->first_type + type);
}
static inline bool device_is_type(const struct packet_ctx *p, const struct device *d, uint8_t type)
{
	return d->type == p->phy->first_type + type;
}
void device_unlock(const struct packet_ctx *p, struct shard *s, uint32_t slot);
/* After device_lock_known(), when nothing has changed that is shown of the device: it is not touched. */
void device_release(struct shard *s);

/* Notes in both devices that they are related; evicted ones are left out. No lock is held. */
void devices_relate(const struct packet_ctx *p, const struct mac *a, const struct mac *b, const char *relation);

/* Shows the observer a device, or the frame alone; the phy has filled what is its own (track/observe.h). */
void packet_observe(const struct packet_ctx *p, struct observation *s);

/* For the model itself. */
/* What a packet causes, carried out once no shard is locked. */
struct packet_results {
	struct channel_moves moves;
	struct effects effects;
	struct model_events events;
};
/* Empties the lists and returns them. */
void packet_begin(struct packet_ctx *p, struct packet_results *l);
/* Carries out what the packet caused, once no shard is locked. */
void packet_carry_out(const struct packet_ctx *p, struct packet *packet);
