#include "locate/gps.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "field/position.h"

static const struct gps_driver drivers[] = {
	{"web", "Places that a browser or script sends", "webgps", 50, 0},
	{"virtual", "A place that does not change", "virtual", 40, 0},
};

const struct gps_driver *gps_drivers(uint32_t *ret_n)
{
	*ret_n = ARRAY_SIZE(drivers);
	return drivers;
}

#define D struct gps_driver
static const struct field driver_rows[] = {
	FIELD(D, "kismet.gps.type.class", type, "Name of the kind, for gps=."),
	FIELD(D, "kismet.gps.type.description", description, "What it reads."),
	FIELD(D, "kismet.gps.type.priority", priority, "Priority unless told otherwise."),
	FIELD(D, "kismet.gps.type.default_name", default_name, "Name unless told otherwise."),
	FIELD(D, "kismet.gps.type.singleton", singleton, "There can be one only."),
};
struct field_table gps_driver_table = FIELD_TABLE(D, "gps driver", driver_rows);

#define G struct gps_record
static const struct field gps_rows[] = {
	FIELD(G, "kismet.gps.name", name, "Name."),
	FIELD(G, "kismet.gps.description", description, "What it reads."),
	FIELD(G, "kismet.gps.uuid", uuid, "UUID."),
	FIELD(G, "kismet.gps.definition", definition, "Definition."),
	FIELD_IN(G, "kismet.gps.type", driver, &gps_driver_table, "Kind."),
	FIELD(G, "kismet.gps.priority", priority, "The highest that has a place is used."),
	FIELD(G, "kismet.gps.connected", connected, "It can be read.", .type = "uint8_t"),
	FIELD(G, "kismet.gps.reconnect", reconnect, "It is opened again.", .type = "uint8_t"),
	FIELD(G, "kismet.gps.data_only", data_only, "Never used as the server's place.",
	      .type = "uint8_t"),
	FIELD(G, "kismet.gps.data_time", data_sec, "Server second of its latest data."),
	FIELD(G, "kismet.gps.signal_time", signal_sec, "Server second of its latest place."),
	FIELD_IN(G, "kismet.gps.location", location, &position_table, "Latest place."),
	FIELD_IN(G, "kismet.gps.last_location", last_location, &position_table, "The one before."),
};
struct field_table gps_table = FIELD_TABLE(G, "gps", gps_rows);

struct locator {
	pthread_mutex_t lock;
	struct gps_record all[GPS_MAX];
	_Atomic uint32_t n;
};

struct locator *locator_create(void)
{
	struct locator *l = xnew(struct locator, 1);

	(void) pthread_mutex_init(&l->lock, NULL);
	field_prepare(&gps_table);
	return l;
}

void locator_destroy(struct locator *l)
{
	if (!l)
		return;
	(void) pthread_mutex_destroy(&l->lock);
	free(l);
}

/* The value of `name=` among "a=1,b=2"; false when it is missing. */
static bool option(const char *options, const char *name, char *ret, size_t size)
{
	size_t n = strlen(name);

	for (const char *p = options; p && *p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL) {
		if (strncmp(p, name, n) != 0 || p[n] != '=')
			continue;
		(void) snprintf(ret, size, "%.*s", (int) strcspn(p + n + 1, ","), p + n + 1);
		return true;
	}
	return false;
}

static int fixed_place(const char *options, struct gps_record *g, char error[160])
{
	char lat[32], lon[32], alt[32] = "0";

	if (!option(options, "lat", lat, sizeof(lat)) || !option(options, "lon", lon, sizeof(lon))) {
		(void) snprintf(error, 160, "gps=virtual needs lat= and lon=");
		return ERR_MALFORMED;
	}
	(void) option(options, "alt", alt, sizeof(alt));
	g->location = (struct position){.lat = strtod(lat, NULL),
					.lon = strtod(lon, NULL),
					.alt_m = strtof(alt, NULL),
					.fix = strcmp(alt, "0") ? POSITION_FIX_3D : POSITION_FIX_2D,
					.time_us = clock_server_us()};
	if (g->location.lat < -90 || g->location.lat > 90 || g->location.lon < -180 ||
	    g->location.lon > 180) {
		(void) snprintf(error, 160, "gps=virtual: lat is -90 to 90, lon -180 to 180");
		return ERR_LIMIT;
	}
	g->data_sec = g->signal_sec = clock_server_sec();
	return 0;
}

static int read_definition(const char *text, struct gps_record *g, char error[160])
{
	const char *options = strchr(text, ':') ? strchr(text, ':') + 1 : "";
	size_t n = strcspn(text, ":");
	char uuid[64], priority[16];

	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++)
		if (n == strlen(drivers[i].type) && memcmp(text, drivers[i].type, n) == 0)
			g->driver = drivers[i];
	if (!*g->driver.type) {
		(void) snprintf(error, 160, "There is no GPS of type '%.*s'; known: web, virtual",
				(int) (n < 32 ? n : 32), text);
		return ERR_UNSUPPORTED;
	}
	(void) snprintf(g->definition, sizeof(g->definition), "%s", text);
	(void) snprintf(g->name, sizeof(g->name), "%s", g->driver.default_name);
	(void) snprintf(g->description, sizeof(g->description), "%s", g->driver.description);
	(void) option(options, "name", g->name, sizeof(g->name));
	g->priority = g->driver.priority;
	if (option(options, "priority", priority, sizeof(priority)))
		g->priority = (int32_t) strtol(priority, NULL, 10);
	g->uuid = uuid_random();
	if (option(options, "uuid", uuid, sizeof(uuid)))
		(void) uuid_parse(uuid, strlen(uuid), &g->uuid);
	g->connected = true;
	return strcmp(g->driver.type, "virtual") == 0 ? fixed_place(options, g, error) : 0;
}

int locator_add(struct locator *l, const char *definition, char ret_error[160])
{
	struct gps_record g = {0};
	int r = read_definition(definition, &g, ret_error);
	uint32_t n;

	if (r < 0)
		return r;
	(void) pthread_mutex_lock(&l->lock);
	n = atomic_load(&l->n);
	if (n < GPS_MAX) {
		l->all[n] = g;
		atomic_store(&l->n, n + 1);
	}
	(void) pthread_mutex_unlock(&l->lock);
	if (n == GPS_MAX)
		(void) snprintf(ret_error, 160, "There are %d GPS already", GPS_MAX);
	return n == GPS_MAX ? ERR_LIMIT : 0;
}

int locator_remove(struct locator *l, const struct uuid *uuid)
{
	int r = ERR_NOT_FOUND;
	uint32_t n;

	(void) pthread_mutex_lock(&l->lock);
	n = atomic_load(&l->n);
	for (uint32_t i = 0; i < n; i++) {
		if (memcmp(&l->all[i].uuid, uuid, sizeof(*uuid)) != 0)
			continue;
		l->all[i] = l->all[n - 1];
		atomic_store(&l->n, n - 1);
		r = 0;
		break;
	}
	(void) pthread_mutex_unlock(&l->lock);
	return r;
}

static bool is_usable(const struct gps_record *g, uint64_t now)
{
	if (g->location.fix < POSITION_FIX_2D || g->data_only)
		return false;
	return strcmp(g->driver.type, "virtual") == 0 || g->signal_sec + GPS_FRESH_SEC >= now;
}

struct position locator_best(struct locator *l, struct uuid *ret_gps)
{
	struct gps_record *best = NULL;
	struct position p = {0};
	uint64_t now;

	if (atomic_load_explicit(&l->n, memory_order_relaxed) == 0)
		return p;
	now = clock_server_sec();
	(void) pthread_mutex_lock(&l->lock);
	for (uint32_t i = 0; i < atomic_load(&l->n); i++)
		if (is_usable(&l->all[i], now) && (!best || l->all[i].priority > best->priority))
			best = &l->all[i];
	if (best) {
		p = best->location;
		if (ret_gps)
			*ret_gps = best->uuid;
	}
	(void) pthread_mutex_unlock(&l->lock);
	return p;
}

uint32_t locator_copy(struct locator *l, struct gps_record *ret, uint32_t max)
{
	uint32_t n;

	(void) pthread_mutex_lock(&l->lock);
	n = atomic_load(&l->n) < max ? atomic_load(&l->n) : max;
	memcpy(ret, l->all, n * sizeof(*ret));
	(void) pthread_mutex_unlock(&l->lock);
	return n;
}

int locator_update(struct locator *l, const char *type, const char *name, const struct position *p)
{
	int r = ERR_NOT_FOUND;

	(void) pthread_mutex_lock(&l->lock);
	for (uint32_t i = 0; i < atomic_load(&l->n) && r < 0; i++) {
		struct gps_record *g = &l->all[i];

		if (strcmp(g->driver.type, type) != 0 || (name && strcmp(g->name, name) != 0))
			continue;
		g->last_location = g->location;
		g->location = *p;
		g->data_sec = g->signal_sec = clock_server_sec();
		r = 0;
	}
	(void) pthread_mutex_unlock(&l->lock);
	return r;
}
