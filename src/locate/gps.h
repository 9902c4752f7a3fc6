/* Positions: every GPS that is configured, and the best position now. Any thread. */
#pragma once
#include <stdbool.h>

#include "base/position.h"
#include "base/uuid.h"
#include "field/field.h"
#include "locate/device.h"
#include "locate/gap.h"

#define GPS_MAX 64

struct gps_driver {
	char type[24], description[96], default_name[24];
	int32_t priority; /* the lowest number that has a position is used */
	uint8_t singleton;
	uint8_t fresh_sec; /* a position is stale after that; 0: it holds until the next */
	bool is_receiver;  /* it is read, over a line that may break */
	bool data_only;    /* never the server's own position */
};
extern struct field_table gps_driver_table;

struct gps_record {
	char name[64], description[96], definition[256];
	struct uuid uuid;
	struct gps_driver driver;
	struct position location, last_location;
	bool connected, reconnect, data_only;
	int32_t priority;
	uint64_t data_sec, signal_sec;
	char doubt[GPS_DOUBT_SIZE]; /* why its latest position is doubted and not used; "" when it is not */
	struct gps_devices devices; /* of one that is read: the receivers behind it */
	/* As of the moment of the copy: */
	const char *state;  /* "none", "connected", "no fix", "2D", "3D", "stale" or "doubted" */
	uint32_t age_sec;   /* of its position; 0 without one */
	char trouble[96];   /* why it cannot be read, in words; empty when it can */
	uint64_t bad_lines; /* that said nothing or something wrong */
};
extern struct field_table gps_table;

struct locator;
