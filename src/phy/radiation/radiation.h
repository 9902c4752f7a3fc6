/* Radiation sensors: no devices, but a list of detectors, one a source, with what they counted over time. */
#pragma once
#include "base/arena.h"
#include "field/series.h"
#include "track/phy.h"

#define PHY_RADIATION 10 /* its position in phy/phys.c */

#define RADIATION_SENSORS_MAX 64
#define SPECTRUM_MAX 4096 /* channels of a spectrum that is kept */

struct radiation_sensor {
	uint16_t source;
	char type[32];
	double last_cps, last_usv; /* counts a second; microsieverts an hour */
	struct measurements *cps, *usv;
	LIST(double) spectrum; /* counts by channel, added up */
	uint32_t spectrum_first_sec, spectrum_last_sec;
};
extern struct field_table radiation_table;

/* Copies of all sensors, in the arena; how many. Any thread. */
uint32_t tracker_radiation(struct tracker *t, struct arena *arena, const struct radiation_sensor **ret_sensors);
/* The sensor of that source; false when it has none. Any thread. */
bool tracker_radiation_of(struct tracker *t, uint16_t source, struct arena *arena, struct radiation_sensor *ret);

extern const struct phy radiation_phy;
