/* The device model: every device that was seen, in 64 shards.
 *
 * Sources' threads call tracker_packet(); a frame that touches several devices takes their shards'
 * locks in turn. Readers walk and copy, never holding a lock while they work. Devices are named by
 * key across time, and by handle within one request. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/mac.h"
#include "field/field.h"
#include "track/channels.h"
#include "track/device.h"
#include "track/context.h"
#include "track/annotations.h"
#include "track/observe.h"
#include "track/options.h"
#include "wire/packet.h"

#define TRACK_SHARDS 64
#define TRACK_SOURCES_MAX 1024
#define TRACK_VIEWS_MAX 64
#define TRACK_SLICE 16 /* devices copied under one lock */

struct tracker;

struct tracker *tracker_create(const struct track_conf *conf);
void tracker_destroy(struct tracker *t);
const struct track_context *tracker_context(const struct tracker *t);

/* Adds a phy, whose texts and tables are the caller's and live as long as the tracker: its number.
 * ERR_EXISTS when its name or one of its link types is taken, ERR_LIMIT when there are too many. One
 * thread, before the first source opens. */
int tracker_add_phy(struct tracker *t, const struct phy *phy);

/* Before the first source opens. */
void tracker_observe(struct tracker *t, const struct observer *observer);
/* on_event() is called on the sources' threads for each model event. Before the first source opens. */
void tracker_on_event(struct tracker *t, void (*report)(void *ctx, const struct model_event *item), void *ctx);
/* The uuid of a source by its number; false when there is none. Any thread. */
bool tracker_source_uuid(struct tracker *t, uint16_t source, struct uuid *ret_uuid);
/* Counts an alert on the device; server_sec 0: without it counting as a change. 0 or ERR_NOT_FOUND. Any thread. */
int tracker_count_alert(struct tracker *t, const struct key *key, uint32_t server_sec);

/* A source begins: its number in packets, whether it is live (histories by server time), its view
 * seenby-<uuid>. Before its first packet; again when it is opened again. */
void tracker_source(struct tracker *t, uint16_t number, bool live, const struct uuid *uuid);
/* A source has ended: what it added up is shown. Its own thread, after its last packet. */
void tracker_source_end(struct tracker *t, uint16_t number);
/* Applies one packet; the source's own thread. server_sec is read once a batch by the caller. */
void tracker_packet(struct tracker *t, struct packet *packet, uint32_t server_sec);
/* A report in JSON of a source that hands no frames over; the phy that takes it fills in phy, sender and radio.
 * False when none did. The source's own thread. */
struct track_report {
	uint16_t source;
	uint64_t time_us;
	struct span type, json;
	struct position position;
	uint8_t phy; /* PACKET_PHY_NONE: no phy's */
	struct mac sender;
	struct radio radio;
};
bool tracker_report(struct tracker *t, struct track_report *r, uint32_t server_sec);
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

/* Devices that were last seen, by packet time and the server's, between two seconds and have no position get this one,
 * except those that only sources with a position of their own saw. How many. Any thread. */
struct position_filler {
	uint32_t from_sec, to_sec;
	struct position (*position)(void *ctx, uint32_t sec);
	bool (*has_own)(void *ctx, uint16_t source);
	void *ctx;
};
uint32_t tracker_fill_positions(struct tracker *t, const struct position_filler *f, uint32_t now);

/* Phys, by number. */
struct phy_counts {
	const char *name;
	uint32_t id;
	uint64_t devices, packets;
};
extern struct field_table phy_table;
uint32_t tracker_phys(struct tracker *t, struct phy_counts *ret_phys, uint32_t max);

/* Views: named subsets. */
struct view_counts {
	char id[64], description[96];
	uint64_t devices;
	bool indexed;
};
extern struct field_table view_table;
uint32_t tracker_views(struct tracker *t, struct view_counts *ret_views, uint32_t max);
/* The number of the view, or ERR_NOT_FOUND. */
int tracker_view(struct tracker *t, const char *id);

/* Walking: a device that exists throughout is visited exactly once. Zero it, then set the conditions. A walk ends early
 * when the thread's budget is over (base/budget.h). */
struct tracker_walk {
	uint32_t since_sec;   /* changed at or after this server second; 0: all */
	int view;             /* tracker_view(), or -1 */
	struct arena *arena;  /* copies live here; the caller resets it between slices */
	uint32_t shard, slot; /* where the walk stands */
	uint32_t end;         /* the shard where it ends; 0: TRACK_SHARDS */
};
struct device_handle {
	uint32_t shard, slot, generation;
};
/* Copies the next devices, at most TRACK_SLICE; how many, 0 at the end. Any thread. */
uint32_t tracker_next(struct tracker *t, struct tracker_walk *walk, struct device *ret_devices[TRACK_SLICE],
		      struct device_handle ret_handles[TRACK_SLICE]);
/* Shows devices where they lie, under the lock of their shard, at most TRACK_VISIT of them at once:
 * visit() takes a number or the beginning of a text and no more. False at the end. Any thread. */
#define TRACK_VISIT 64
typedef void (*tracker_visit_fn)(void *ctx, const struct device *d, struct device_handle h);
bool tracker_visit(struct tracker *t, struct tracker_walk *walk, tracker_visit_fn visit, void *ctx);
/* The handle of the device with that key; false when there is none. */
bool tracker_find(struct tracker *t, const struct key *key, struct device_handle *ret_handle);
/* The handles of the devices of all phys with that address, at most max; how many. */
uint32_t tracker_find_mac(struct tracker *t, const struct mac *mac, struct device_handle *ret_handles, uint32_t max);
/* Copies one device by key or handle; NULL when it is evicted. */
struct device *tracker_get(struct tracker *t, const struct key *key, struct arena *arena);
struct device *tracker_fetch(struct tracker *t, struct device_handle h, struct arena *arena);

/* Changes a device, and its annotation, which outlives it; ERR_NOT_FOUND when there is none, ERR_LIMIT
 * when there is no room. name NULL or "" removes it. */
int tracker_set_name(struct tracker *t, const struct key *key, const char *name, uint32_t server_sec);
int tracker_set_tag(struct tracker *t, const struct key *key, const char *tag, const char *value, uint32_t server_sec);
/* The annotations, which the store keeps: filled before the first source opens. */
struct annotations *tracker_annotations(struct tracker *t);

/* Warm restart: takes a device from its record of n octets in a log (field/load.h), before the first source
 * opens; newest first, for a full model takes no more. Its rule state begins anew, and no model event is raised. 0;
 * ERR_EXISTS when the device is there, ERR_LIMIT when the model is full, ERR_MALFORMED for what is no device's record,
 * or of a phy that norn does not have. One thread. */
int tracker_restore(struct tracker *t, const char *record, size_t n, uint32_t server_sec);
/* The newest second of histories of the run that is resumed. */
void tracker_restore_now(struct tracker *t, uint32_t sec);
/* How much of the records did not fit: values left out, in all. */
uint64_t tracker_restore_refused(const struct tracker *t);

/* Evicted devices, kept while there is a reader; each goes to one of the readers. Any thread. Beyond LIMIT_EVICTED that
 * wait they are dropped and counted. */
struct evicted_device {
	struct evicted_device *next;
	struct device device;
};
/* Begins or ends reading; each reader ends once. */
void tracker_keep_evicted(struct tracker *t, bool watch);
/* All that wait, the newest first; the caller frees each, which gives the next. NULL: none. */
struct evicted_device *tracker_take_evicted(struct tracker *t);
struct evicted_device *tracker_free_evicted(struct tracker *t, struct evicted_device *g);
