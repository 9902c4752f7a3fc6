/* Positions: every GPS that is configured, and the best place now. Any thread. */
#pragma once
#include <stdbool.h>

#include "base/position.h"
#include "base/uuid.h"
#include "field/field.h"

#define GPS_MAX 64
#define GPS_FRESH_SEC 30 /* a place that is older is none */

struct gps_driver {
	char type[24], description[96], default_name[24];
	int32_t priority;
	uint8_t singleton;
};
extern struct field_table gps_driver_table;
const struct gps_driver *gps_drivers(uint32_t *ret_n);

struct gps_record {
	char name[64], description[96], definition[256];
	struct uuid uuid;
	struct gps_driver driver;
	struct position location, last_location;
	bool connected, reconnect, data_only;
	int32_t priority;
	uint64_t data_sec, signal_sec;
};
extern struct field_table gps_table;

struct locator;
struct locator *locator_create(void);
void locator_destroy(struct locator *l);
/* Adds a GPS: "web:name=webgps", "virtual:lat=52.5,lon=13.4,alt=30"; 0, or negative with a sentence. */
int locator_add(struct locator *l, const char *definition, char ret_error[160]);
int locator_remove(struct locator *l, const struct uuid *uuid);
/* The place of the best GPS that has one; fix 0 when there is none. Cheap enough for every packet:
 * nothing is locked while no GPS is configured. */
struct position locator_best(struct locator *l, struct uuid *ret_gps);
uint32_t locator_copy(struct locator *l, struct gps_record *ret, uint32_t max);
/* Sets the place of the GPS of type web, or of that name; ERR_NOT_FOUND when there is none. */
int locator_update(struct locator *l, const char *type, const char *name, const struct position *p);
