#include <math.h>
#include <string.h>

#include "store/log/kismetdb_devices.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "field/table.h"
#include "field/value.h"
#include "store/log/kismetdb.h"
#include "store/log/kismetdb_state.h"
#include "track/bounds.h"
#include "track/evicted.h"
#include "track/read.h"

#define CLOSE_US 4000000  /* before the server must have ended: nothing more is written then */
#define CHANGED_SEC 2     /* so much earlier than it is applied may the second be that a packet changes a device in */
#define REPORT_US 2000000 /* between two progress messages while stopping */

/* The text of a field of the record, by its path; "" when it is absent. */
static void field_text(sqlite3_stmt *s, int at, const struct device *d, const char *name, struct field_ctx *ctx)
{
	const struct field *row = field_find(&device_table, name, strlen(name));
	struct field_value v;

	field_read(row, d, ctx, &v);
	if (v.type == VALUE_TEXT)
		(void) sqlite3_bind_text(s, at, v.text ? v.text : "", (int) v.n, SQLITE_TRANSIENT);
	else
		kismetdb_text(s, at, "");
}

static void device_positions(sqlite3_stmt *s, const struct location *l)
{
	struct position mean = {0};

	if (l && l->samples) {
		mean.fix = POSITION_FIX_2D;
		mean.lat = atan2(l->z, hypot(l->x, l->y)) * (180 / M_PI);
		mean.lon = atan2(l->y, l->x) * (180 / M_PI);
	}
	kismetdb_position(s, 7, l ? &l->min : &mean);
	kismetdb_position(s, 9, l ? &l->max : &mean);
	kismetdb_position(s, 11, &mean);
}

static void write_device(struct kismetdb *k, const struct device *d, struct field_ctx *ctx)
{
	sqlite3_stmt *s = k->add[KISMETDB_ADD_DEVICE];
	struct field_ctx whole = *ctx;
	char key[KEY_TEXT_SIZE];
	struct buf json = {0};

	if (!log_filter_keeps(k->rooms->devices, d->phy, &d->key.mac))
		return;
	whole.state = true;
	key_format(&d->key, key);
	(void) sqlite3_bind_int64(s, 1, d->first_sec);
	(void) sqlite3_bind_int64(s, 2, d->last_sec);
	kismetdb_text(s, 3, key);
	field_text(s, 4, d, "kismet.device.base.phyname", ctx);
	kismetdb_mac(s, 5, &d->key.mac);
	(void) sqlite3_bind_int(s, 6, d->signal.max_signal);
	device_positions(s, d->location);
	(void) sqlite3_bind_int64(s, 13, (sqlite3_int64) d->datasize);
	field_text(s, 14, d, "kismet.device.base.type", ctx);
	field_write(&json, &device_table, d, FIELD_FORMAT_JSON, &whole);
	(void) sqlite3_bind_blob64(s, 15, json.p, json.len, SQLITE_STATIC);
	(void) kismetdb_run(k, KISMETDB_ADD_DEVICE);
	buf_finish(&json);
}

/* Devices of a shard that changed since they were written last. */
static void write_shard(struct kismetdb *k, uint32_t shard, uint32_t now)
{
	struct device *devices[TRACK_SLICE];
	struct device_handle handles[TRACK_SLICE];
	struct arena arena = {0};
	bool back = k->devices_sec[shard] > now; /* the clock was set back: what changed since is not known */
	struct tracker_walk walk = {
		.view = -1,
		.since_sec = back || k->devices_sec[shard] < CHANGED_SEC ? 0 : k->devices_sec[shard] - CHANGED_SEC,
		.arena = &arena,
		.shard = shard,
		.end = shard + 1};
	uint32_t n;

	while (!k->failed && (n = tracker_next(k->rooms->tracker, &walk, devices, handles)) > 0) {
		struct field_ctx ctx = kismetdb_context(k, &arena);

		for (uint32_t i = 0; i < n; i++)
			write_device(k, devices[i], &ctx);
		arena_reset(&arena);
	}
	arena_finish(&arena);
	k->devices_sec[shard] = now;
}

/* How many shards are due after the time that has passed, so that each is written once in the interval. */
static uint32_t shards_due(struct kismetdb *k, uint32_t now)
{
	uint64_t passed = now > k->turn_sec ? now - k->turn_sec : 0;
	uint64_t parts = k->turn_part + passed * TRACK_SHARDS, n = parts / k->conf->device_sec;

	k->turn_part = parts % k->conf->device_sec;
	k->turn_sec = now;
	return n < TRACK_SHARDS ? (uint32_t) n : TRACK_SHARDS;
}

/* Writes those that are due, or all with progress messages. */
static void write_due(struct kismetdb *k, uint32_t now, bool all)
{
	uint32_t n = all ? TRACK_SHARDS : shards_due(k, now);
	uint64_t reported = clock_monotonic_us();

	for (uint32_t i = 0; i < n && !k->failed && (all || !stop_begun()); i++) { /* packets first */
		if (stop_left_us() < CLOSE_US) {
			log_warning("The kismetdb log lacks the last changes of some devices: the time for stopping "
				    "was over; raise norn_stop_seconds");
			break;
		}
		write_shard(k, k->shard, now);
		k->shard = (k->shard + 1) % TRACK_SHARDS;
		if (k->to_write && --k->to_write == 0 && !kismetdb_state_continues(k->state, k->path, NULL))
			kismetdb_fail(k, "its state");
		if (!all || clock_monotonic_us() - reported < REPORT_US)
			continue;
		reported = clock_monotonic_us();
		log_info("Writing devices to the kismetdb log: %u %%", (i + 1) * 100 / n);
	}
}

/* Devices that were evicted since, the oldest first. */
static void write_evicted(struct kismetdb *k, bool all)
{
	struct evicted_device *g = tracker_take_evicted(k->rooms->tracker), *in_order = k->evicted_list;
	struct evicted_device **end = &in_order, *newest = NULL;
	struct arena arena = {0};

	while (g) {
		struct evicted_device *next = g->next;

		g->next = newest;
		newest = g;
		g = next;
	}
	while (*end)
		end = &(*end)->next;
	*end = newest;
	while (in_order && (all || !stop_begun())) {
		struct field_ctx ctx = kismetdb_context(k, &arena);

		if (!k->failed && stop_left_us() > CLOSE_US)
			write_device(k, &in_order->device, &ctx);
		arena_reset(&arena);
		in_order = tracker_free_evicted(k->rooms->tracker, in_order);
	}
	k->evicted_list = in_order; /* the end of the log writes the rest */
	arena_finish(&arena);
}

void kismetdb_devices(struct kismetdb *k, uint32_t now, bool all)
{
	write_evicted(k, all);
	write_due(k, now, all);
}
