/* A position on the earth as a GPS receiver reported it. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum position_fix { POSITION_FIX_NONE, POSITION_FIX_TIME, POSITION_FIX_2D, POSITION_FIX_3D };

struct position {
	double lat, lon; /* degrees */
	float alt_m, speed_kmh, heading_deg;
	float accuracy_m; /* radius that the position is within, about 95 % of the time; 0 is unknown */
	uint8_t fix;      /* enum position_fix; below 2D the rest means nothing */
	uint64_t time_us;
};

#define POSITION_SEC_LEAST                                                                                             \
	1420070400                 /* 2015-01-01: a receiver with a fix and an earlier time counts GPS weeks wrongly */
#define POSITION_SEC_GPS 315964800 /* 1980-01-06, from which GPS weeks are counted */
#define POSITION_ZERO_DEGREES 1e-4 /* about ten metres */

/* Whether a position is at 0/0, which receivers without a fix report. */
static inline bool position_is_zero(const struct position *p)
{
	return p->lat < POSITION_ZERO_DEGREES && p->lat > -POSITION_ZERO_DEGREES && p->lon < POSITION_ZERO_DEGREES &&
	       p->lon > -POSITION_ZERO_DEGREES;
}
