/* How the model is read: walks, visits in place, single devices. Any thread. */
#pragma once
#include "track/device.h"

#define TRACK_SLICE 16 /* devices copied under one lock */

struct tracker;

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
