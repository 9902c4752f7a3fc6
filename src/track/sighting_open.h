/* Sightings whose minute has not ended: a small record for each device and source in the device's shard, which its
 * entry in the seen-by list leads to. For track's own files.
 *
 * A record is closed by the device's next frame of another minute; by the ticking thread once the packets of its source
 * are of another time, or no more come; when its source ends, and when its device is evicted. Closed ones wait in the
 * shard until the ticking thread, or a source that closed many, brings them to the others (sightings.h). */
#pragma once
#include "track/packet_ctx.h"
#include "track/shard.h"
#include "track/sightings.h"

#define SIGHTING_FREQS 6 /* that are counted of a device in a minute; the rarest makes way */

/* How sure a frame is about the network that a device is with: any may be answered by all of them. */
enum sighting_network { SIGHTING_NO_NETWORK, SIGHTING_MANAGEMENT, SIGHTING_DATA };

struct open_sighting {
	struct sighting s;
	uint32_t slot;       /* of the device in its shard */
	uint32_t opened_sec; /* monotonic */
	uint16_t source;     /* its number in packets, */
	uint16_t seen_as;    /* and in seen-by lists */
	uint8_t network;     /* enum sighting_network: what s.bssid is of */
	int16_t best;        /* signal at the position; INT16_MIN: not measured */
	int32_t signal_sum;
	uint32_t signals;
	struct freq_count freqs[SIGHTING_FREQS]; /* the first that is 0 ends them */
};

/* What the packet says to all sightings that it touches: set once for it. */
void sighting_packet(struct packet_ctx *p);
/* Counts the packet to the sighting of the device that its source has just seen; enum update_flag says how far the
 * radio received the device itself. `seen` is the device's entry of the source; NULL: it has none. Under the shard's
 * lock.
 */
void sighting_see(const struct packet_ctx *p, struct shard *s, uint32_t slot, struct seenby *seen, uint32_t flags,
		  bool sent);
/* The signal of the packet, whose device was seen last; 0: it was not measured. Under the same lock. */
void sighting_signal(const struct packet_ctx *p, uint8_t type, int16_t level);
/* It was received there, with that signal; INT16_MIN: not measured. Under the lock. */
void sighting_set_position(struct open_sighting *o, const struct position *p, int16_t level);
/* An alert was raised about the device, for a packet of that source. Under the lock. */
void sighting_alert(struct shard *s, struct device *d, uint16_t source);

/* Works out what is not kept up to date: mean and frequency. Under the lock, or of a copy. */
void sighting_complete(struct open_sighting *o);
/* Closes all of a device that is about to be removed. Under the lock. */
void sighting_close_device(struct shard *s, struct device *d);
/* Closes all of a source, or, UINT16_MAX, of all sources, and brings them to the others. No lock is held. */
void sightings_close_source(struct tracker *t, uint16_t source);
/* Closes those whose time is over. The ticking thread. */
void sightings_close_due(struct tracker *t, uint32_t server_sec);
/* Brings those that were closed in the shards to the others. Any thread that holds no lock. */
void sightings_drain(struct tracker *t);
