/* Where a walk over devices, or over other records as they are walked, stands; and which record is meant. */
#pragma once
#include <stdint.h>

#include "field/field.h"

#define TRACK_SLICE 16 /* devices copied under one lock */
#define TRACK_VISIT 64 /* devices looked at under one */

/* Zero it, then set the conditions. A device that exists throughout is visited exactly once. A walk ends early when the
 * thread's budget is over (base/budget.h). */
struct tracker_walk {
	uint32_t since_sec;   /* changed at or after this server second; 0: all */
	int view;             /* devices_view(), or -1 */
	struct arena *arena;  /* copies live here; the caller resets it between slices */
	uint32_t shard, slot; /* where the walk stands */
	uint32_t end;         /* the shard where it ends; 0: TRACK_SHARDS */
	/* Seen last between these seconds of packet time, both included; seen_to 0: or later. */
	uint32_t seen_from, seen_to;
	uint32_t most; /* slots that a visit looks at under one lock; 0: TRACK_VISIT */
};
struct device_handle {
	uint32_t shard, slot, generation;
};

struct device;
/* Sees a device where it lies, under the lock of its shard: takes a number or the beginning of a text and no more. */
typedef void (*tracker_visit_fn)(void *ctx, const struct device *d, struct device_handle h);
