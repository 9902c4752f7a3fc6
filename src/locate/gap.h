/* A time without a position, between two that had one: where one was meanwhile, by a straight line. Pure. */
#pragma once
#include "base/position.h"

struct gps_gap {
	struct position before, after; /* before.fix is 0 when there never was a position */
	uint64_t from_us, to_us;       /* server time: from when on there was none, when there was one again */
};
struct position gps_gap_position(const struct gps_gap *g, uint64_t time_us);
