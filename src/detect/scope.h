/* What rules remember, in bounded records of a scope each. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "field/field.h"

/* Frames of one kind in a row, by packet time. */
struct burst {
	uint64_t first_us;
	uint32_t last_ms; /* since first_us */
	uint32_t frames;
};
/* Counts one more; begins anew when the first is longer ago than window_us (time_us before it counts as
 * that too). How many there are now. */
uint32_t burst_within(struct burst *b, uint64_t time_us, uint64_t window_us);
/* The same, anew when the last is longer ago than gap_us. */
uint32_t burst_gapless(struct burst *b, uint64_t time_us, uint64_t gap_us);

/* Of a device, which owns it; made when a rule first needs it. */
struct watch {
	struct burst disconnects, clock_jumps, m3s;
};
#define WATCH_PART 31 /* its number among a device's parts */
extern struct field_table watch_table;

struct device;
/* The watch of a device, or NULL when it has no room for one. Under its shard's lock. */
struct watch *watch_of(struct device *d);
