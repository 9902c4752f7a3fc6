/* Positions for devices that were seen while no GPS had a fix. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/position.h"

struct tracker;

/* Devices that were last seen, by packet time and the server's, between two seconds and have no position get this one,
 * except those that only sources with a position of their own saw. How many. Open sightings likewise. Any thread. */
struct position_filler {
	uint32_t from_sec, to_sec;
	struct position (*position)(void *ctx, uint32_t sec);
	bool (*has_own)(void *ctx, uint16_t source);
	void *ctx;
};
uint32_t tracker_fill_positions(struct tracker *t, const struct position_filler *f, uint32_t now);
