/* The device model: every device that was seen, in 64 shards.
 *
 * Sources' threads call tracker_packet(); a frame that touches several devices takes their shards'
 * locks in turn. Readers walk and copy (read.h), never holding a lock while they work. Devices are named by
 * key across time, and by handle within one request. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "track/channels.h"
#include "track/context.h"
#include "track/observe.h"
#include "track/options.h"
#include "wire/packet.h"

struct tracker;

struct tracker *tracker_create(const struct track_conf *conf);
void tracker_destroy(struct tracker *t);
const struct track_context *tracker_context(const struct tracker *t);
/* A context for reading and writing the rows of devices, now; the arena is the caller's. Any thread. */
struct field_ctx tracker_fields(const struct tracker *t, struct arena *arena);

/* Before the first source opens. */
void tracker_observe(struct tracker *t, const struct observer *observer);
/* on_event() is called on the sources' threads for each model event. Before the first source opens. */
void tracker_on_event(struct tracker *t, void (*report)(void *ctx, const struct model_event *item), void *ctx);
/* The uuid of a source by its number; false when there is none. Any thread. */
bool tracker_source_uuid(struct tracker *t, uint16_t source, struct uuid *ret_uuid);

/* A source begins: its number in packets, whether it is live (histories by server time), its view
 * seenby-<uuid>. Before its first packet; again when it is opened again. */
void tracker_source(struct tracker *t, uint16_t number, bool live, const struct uuid *uuid);
/* A source has ended: what it added up is shown. Its own thread, after its last packet. */
void tracker_source_end(struct tracker *t, uint16_t number);
/* Applies one packet; the source's own thread. server_sec is read once a batch by the caller. */
void tracker_packet(struct tracker *t, struct packet *packet, uint32_t server_sec);
/* Housekeeping about once a second: timeouts, eviction, rates. One thread. */
void tracker_tick(struct tracker *t, uint32_t server_sec);

/* Counts of packets by what became of them, over all sources. */
struct tracker_counts {
	uint64_t packets, duplicates, bad_fcs, unreadable, other_linktype, evicted, devices, bytes;
};
void tracker_count(struct tracker *t, struct tracker_counts *ret_counts);
/* The newest second that histories have seen. */
uint32_t tracker_now(const struct tracker *t);

/* Use of channels, copied into the arena. Any thread. */
const struct channel_summary *tracker_channels(struct tracker *t, struct arena *arena);
