/* Evicted devices on their way to a reader such as a log. */
#pragma once
#include "track/device.h"

struct tracker;

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

/* For the model itself. */
/* Hands a device that is about to be removed to the readers, and leaves its key in the slot. Under the
 * shard's lock. */
void evicted_push(struct tracker *t, struct device *d);
/* Frees those that were not taken. */
void evicted_prune(struct tracker *t);
