/* The log class kismet: the SQLite database that Kismet's tools read (db_version 9). One transaction a
 * second; other processes may read it meanwhile (write-ahead log). */
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <sqlite3.h>
#include <string.h>

#include "base/limit.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/log.h"
#include "base/mem.h"
#include "field/write.h"
#include "store/beacons.h"
#include "store/blocks.h"
#include "store/kismetdb_tables.h"
#include "store/kismetdb_forget.h"
#include "store/kismetdb_state.h"
#include "store/log_file.h"
#include "store/pois.h"
#include "wire/tags.h"

#define PAGE_BYTES 4096u
#define TAGS_SIZE (FRAME_TAG_COUNT * 32 + PACKET_ALERTS_MAX * (ALERT_NAME_SIZE + 8) + 64)
#define TELL_US 2000000 /* between two words on how far a stop is */

static const char schema[] =
	"PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" KISMETDB_IDENTITY KISMETDB_TABLES
		BLOCKS_SCHEMA KISMETDB_STATE_TABLES "BEGIN;";
/* Of a log that is gone on with. */
static const char schema_again[] =
	"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" BLOCKS_SCHEMA KISMETDB_STATE_TABLES "BEGIN;";

enum statement { ADD_PACKET, ADD_REPORT, ADD_DEVICE, ADD_SOURCE, ADD_ALERT, ADD_MESSAGE, ADD_SNAPSHOT, N_STATEMENTS };
static const char *const statements[N_STATEMENTS] = {
	"INSERT INTO packets (rowid, ts_sec, ts_usec, phyname, sourcemac, destmac, transmac, frequency, "
	"devkey, lat, lon, alt, speed, heading, packet_len, signal, datasource, dlt, packet, error, tags, "
	"datarate, hash, packetid, packet_full_len) "
	"VALUES (?25,?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24)",
	"INSERT INTO data VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
	"INSERT INTO devices VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	"INSERT INTO datasources VALUES (?,?,?,?,?,?)",
	"INSERT INTO alerts VALUES (?,?,?,?,?,?,?,?)",
	"INSERT INTO messages VALUES (?,?,?,?,?)",
	"INSERT INTO snapshots VALUES (?,?,?,?,?,?)",
};

struct kismetdb {
	sqlite3 *db;
	sqlite3_stmt *add[N_STATEMENTS];
	const struct log_conf *conf;
	const struct log_rooms *rooms;
	struct beacons *beacons; /* NULL: all are kept */
	struct blocks *blocks;
	struct kismetdb_state *state;
	char path[LOG_PATH_SIZE];
	uint32_t to_write;             /* shards that were not written since the first file of a run was begun */
	int64_t row;                   /* the last of packets; given by us, for SQLite would use a number again */
	char (*uuids)[UUID_TEXT_SIZE]; /* of sources, "" until one is asked for */
	uint32_t devices_sec[TRACK_SHARDS], sources_sec, status_sec; /* when they were written last */
	uint32_t shard;                                              /* whose turn it is */
	uint32_t forgot_sec;                                         /* when old rows went last */
	sqlite3_stmt *pages;
	uint64_t message, alert, poi; /* the last that was written */
	uint32_t since_sec;           /* messages and alerts of before are in an earlier file */
	bool failed;
};

static void fail(struct kismetdb *k, const char *what)
{
	if (!k->failed)
		log_write(LOG_LEVEL_ERROR, "The kismetdb log cannot be written: %s: %s", what, sqlite3_errmsg(k->db));
	k->failed = true;
}

static void text(sqlite3_stmt *s, int at, const char *t)
{
	(void) sqlite3_bind_text(s, at, t, -1, SQLITE_TRANSIENT);
}

/* A text that lives until the row is written. */
static void fixed(sqlite3_stmt *s, int at, const char *t, int n)
{
	(void) sqlite3_bind_text(s, at, t, n, SQLITE_STATIC);
}

static void mac(sqlite3_stmt *s, int at, const struct mac *m)
{
	char t[MAC_TEXT_SIZE];

	mac_format(m, t);
	text(s, at, t);
}

static bool run(struct kismetdb *k, enum statement n)
{
	bool done = sqlite3_step(k->add[n]) == SQLITE_DONE;

	(void) sqlite3_reset(k->add[n]);
	(void) sqlite3_clear_bindings(k->add[n]);
	if (!done)
		fail(k, "a row");
	return done;
}

/* A log of an earlier run is a stranger's: only norn's and Kismet's of today are gone on with, and nothing in it is
 * run. */
static bool open_again(struct kismetdb *k, const char *path)
{
	sqlite3_stmt *s = NULL;
	bool good;

	if (sqlite3_open_v2(path, &k->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		return false;
	(void) sqlite3_db_config(k->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void) sqlite3_db_config(k->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	(void) sqlite3_db_config(k->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	(void) sqlite3_db_config(k->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	good = sqlite3_prepare_v2(k->db, "SELECT db_version FROM KISMET", -1, &s, NULL) == SQLITE_OK &&
	       sqlite3_step(s) == SQLITE_ROW && sqlite3_column_int(s, 0) == KISMETDB_VERSION;
	(void) sqlite3_finalize(s);
	return good && sqlite3_exec(k->db, schema_again, NULL, NULL, NULL) == SQLITE_OK;
}

static bool open_new(struct kismetdb *k, const char *path)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;

	return sqlite3_open_v2(path, &k->db, flags, NULL) == SQLITE_OK &&
	       sqlite3_exec(k->db, schema, NULL, NULL, NULL) == SQLITE_OK;
}

static bool begin(struct kismetdb *k, bool again)
{
	bool good = true;

	for (size_t i = 0; i < N_STATEMENTS && good; i++)
		good = sqlite3_prepare_v3(k->db, statements[i], -1, SQLITE_PREPARE_PERSISTENT, &k->add[i], NULL) ==
		       SQLITE_OK;
	good = good && sqlite3_prepare_v2(k->db, "PRAGMA page_count", -1, &k->pages, NULL) == SQLITE_OK;
	k->blocks = good ? blocks_create(k->db) : NULL;
	k->state = k->blocks ? kismetdb_state_create(k->db, k->rooms->fingerprints) : NULL;
	if (!k->state || !again)
		return k->state;
	k->alert = k->conf->resumed_alerts;
	k->row = blocks_go_on(k->blocks, k->db);
	return k->row >= 0;
}

static void *open_kismetdb(const char *path, uint32_t since_sec, const struct log_conf *conf,
			   const struct log_rooms *rooms, char ret_error[256])
{
	struct kismetdb *k = xnew(struct kismetdb, 1);
	bool again = conf->resume_same && conf->resumed_from && strcmp(path, conf->resumed_from) == 0;

	k->conf = conf;
	k->since_sec = since_sec;
	for (size_t i = 0; i < TRACK_SHARDS; i++)
		k->devices_sec[i] = since_sec;
	k->rooms = rooms;
	(void) snprintf(k->path, sizeof(k->path), "%s", path);
	k->to_write = since_sec ? 0 : TRACK_SHARDS;
	if ((again ? open_again(k, path) : open_new(k, path)) && begin(k, again)) {
		k->beacons = conf->thin_beacons ? beacons_create() : NULL;
		k->uuids = xalloc(SOURCES_MAX * sizeof(*k->uuids));
		if (conf->devices)
			tracker_watch_gone(rooms->tracker, true);
		return k;
	}
	(void) snprintf(ret_error, 256, "'%.128s' cannot be %s: %s", path, again ? "gone on with" : "made",
			sqlite3_errmsg(k->db));
	kismetdb_state_destroy(k->state);
	blocks_destroy(k->blocks);
	for (size_t i = 0; i < N_STATEMENTS; i++)
		(void) sqlite3_finalize(k->add[i]);
	(void) sqlite3_finalize(k->pages);
	(void) sqlite3_close_v2(k->db);
	free(k);
	return NULL;
}

static void place(sqlite3_stmt *s, int at, const struct position *p)
{
	bool known = p->fix >= POSITION_FIX_2D;

	(void) sqlite3_bind_double(s, at, known ? p->lat : 0);
	(void) sqlite3_bind_double(s, at + 1, known ? p->lon : 0);
}

static const char *uuid_of_source(struct kismetdb *k, uint16_t source)
{
	char *u = k->uuids[source % SOURCES_MAX];
	struct uuid uuid = {{0}};

	if (!*u) {
		(void) capture_uuid(k->rooms->sources, source, &uuid);
		uuid_format(&uuid, u);
	}
	return u;
}

/* What the radio and the frame's header say; the texts are the caller's. */
static void bind_summary(sqlite3_stmt *s, const struct packet_summary *p)
{
	bool known = p->position.fix >= POSITION_FIX_2D;

	(void) sqlite3_bind_int64(s, 1, (sqlite3_int64) (p->time_us / 1000000));
	(void) sqlite3_bind_int64(s, 2, (sqlite3_int64) (p->time_us % 1000000));
	(void) sqlite3_bind_double(s, 7, p->freq_khz);
	place(s, 9, &p->position);
	(void) sqlite3_bind_double(s, 11, known ? (double) p->position.alt_m : 0);
	(void) sqlite3_bind_double(s, 12, known ? (double) p->position.speed_kmh : 0);
	(void) sqlite3_bind_double(s, 13, known ? (double) p->position.heading_deg : 0);
	(void) sqlite3_bind_int64(s, 14, p->captured);
	(void) sqlite3_bind_int(s, 15, p->has_signal ? p->signal_dbm : 0);
	(void) sqlite3_bind_int(s, 17, p->linktype);
	(void) sqlite3_bind_int(s, 19, p->broken);
	(void) sqlite3_bind_double(s, 21, p->rate_100kbps / 10.0);
	(void) sqlite3_bind_int(s, 22, (int) p->hash);
	(void) sqlite3_bind_int64(s, 23, (sqlite3_int64) p->number);
	(void) sqlite3_bind_int64(s, 24, p->length > p->captured ? p->length : p->captured);
}

/* The names of a packet's tags, a space between two. */
static void write_tags(struct kismetdb *k, const struct packet_tags *t, uint32_t left_out, char ret[TAGS_SIZE])
{
	char alert[ALERT_NAME_SIZE];
	char *at = ret;

	*at = '\0';
	for (unsigned i = 0; i < FRAME_TAG_COUNT && t->frame; i++)
		if (t->frame >> i & 1)
			at += sprintf(at, " %s", frame_tag_name(i));
	if (t->n_alerts)
		at += sprintf(at, " ALERT");
	for (unsigned i = 0; i < t->n_alerts; i++) {
		alerts_name(k->rooms->alerts, t->alerts[i], alert);
		at += sprintf(at, " ALERT_%s", alert);
	}
	if (left_out)
		at += sprintf(at, " NORN_BEACONS_LEFT_OUT_%u", left_out);
	if (*ret)
		memmove(ret, ret + 1, (size_t) (at - ret));
}

/* A report that is no packet. */
static enum log_took write_report(struct kismetdb *k, const struct packet_summary *p, const uint8_t *data)
{
	sqlite3_stmt *s = k->add[ADD_REPORT];
	bool known = p->position.fix >= POSITION_FIX_2D;

	(void) sqlite3_bind_int64(s, 1, (sqlite3_int64) (p->time_us / 1000000));
	(void) sqlite3_bind_int64(s, 2, (sqlite3_int64) (p->time_us % 1000000));
	text(s, 3, tracker_phy_name(p->phy));
	mac(s, 4, &p->sender);
	place(s, 5, &p->position);
	(void) sqlite3_bind_double(s, 7, known ? (double) p->position.alt_m : 0);
	(void) sqlite3_bind_double(s, 8, known ? (double) p->position.speed_kmh : 0);
	(void) sqlite3_bind_double(s, 9, known ? (double) p->position.heading_deg : 0);
	text(s, 10, uuid_of_source(k, p->source));
	fixed(s, 11, (const char *) data, p->report - 1);
	(void) sqlite3_bind_blob64(s, 12, data + p->report, p->captured - p->report, SQLITE_STATIC);
	return run(k, ADD_REPORT) ? LOG_WRITTEN : LOG_FAILED;
}

static enum log_took write_packet(void *file, const struct packet_summary *p, const uint8_t *data)
{
	struct kismetdb *k = file;
	sqlite3_stmt *s = k->add[ADD_PACKET];
	char devkey[KEY_TEXT_SIZE] = "0", sender[MAC_TEXT_SIZE], destination[MAC_TEXT_SIZE];
	char transmitter[MAC_TEXT_SIZE], tags[TAGS_SIZE];
	uint32_t left_out = 0;
	const char *uuid, *phy = tracker_phy_name(p->phy);

	if (k->failed)
		return LOG_FAILED;
	if (p->report && p->captured > p->report)
		return k->conf->packets ? write_report(k, p, data) : LOG_LEFT_OUT;
	if (!k->conf->packets || !log_filter_keeps_packet(k->rooms->packets, p) ||
	    (k->beacons && !beacons_keep(k->beacons, p, data, &left_out)))
		return LOG_LEFT_OUT;
	uuid = uuid_of_source(k, p->source);
	mac_format(&p->sender, sender);
	mac_format(&p->destination, destination);
	mac_format(&p->transmitter, transmitter);
	if (!mac_is_zero(&p->sender))
		key_format(&(struct key){key_phy_hash(phy), p->sender}, devkey);
	write_tags(k, &p->tags, left_out, tags);
	bind_summary(s, p);
	fixed(s, 3, phy, -1);
	fixed(s, 4, sender, MAC_TEXT_SIZE - 1);
	fixed(s, 5, destination, MAC_TEXT_SIZE - 1);
	fixed(s, 6, transmitter, MAC_TEXT_SIZE - 1);
	fixed(s, 8, devkey, -1);
	fixed(s, 16, uuid, UUID_TEXT_SIZE - 1);
	(void) sqlite3_bind_blob64(s, 18, data, p->captured, SQLITE_STATIC);
	fixed(s, 20, tags, -1);
	(void) sqlite3_bind_int64(s, 25, ++k->row);
	if (run(k, ADD_PACKET) && !blocks_add(k->blocks, k->row, p, uuid))
		fail(k, "a block");
	return k->failed ? LOG_FAILED : LOG_WRITTEN;
}

static struct field_ctx context(struct kismetdb *k, struct arena *arena)
{
	return (struct field_ctx){.now_us = clock_server_us(),
				  .model_now = tracker_now(k->rooms->tracker),
				  .arena = arena,
				  .env = tracker_env(k->rooms->tracker)};
}

/* The text of a field of the record, by its path; "" when it is absent. */
static void field_text(sqlite3_stmt *s, int at, const struct device *d, const char *name, struct field_ctx *ctx)
{
	const struct field *row = field_find(&device_table, name, strlen(name));
	struct field_value v;

	field_read(row, d, ctx, &v);
	if (v.type == VALUE_TEXT)
		(void) sqlite3_bind_text(s, at, v.text ? v.text : "", (int) v.n, SQLITE_TRANSIENT);
	else
		text(s, at, "");
}

static void device_places(sqlite3_stmt *s, const struct location *l)
{
	struct position mean = {0};

	if (l && l->samples) {
		mean.fix = POSITION_FIX_2D;
		mean.lat = atan2(l->z, hypot(l->x, l->y)) * (180 / M_PI);
		mean.lon = atan2(l->y, l->x) * (180 / M_PI);
	}
	place(s, 7, l ? &l->min : &mean);
	place(s, 9, l ? &l->max : &mean);
	place(s, 11, &mean);
}

static void write_device(struct kismetdb *k, const struct device *d, struct field_ctx *ctx)
{
	sqlite3_stmt *s = k->add[ADD_DEVICE];
	struct field_ctx whole = *ctx;
	char key[KEY_TEXT_SIZE];
	struct buf json = {0};

	if (!log_filter_keeps(k->rooms->devices, d->phy, &d->key.mac))
		return;
	whole.state = true;
	key_format(&d->key, key);
	(void) sqlite3_bind_int64(s, 1, d->first_sec);
	(void) sqlite3_bind_int64(s, 2, d->last_sec);
	text(s, 3, key);
	field_text(s, 4, d, "kismet.device.base.phyname", ctx);
	mac(s, 5, &d->key.mac);
	(void) sqlite3_bind_int(s, 6, d->signal.max_signal);
	device_places(s, d->location);
	(void) sqlite3_bind_int64(s, 13, (sqlite3_int64) d->datasize);
	field_text(s, 14, d, "kismet.device.base.type", ctx);
	field_write(&json, &device_table, d, FIELD_FORMAT_JSON, &whole);
	(void) sqlite3_bind_blob64(s, 15, json.p, json.len, SQLITE_STATIC);
	(void) run(k, ADD_DEVICE);
	buf_finish(&json);
}

/* Devices of a shard that changed since they were written last. */
static void write_shard(struct kismetdb *k, uint32_t shard, uint32_t now)
{
	struct device *devices[TRACK_SLICE];
	struct device_handle handles[TRACK_SLICE];
	struct arena arena = {0};
	struct tracker_walk walk = {
		.view = -1, .since_sec = k->devices_sec[shard], .arena = &arena, .shard = shard, .end = shard + 1};
	uint32_t n;

	while (!k->failed && (n = tracker_next(k->rooms->tracker, &walk, devices, handles)) > 0) {
		struct field_ctx ctx = context(k, &arena);

		for (uint32_t i = 0; i < n; i++)
			write_device(k, devices[i], &ctx);
		arena_reset(&arena);
	}
	arena_finish(&arena);
	k->devices_sec[shard] = now;
}

/* A few shards a second, so that all have had their turn in the interval; or all that is left, and how
 * far that is. */
static void write_devices(struct kismetdb *k, uint32_t now, bool all)
{
	uint32_t n = all ? TRACK_SHARDS : (TRACK_SHARDS + k->conf->device_sec - 1) / k->conf->device_sec;
	uint64_t told = clock_monotonic_us();

	for (uint32_t i = 0; i < n && !k->failed; i++) {
		write_shard(k, k->shard, now);
		k->shard = (k->shard + 1) % TRACK_SHARDS;
		if (k->to_write && --k->to_write == 0 && !kismetdb_state_continues(k->state, k->path, NULL))
			fail(k, "its state");
		if (!all || clock_monotonic_us() - told < TELL_US)
			continue;
		told = clock_monotonic_us();
		log_info("Writing devices to the kismetdb log: %u %%", (i + 1) * 100 / n);
	}
}

static void write_sources(struct kismetdb *k, uint32_t now)
{
	sqlite3_stmt *s = k->add[ADD_SOURCE];
	struct source_record r;
	struct arena arena = {0};

	for (uint32_t i = 0; !k->failed && capture_snapshot(k->rooms->sources, i, &r); i++) {
		struct field_ctx ctx = context(k, &arena);
		char uuid[UUID_TEXT_SIZE];
		struct buf json = {0};

		uuid_format(&r.uuid, uuid);
		text(s, 1, uuid);
		text(s, 2, r.driver.type);
		text(s, 3, r.definition);
		text(s, 4, r.name);
		text(s, 5, r.interface);
		field_write(&json, &source_table, &r, FIELD_FORMAT_JSON, &ctx);
		(void) sqlite3_bind_blob64(s, 6, json.p, json.len, SQLITE_STATIC);
		(void) run(k, ADD_SOURCE);
		buf_finish(&json);
	}
	arena_finish(&arena);
	k->sources_sec = now;
}

/* Devices that were evicted since, the oldest first. */
static void write_gone(struct kismetdb *k)
{
	struct gone_device *g = tracker_gone(k->rooms->tracker), *in_order = NULL;
	struct arena arena = {0};

	while (g) {
		struct gone_device *next = g->next;

		g->next = in_order;
		in_order = g;
		g = next;
	}
	while (in_order) {
		struct field_ctx ctx = context(k, &arena);

		if (!k->failed)
			write_device(k, &in_order->device, &ctx);
		arena_reset(&arena);
		in_order = tracker_gone_free(k->rooms->tracker, in_order);
	}
	arena_finish(&arena);
}

static const char *message_type(int32_t flags)
{
	if (flags & MESSAGE_FATAL)
		return "FATAL";
	if (flags & MESSAGE_ERROR)
		return "ERROR";
	if (flags & MESSAGE_INFO)
		return "INFO";
	return flags & MESSAGE_DEBUG ? "DEBUG" : "";
}

static void write_messages(struct kismetdb *k, const struct position *here)
{
	sqlite3_stmt *s = k->add[ADD_MESSAGE];
	struct message m;

	while (!k->failed && message_after(k->rooms->messages, k->message, &m, 1)) {
		k->message = m.number;
		if (m.time < k->since_sec)
			continue;
		(void) sqlite3_bind_int64(s, 1, (sqlite3_int64) m.time);
		place(s, 2, here);
		text(s, 4, message_type(m.flags));
		text(s, 5, m.text);
		(void) run(k, ADD_MESSAGE);
	}
}

static void write_alerts(struct kismetdb *k)
{
	sqlite3_stmt *s = k->add[ADD_ALERT];
	struct arena arena = {0};
	struct alert a;

	while (!k->failed && alerts_after(k->rooms->alerts, k->alert, &a, 1)) {
		struct field_ctx ctx = context(k, &arena);
		struct buf json = {0};

		k->alert = a.number;
		if (a.time < k->since_sec)
			continue;
		(void) sqlite3_bind_int64(s, 1, (sqlite3_int64) a.time);
		(void) sqlite3_bind_int64(s, 2, (sqlite3_int64) (fmod(a.time, 1) * 1e6));
		text(s, 3, a.phy == UINT32_MAX ? "ANY" : tracker_phy_name((uint8_t) a.phy));
		mac(s, 4, &a.source);
		place(s, 5, &a.position);
		text(s, 7, a.name);
		field_write(&json, &alert_table, &a, FIELD_FORMAT_JSON, &ctx);
		(void) sqlite3_bind_blob64(s, 8, json.p, json.len, SQLITE_STATIC);
		(void) run(k, ADD_ALERT);
		buf_finish(&json);
	}
	arena_finish(&arena);
}

static void write_gps(struct kismetdb *k)
{
	sqlite3_stmt *s = k->add[ADD_SNAPSHOT];
	struct gps_record *g = xnew(struct gps_record, GPS_MAX);
	uint32_t n = locator_copy(k->rooms->locator, g, GPS_MAX);
	struct arena arena = {0};

	for (uint32_t i = 0; i < n && !k->failed; i++) {
		struct field_ctx ctx = context(k, &arena);
		struct buf json = {0};

		(void) sqlite3_bind_int64(s, 1, (sqlite3_int64) (ctx.now_us / 1000000));
		(void) sqlite3_bind_int64(s, 2, (sqlite3_int64) (ctx.now_us % 1000000));
		place(s, 3, &g[i].location);
		text(s, 5, "GPS");
		field_write(&json, &gps_table, &g[i], FIELD_FORMAT_JSON, &ctx);
		(void) sqlite3_bind_blob64(s, 6, json.p, json.len, SQLITE_STATIC);
		(void) run(k, ADD_SNAPSHOT);
		buf_finish(&json);
	}
	arena_finish(&arena);
	free(g);
}

/* The system's state in the application's words. */
static void write_status(struct kismetdb *k, uint32_t now)
{
	sqlite3_stmt *s = k->add[ADD_SNAPSHOT];
	struct position here = locator_best(k->rooms->locator, now, NULL);
	uint64_t us = clock_server_us();
	struct buf json = {0};

	k->rooms->write_status(k->rooms->ctx, &json);
	(void) sqlite3_bind_int64(s, 1, (sqlite3_int64) (us / 1000000));
	(void) sqlite3_bind_int64(s, 2, (sqlite3_int64) (us % 1000000));
	place(s, 3, &here);
	text(s, 5, "SYSTEM");
	(void) sqlite3_bind_blob64(s, 6, json.p, json.len, SQLITE_STATIC);
	(void) run(k, ADD_SNAPSHOT);
	buf_finish(&json);
	k->status_sec = now;
}

static void write_slow(struct kismetdb *k, uint32_t now, bool all)
{
	if (k->conf->gps_track)
		write_gps(k);
	if (k->conf->devices) {
		write_gone(k);
		write_devices(k, now, all);
	}
	if (k->conf->status_sec && !k->failed && (all || now - k->status_sec >= k->conf->status_sec))
		write_status(k, now);
	if (k->conf->sources && (all || now - k->sources_sec >= k->conf->source_sec))
		write_sources(k, now);
}

static void commit(struct kismetdb *k, const char *then)
{
	if (!k->failed && sqlite3_exec(k->db, then, NULL, NULL, NULL) != SQLITE_OK)
		fail(k, "a transaction");
}

static void write_pois(struct kismetdb *k)
{
	sqlite3_stmt *s = k->add[ADD_SNAPSHOT];
	struct poi *p;
	uint32_t n;

	if (pois_last(k->rooms->pois) == k->poi)
		return;
	p = xnew(struct poi, limit_of(LIMIT_POIS));
	n = pois_copy(k->rooms->pois, k->poi, p);

	for (uint32_t i = 0; i < n && !k->failed; i++) {
		struct buf json = {0};

		k->poi = p[i].number;
		if (p[i].time_us / 1000000 < k->since_sec)
			continue;
		if (p[i].note[0]) {
			buf_str(&json, "{\"note\":");
			json_text(&json, p[i].note, strlen(p[i].note));
			buf_char(&json, '}');
		}
		(void) sqlite3_bind_int64(s, 1, (sqlite3_int64) (p[i].time_us / 1000000));
		(void) sqlite3_bind_int64(s, 2, (sqlite3_int64) (p[i].time_us % 1000000));
		place(s, 3, &p[i].position);
		text(s, 5, "POI");
		(void) sqlite3_bind_blob64(s, 6, json.p ? json.p : "", json.len, SQLITE_STATIC);
		(void) run(k, ADD_SNAPSHOT);
		buf_finish(&json);
	}
	free(p);
}

static void write_news(struct kismetdb *k)
{
	struct position here = locator_best(k->rooms->locator, clock_server_sec(), NULL);

	if (k->conf->messages)
		write_messages(k, &here);
	if (k->conf->alerts)
		write_alerts(k);
	write_pois(k);
}

static bool sync_kismetdb(void *file)
{
	struct kismetdb *k = file;

	write_news(k);
	commit(k, "COMMIT; BEGIN;");
	return !k->failed;
}

static void write_state(struct kismetdb *k, uint32_t server_sec)
{
	if (!k->failed && !kismetdb_state_write(k->state, server_sec, tracker_now(k->rooms->tracker)))
		fail(k, "its state");
}

static void continues(void *file, const char *path)
{
	struct kismetdb *k = file;

	if (!kismetdb_state_continues(k->state, k->path, path))
		fail(k, "its state");
	commit(k, "COMMIT; BEGIN;"); /* before anybody can kill us */
}

static bool tick(void *file, uint32_t server_sec)
{
	struct kismetdb *k = file;

	write_slow(k, server_sec, false);
	write_state(k, server_sec);
	if (server_sec - k->forgot_sec >= kismetdb_forget_sec(k->conf->timeout_sec)) {
		k->forgot_sec = server_sec;
		if (!k->failed && !kismetdb_forget(k->db, k->conf->timeout_sec, server_sec))
			fail(k, "old rows");
	}
	return sync_kismetdb(k);
}

/* Sources whose places are their own, as a list of SQL. */
static void add_own(struct kismetdb *k, struct buf *sql)
{
	for (uint32_t i = 0; i < SOURCES_MAX; i++)
		if (k->rooms->has_own_place(k->rooms->ctx, (uint16_t) i))
			buf_printf(sql, "'%s',", uuid_of_source(k, (uint16_t) i));
	buf_str(sql, "''");
}

/* Rows by row, for each has its own time; blocks leave out what is older. */
static bool fill_places(void *file, const struct gps_gap *gap)
{
	struct kismetdb *k = file;
	struct buf sql = {0};
	sqlite3_stmt *find = NULL, *set = NULL;
	bool good;

	buf_printf(&sql,
		   "SELECT rowid, ts_sec * 1000000 + ts_usec FROM packets WHERE rowid > (SELECT "
		   "ifnull(max(last_row), 0) FROM norn_blocks WHERE max_us < %llu) AND ts_sec * 1000000 + "
		   "ts_usec BETWEEN %llu AND %llu AND lat = 0 AND lon = 0 AND datasource NOT IN (",
		   (unsigned long long) gap->from_us, (unsigned long long) gap->from_us,
		   (unsigned long long) gap->to_us);
	add_own(k, &sql);
	buf_char(&sql, ')');
	good = sqlite3_prepare_v2(k->db, buf_text(&sql), -1, &find, NULL) == SQLITE_OK &&
	       sqlite3_prepare_v2(k->db, "UPDATE packets SET lat = ?, lon = ?, alt = ? WHERE rowid = ?", -1, &set,
				  NULL) == SQLITE_OK;
	while (good && sqlite3_step(find) == SQLITE_ROW) {
		struct position p = gps_gap_place(gap, (uint64_t) sqlite3_column_int64(find, 1));

		place(set, 1, &p);
		(void) sqlite3_bind_double(set, 3, (double) p.alt_m);
		(void) sqlite3_bind_int64(set, 4, sqlite3_column_int64(find, 0));
		good = sqlite3_step(set) == SQLITE_DONE;
		(void) sqlite3_reset(set);
	}
	if (!good)
		fail(k, "places");
	(void) sqlite3_finalize(find);
	(void) sqlite3_finalize(set);
	buf_finish(&sql);
	return good;
}

static uint64_t bytes(void *file)
{
	struct kismetdb *k = file;
	sqlite3_int64 pages = 0;

	if (sqlite3_step(k->pages) == SQLITE_ROW)
		pages = sqlite3_column_int64(k->pages, 0);
	(void) sqlite3_reset(k->pages);
	return (uint64_t) pages * PAGE_BYTES;
}

static void close_kismetdb(void *file, bool good)
{
	struct kismetdb *k = file;

	k->failed |= !good;
	if (!k->failed) {
		write_slow(k, clock_server_sec(), true);
		write_news(k);
		write_state(k, clock_server_sec());
		if (!blocks_flush(k->blocks))
			fail(k, "a block");
	}
	commit(k, "COMMIT;");
	if (k->conf->devices)
		tracker_watch_gone(k->rooms->tracker, false);
	blocks_destroy(k->blocks);
	kismetdb_state_destroy(k->state);
	beacons_destroy(k->beacons);
	free(k->uuids);
	for (size_t i = 0; i < N_STATEMENTS; i++)
		(void) sqlite3_finalize(k->add[i]);
	(void) sqlite3_finalize(k->pages);
	commit(k, "PRAGMA journal_mode=DELETE;");
	(void) sqlite3_close_v2(k->db);
	free(k);
}

const struct log_kind log_kismetdb = {
	.driver = {"kismet", "KismetDB", "Devices, packets, alerts and messages in one SQLite database", 1, 1},
	.suffix = "kismet",
	.id = LOG_CLASS_KISMET,
	.open = open_kismetdb,
	.continues = continues,
	.packet = write_packet,
	.sync = sync_kismetdb,
	.tick = tick,
	.fill_places = fill_places,
	.bytes = bytes,
	.close = close_kismetdb};
