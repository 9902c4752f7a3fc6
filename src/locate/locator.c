#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "locate/locator.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "conf/definition.h"
#include "locate/drivers.h"
#include "locate/gps.h"
#include "locate/published.h"
#include "locate/receiver.h"

#define FOREVER_SEC UINT64_MAX

struct gps {
	struct gps_record record; /* under the locator's lock */
	struct locator *locator;
	struct receiver *receiver; /* on the loop's thread */
	struct receiver_settings settings;
};

struct locator {
	pthread_mutex_t lock;
	struct gps *all[GPS_MAX];
	_Atomic uint32_t n;
	struct published best;
	struct gps_gap gap; /* the one that lasts, or the last one */
	bool in_gap, gap_ended;
	struct loop *loop; /* runs from the first receiver on */
};

struct locator *locator_create(void)
{
	struct locator *l = xnew(struct locator, 1);

	(void) pthread_mutex_init(&l->lock, NULL);
	l->gap.from_us = clock_server_us();
	l->in_gap = true;
	return l;
}

static void end_receiver(void *ctx)
{
	struct gps *g = ctx;

	receiver_destroy(g->receiver);
	g->receiver = NULL;
}

static void gps_destroy(struct locator *l, struct gps *g)
{
	if (l->loop && g->record.driver.is_receiver)
		(void) loop_call(l->loop, end_receiver, g);
	free(g);
}

void locator_destroy(struct locator *l)
{
	if (!l)
		return;
	for (uint32_t i = 0; i < l->n; i++)
		gps_destroy(l, l->all[i]);
	loop_stop(l->loop);
	(void) pthread_mutex_destroy(&l->lock);
	free(l);
}

static int fixed_position(const struct definition *d, struct gps_record *g, char error[160])
{
	const char *text[3] = {definition_get(d, "lat"), definition_get(d, "lon"), definition_get(d, "alt")};
	double value[3] = {0};

	for (int i = 0; i < 3; i++) {
		char *end = NULL;

		if (text[i])
			value[i] = strtod(text[i], &end);
		if ((!text[i] && i < 2) || (text[i] && (*end || end == text[i]))) {
			(void) snprintf(error, 160, "expected lat= and lon=, in degrees, and perhaps alt=, in metres");
			return ERR_MALFORMED;
		}
	}
	if (!(value[0] >= -90 && value[0] <= 90 && value[1] >= -180 && value[1] <= 180)) {
		(void) snprintf(error, 160, "expected lat= from -90 to 90 and lon= from -180 to 180");
		return ERR_LIMIT;
	}
	g->location = (struct position){.lat = value[0],
					.lon = value[1],
					.alt_m = (float) value[2],
					.fix = text[2] ? POSITION_FIX_3D : POSITION_FIX_2D,
					.time_us = clock_server_us()};
	g->data_sec = g->signal_sec = clock_server_sec();
	return 0;
}

static int find_driver(const char *type, struct gps_driver *ret, char error[160])
{
	uint32_t n;
	const struct gps_driver *drivers = gps_drivers(&n);
	size_t used;

	for (uint32_t i = 0; i < n; i++)
		if (strcmp(type, drivers[i].type) == 0) {
			*ret = drivers[i];
			return 0;
		}
	used = (size_t) snprintf(error, 160, "There is no GPS of type '%.32s'; expected one of:", type);
	for (uint32_t i = 0; i < n && used < 140; i++)
		used += (size_t) snprintf(error + used, 160 - used, " %s", drivers[i].type);
	return ERR_UNSUPPORTED;
}

static bool is_true(const struct definition *d, const char *name, bool otherwise)
{
	const char *text = definition_get(d, name);

	return text ? strcmp(text, "true") == 0 || strcmp(text, "1") == 0 : otherwise;
}

static int read_definition(const char *text, struct gps *g, char error[160])
{
	struct gps_record *r = &g->record;
	struct definition d;
	const char *name, *uuid, *priority;
	int e = 0;

	if (definition_parse(text, &d) < 0 || strlen(text) >= sizeof(r->definition)) {
		(void) snprintf(error, 160, "expected type:option=value,option=value, such as gpsd:host=localhost");
		return ERR_MALFORMED;
	}
	e = find_driver(d.interface, &r->driver, error);
	if (e < 0)
		return e;
	name = definition_get(&d, "name");
	uuid = definition_get(&d, "uuid");
	priority = definition_get(&d, "priority");
	(void) snprintf(r->definition, sizeof(r->definition), "%s", text);
	(void) snprintf(r->name, sizeof(r->name), "%s", name ? name : r->driver.default_name);
	(void) snprintf(r->description, sizeof(r->description), "%s", r->driver.description);
	r->priority = priority ? (int32_t) strtol(priority, NULL, 10) : r->driver.priority;
	r->data_only = is_true(&d, "dataonly", r->driver.data_only);
	r->reconnect = is_true(&d, "reconnect", r->driver.is_receiver);
	r->uuid = uuid_random();
	if (uuid && uuid_parse(uuid, strlen(uuid), &r->uuid) < 0) {
		(void) snprintf(error, 160, "uuid=%.40s is not a UUID", uuid);
		return ERR_MALFORMED;
	}
	if (r->driver.is_receiver) {
		e = receiver_settings_read(&d, &g->settings, error);
		g->settings.line.reconnect = r->reconnect;
	} else {
		r->connected = true;
		if (strcmp(r->driver.type, "virtual") == 0)
			e = fixed_position(&d, r, error);
	}
	return e;
}

static bool is_fresh(const struct gps_record *r, uint64_t now_sec)
{
	return gps_is_fresh(r->signal_sec, now_sec, r->driver.fresh_sec);
}

/* Records when the last position is lost, and when there is one again. */
static void watch_gap(struct locator *l, const struct position *before, const struct position *now)
{
	bool had = !l->in_gap, has = now->fix >= POSITION_FIX_2D;

	if (had && !has) {
		l->gap = (struct gps_gap){.before = *before, .from_us = clock_server_us()};
		l->gap_ended = false;
	} else if (!had && has) {
		l->gap.after = *now;
		l->gap.to_us = clock_server_us();
		l->gap_ended = true;
	}
	l->in_gap = !has;
}

/* Chooses and publishes; the caller holds the lock. */
static void choose(struct locator *l, uint64_t now_sec)
{
	struct published_position p = {.until_sec = FOREVER_SEC};
	const struct gps_record *best = NULL;
	struct position before;

	for (uint32_t i = 0; i < l->n; i++) {
		const struct gps_record *r = &l->all[i]->record;

		if (r->location.fix >= POSITION_FIX_2D && !r->data_only && is_fresh(r, now_sec) &&
		    (!best || r->priority < best->priority))
			best = r;
	}
	if (best) {
		p.position = best->location;
		p.gps = best->uuid;
		p.until_sec = best->driver.fresh_sec ? best->signal_sec + best->driver.fresh_sec : FOREVER_SEC;
	}
	before = published_get(&l->best).position;
	watch_gap(l, &before, &p.position);
	published_set(&l->best, &p);
}

static void set_position(struct gps_record *r, const struct position *p)
{
	if (r->location.fix >= POSITION_FIX_2D)
		r->last_location = r->location;
	r->location = *p;
	r->signal_sec = clock_server_sec();
	if (!r->location.time_us)
		r->location.time_us = clock_server_us();
}

/* What changed for the user, in one line of the log; empty when nothing did. */
static void report_change(const struct gps_record *before, const struct gps_record *after,
			  const struct receiver_message *message)
{
	bool had = before->location.fix >= POSITION_FIX_2D, has = after->location.fix >= POSITION_FIX_2D;

	if (!before->connected && after->connected)
		log_info("GPS '%s' is connected", after->name);
	if (message->trouble && strcmp(before->trouble, after->trouble) != 0)
		log_warning("GPS '%s': %s%s", after->name, message->trouble,
			    message->again ? "; it is tried again" : "");
	if (!had && has)
		log_info("GPS '%s' has a %s position", after->name,
			 after->location.fix == POSITION_FIX_3D ? "3D" : "2D");
	if (had && !has)
		log_warning("GPS '%s' has lost its position", after->name);
	if (before->devices.used != after->devices.used)
		log_info("GPS '%s' now takes its position from receiver %s", after->name,
			 after->devices.all[after->devices.used].name);
}

static void report_doubt(const struct gps_record *r, const char *device, const char *why)
{
	log_warning("GPS '%s'%s%s: a position is doubted and not used: %s", r->name, *device ? ", receiver " : "",
		    device, why);
}

/* The GPS shows what the receiver in use has; is_new: its position, or which receiver that is. */
static void show_device(struct gps_record *r, const struct gps_device *d, bool is_new)
{
	memcpy(r->doubt, d->doubt, sizeof(r->doubt));
	if (d->position.fix >= POSITION_FIX_2D) {
		if (!is_new)
			return;
		set_position(r, &d->position);
		r->signal_sec = d->signal_sec;
	} else if (r->location.fix >= POSITION_FIX_2D) {
		r->last_location = r->location;
		r->location.fix = POSITION_FIX_NONE;
	}
}

/* Takes a message of one of the GPS's receivers; returns the receiver if a doubt about its position is to be logged. */
static struct gps_device *take_message(struct gps_record *r, const struct receiver_message *message, uint64_t now_sec)
{
	struct gps_device *said = gps_devices_take(&r->devices, message, now_sec), *used;
	bool same = gps_devices_choose(&r->devices, now_sec, r->driver.fresh_sec);

	used = gps_devices_used(&r->devices);
	if (used)
		show_device(r, used, !same || (said == used && message->has_position && !*said->doubt));
	return said && gps_device_reports(said) ? said : NULL;
}

/* On the loop's thread. */
static void on_receiver_message(void *ctx, const struct receiver_message *message)
{
	struct gps *g = ctx;
	struct locator *l = g->locator;
	struct gps_record *r = &g->record, before, after;
	uint64_t now_sec = clock_server_sec();
	struct gps_device *doubted;

	(void) pthread_mutex_lock(&l->lock);
	before = *r;
	r->connected = message->connected;
	(void) snprintf(r->trouble, sizeof(r->trouble), "%s", message->trouble ? message->trouble : "");
	r->bad_lines += !message->understood;
	if (before.connected && message->connected && message->understood)
		r->data_sec = now_sec;
	doubted = take_message(r, message, now_sec);
	choose(l, now_sec);
	after = *r;
	(void) pthread_mutex_unlock(&l->lock);
	report_change(&before, &after, message);
	if (doubted) /* no other thread writes a receiver */
		report_doubt(&after, doubted->name, doubted->doubt);
}

static void begin_receiver(void *ctx)
{
	struct gps *g = ctx;

	g->receiver = receiver_create(g->locator->loop, &g->settings, on_receiver_message, g);
}

/* The loop is started under the lock, so that two requests start one. */
static int enlist(struct locator *l, struct gps *g, char error[160])
{
	uint32_t n = l->n;

	if (n == GPS_MAX) {
		(void) snprintf(error, 160, "There are %d GPS already", GPS_MAX);
		return ERR_LIMIT;
	}
	if (g->record.driver.is_receiver && !l->loop && loop_start("gps", &l->loop) < 0) {
		(void) snprintf(error, 160, "No thread for GPS could be started");
		return ERR_LIMIT;
	}
	l->all[n] = g;
	l->n = n + 1;
	choose(l, clock_server_sec());
	return 0;
}

int locator_check(const char *definition, char ret_error[160])
{
	struct gps *g = xnew(struct gps, 1);
	int r = read_definition(definition, g, ret_error);

	free(g);
	return r;
}

int locator_add(struct locator *l, const char *definition, char ret_error[160])
{
	struct gps *g = xnew(struct gps, 1);
	int r;

	*g = (struct gps){.locator = l};
	r = read_definition(definition, g, ret_error);
	if (r >= 0) {
		(void) pthread_mutex_lock(&l->lock);
		r = enlist(l, g, ret_error);
		/* Posted under the lock, so that a removal cannot overtake it. */
		if (r >= 0 && g->record.driver.is_receiver)
			(void) loop_post(l->loop, begin_receiver, g);
		(void) pthread_mutex_unlock(&l->lock);
	}
	if (r < 0)
		free(g);
	return r;
}

int locator_remove(struct locator *l, const struct uuid *uuid)
{
	struct gps *found = NULL;

	(void) pthread_mutex_lock(&l->lock);
	for (uint32_t i = 0; i < l->n && !found; i++) {
		if (memcmp(&l->all[i]->record.uuid, uuid, sizeof(*uuid)) != 0)
			continue;
		found = l->all[i];
		l->all[i] = l->all[l->n - 1];
		l->n = l->n - 1;
	}
	choose(l, clock_server_sec());
	(void) pthread_mutex_unlock(&l->lock);
	if (!found)
		return ERR_NOT_FOUND;
	gps_destroy(l, found);
	return 0;
}

struct position locator_best(struct locator *l, uint32_t now_sec, struct uuid *ret_gps)
{
	struct published_position p = {0};

	if (atomic_load_explicit(&l->n, memory_order_relaxed) == 0)
		return p.position;
	p = published_get(&l->best);
	/* Or the server's clock was set back: what came before that holds no longer than it would have. */
	if (p.until_sec < now_sec || (p.until_sec != FOREVER_SEC && p.until_sec > now_sec + 2 * UINT8_MAX)) {
		(void) pthread_mutex_lock(&l->lock);
		choose(l, now_sec);
		(void) pthread_mutex_unlock(&l->lock);
		p = published_get(&l->best);
	}
	if (ret_gps)
		*ret_gps = p.gps;
	return p.position;
}

static const char *state_of(const struct gps_record *r, uint64_t now_sec)
{
	if (!r->connected)
		return "none";
	if (r->location.fix >= POSITION_FIX_2D || *r->doubt || r->signal_sec || r->data_sec)
		return gps_position_state(&r->location, r->doubt, is_fresh(r, now_sec));
	return "connected";
}

uint32_t locator_copy(struct locator *l, struct gps_record *ret, uint32_t max)
{
	uint64_t now_sec = clock_server_sec();
	uint32_t n;

	(void) pthread_mutex_lock(&l->lock);
	n = l->n < max ? l->n : max;
	for (uint32_t i = 0; i < n; i++) {
		struct gps_record *r = &l->all[i]->record;

		ret[i] = *r;
		ret[i].state = state_of(r, now_sec);
		for (uint32_t k = 0; k < r->devices.n; k++) {
			struct gps_device *d = &ret[i].devices.all[k];

			d->state = gps_position_state(&d->position, d->doubt,
						      gps_is_fresh(d->signal_sec, now_sec, r->driver.fresh_sec));
		}
		ret[i].age_sec = r->signal_sec && now_sec > r->signal_sec ? (uint32_t) (now_sec - r->signal_sec) : 0;
	}
	(void) pthread_mutex_unlock(&l->lock);
	return n;
}

/* False when the position is doubtful for the first time. */
static bool believe(struct gps_record *r, const struct position *p)
{
	bool doubted = *r->doubt, is_zero = position_is_zero(p);

	r->data_sec = clock_server_sec();
	(void) snprintf(r->doubt, sizeof(r->doubt), "%s", is_zero ? GPS_ZERO_WORDS : "");
	if (!is_zero)
		set_position(r, p);
	return doubted || !is_zero;
}

int locator_update(struct locator *l, const char *type, const char *name, const struct position *p)
{
	struct gps_record *found = NULL, reported;
	bool believed = true;

	(void) pthread_mutex_lock(&l->lock);
	for (uint32_t i = 0; i < l->n && !found; i++) {
		struct gps_record *r = &l->all[i]->record;

		if (strcmp(r->driver.type, type) == 0 && (!name || strcmp(r->name, name) == 0))
			found = r;
	}
	if (found)
		believed = believe(found, p);
	if (!believed)
		reported = *found;
	choose(l, clock_server_sec());
	(void) pthread_mutex_unlock(&l->lock);
	if (!believed)
		report_doubt(&reported, "", reported.doubt);
	return found ? 0 : ERR_NOT_FOUND;
}

static struct gps_record *find_meta(struct locator *l, const char *name)
{
	for (uint32_t i = 0; i < l->n; i++)
		if (strcmp(l->all[i]->record.driver.type, "meta") == 0 && strcmp(l->all[i]->record.name, name) == 0)
			return &l->all[i]->record;
	return NULL;
}

void locator_need_meta(struct locator *l, const char *name)
{
	char definition[128], error[160];
	bool have;

	(void) pthread_mutex_lock(&l->lock);
	have = find_meta(l, name) != NULL;
	(void) pthread_mutex_unlock(&l->lock);
	(void) snprintf(definition, sizeof(definition), "meta:name=\"%s\"", name);
	if (!have && locator_add(l, definition, error) < 0)
		log_warning("metagps=%s: %s", name, error);
}

struct position locator_meta_position(struct locator *l, const char *name, uint32_t now_sec)
{
	struct position p = {0};
	const struct gps_record *r;

	(void) pthread_mutex_lock(&l->lock);
	r = find_meta(l, name);
	if (r && is_fresh(r, now_sec))
		p = r->location;
	(void) pthread_mutex_unlock(&l->lock);
	return p;
}

bool locator_take_gap(struct locator *l, struct gps_gap *ret_gap)
{
	bool ended;

	(void) pthread_mutex_lock(&l->lock);
	ended = l->gap_ended;
	l->gap_ended = false;
	if (ended)
		*ret_gap = l->gap;
	(void) pthread_mutex_unlock(&l->lock);
	return ended;
}
