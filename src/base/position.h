/* A place on the earth as a GPS told it. */
#pragma once
#include <stdint.h>

enum position_fix { POSITION_FIX_NONE, POSITION_FIX_TIME, POSITION_FIX_2D, POSITION_FIX_3D };

struct position {
	double lat, lon; /* degrees */
	float alt_m, speed_kmh, heading_deg;
	float accuracy_m; /* radius that the place is within, about 95 % of the time; 0 is unknown */
	uint8_t fix;      /* enum position_fix; below 2D the rest means nothing */
	uint64_t time_us;
};
