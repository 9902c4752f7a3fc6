/* How the model is read: walks, visits in place, single devices. Any thread. */
#pragma once
#include "track/device.h"
#include "track/walk.h"

struct tracker;

/* Copies the next devices, at most TRACK_SLICE; how many, 0 at the end. Any thread. */
uint32_t tracker_next(struct tracker *t, struct tracker_walk *walk, struct device *ret_devices[TRACK_SLICE],
		      struct device_handle ret_handles[TRACK_SLICE]);
/* Shows the next devices where they lie, at most TRACK_VISIT or walk->most of them; false at the end. Any thread. */
bool tracker_visit(struct tracker *t, struct tracker_walk *walk, tracker_visit_fn visit, void *ctx);
/* The handle of the device with that key; false when there is none. */
bool tracker_find(struct tracker *t, const struct key *key, struct device_handle *ret_handle);
/* The handles of the devices of all phys with that address, at most max; how many. */
uint32_t tracker_find_mac(struct tracker *t, const struct mac *mac, struct device_handle *ret_handles, uint32_t max);
/* Copies one device by key or handle; NULL when it is evicted. */
struct device *tracker_get(struct tracker *t, const struct key *key, struct arena *arena);
struct device *tracker_fetch(struct tracker *t, struct device_handle h, struct arena *arena);
