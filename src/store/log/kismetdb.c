/* The log class kismet: the SQLite database that Kismet's tools read (db_version 9). One transaction a
 * second; other processes may read it meanwhile (write-ahead log). */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/owned_file.h"
#include "base/stop.h"
#include "capture/registry.h"
#include "store/log/beacon_thinning.h"
#include "store/log/packet_index.h"
#include "store/log/kismetdb.h"
#include "store/log/kismetdb_checkpoint.h"
#include "store/log/kismetdb_devices.h"
#include "store/log/kismetdb_events.h"
#include "store/log/kismetdb_packets.h"
#include "store/log/kismetdb_sightings.h"
#include "store/log/kismetdb_tables.h"
#include "store/log/kismetdb_prune.h"
#include "store/log/kismetdb_state.h"
#include "store/log/log_out.h"
#include "store/log/sighting_rows.h"
#include "track/bounds.h"
#include "track/evicted.h"
#include "track/tracker.h"

#define LAST_US 1500000 /* for all that comes behind the logs */
#define MOVED_A_US 30   /* octets of a write-ahead log that go to the main file, on a slow disk */
#define PAGE_BYTES 4096u
#define OTHERS_MS                                                                                                      \
	5000 /* how long other connections may lock the log: a request that drops packets, a sqlite3 on the command    \
		line */
#define WAL_PAGES_MOST 131072 /* at which the writer makes a checkpoint itself, if no one else did */

#define PAGES "PRAGMA page_size=4096;"
#define JOURNAL "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"

static const char schema[] =
	"BEGIN;" KISMETDB_IDENTITY KISMETDB_TABLES PACKET_INDEX_SCHEMA KISMETDB_SIGHTING_TABLES KISMETDB_STATE_TABLES
	"COMMIT;" JOURNAL "BEGIN;";
/* Of a log that is resumed. */
static const char schema_again[] = JOURNAL PACKET_INDEX_SCHEMA KISMETDB_SIGHTING_TABLES KISMETDB_STATE_TABLES "BEGIN;";

static const char *const statements[KISMETDB_STATEMENTS] = {
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
	"INSERT INTO norn_sightings (" SIGHTING_COLUMNS ", rowid) VALUES (" SIGHTING_VALUES ",?)",
};

void kismetdb_fail(struct kismetdb *k, const char *what)
{
	if (!k->failed)
		log_write(LOG_LEVEL_ERROR, "The kismetdb log cannot be written: %s: %s", what, sqlite3_errmsg(k->db));
	k->failed = true;
}

void kismetdb_text(sqlite3_stmt *s, int at, const char *t)
{
	(void) sqlite3_bind_text(s, at, t, -1, SQLITE_TRANSIENT);
}

/* A text that lives until the row is written. */
void kismetdb_fixed(sqlite3_stmt *s, int at, const char *t, int n)
{
	(void) sqlite3_bind_text(s, at, t, n, SQLITE_STATIC);
}

void kismetdb_mac(sqlite3_stmt *s, int at, const struct mac *m)
{
	char t[MAC_TEXT_SIZE];

	mac_format(m, t);
	kismetdb_text(s, at, t);
}

bool kismetdb_run(struct kismetdb *k, enum kismetdb_statement n)
{
	bool done = sqlite3_step(k->add[n]) == SQLITE_DONE;

	(void) sqlite3_reset(k->add[n]);
	(void) sqlite3_clear_bindings(k->add[n]);
	if (!done)
		kismetdb_fail(k, "a row");
	return done;
}

void kismetdb_position(sqlite3_stmt *s, int at, const struct position *p)
{
	bool known = p->fix >= POSITION_FIX_2D;

	(void) sqlite3_bind_double(s, at, known ? p->lat : 0);
	(void) sqlite3_bind_double(s, at + 1, known ? p->lon : 0);
}

const char *kismetdb_source(struct kismetdb *k, uint16_t source)
{
	char *u = k->uuids[source % SOURCES_MAX];
	struct uuid uuid = {{0}};

	if (!*u) {
		(void) capture_uuid(k->rooms->sources, source, &uuid);
		uuid_format(&uuid, u);
	}
	return u;
}

struct field_ctx kismetdb_context(struct kismetdb *k, struct arena *arena)
{
	return (struct field_ctx){.now_us = clock_server_us(),
				  .model_now = tracker_now(k->rooms->tracker),
				  .arena = arena,
				  .context = tracker_context(k->rooms->tracker)};
}

/* A log of an earlier run is untrusted: only norn's and Kismet's of today are resumed, and nothing in it is run. */
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

/* The tables are made before there is a write-ahead log, so that they are in the main file from the start; but an
 * ephemeral one loses its name now, and after that SQLite opens no file beside it. */
static bool open_new(struct kismetdb *k, const char *path)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	const char *first = k->conf->ephemeral ? PAGES JOURNAL : PAGES;
	int fd = log_file_make(path); /* the files that SQLite makes beside it get its mode */

	if (fd >= 0)
		(void) close(fd);
	return sqlite3_open_v2(path, &k->db, flags, NULL) == SQLITE_OK &&
	       sqlite3_exec(k->db, first, NULL, NULL, NULL) == SQLITE_OK &&
	       sqlite3_exec(k->db, schema, NULL, NULL, NULL) == SQLITE_OK;
}

static bool begin(struct kismetdb *k, bool again)
{
	bool good = true;

	owned_file_add(k->path, &k->owned);

	(void) sqlite3_busy_timeout(k->db, OTHERS_MS);
	for (size_t i = 0; i < KISMETDB_STATEMENTS && good; i++)
		good = sqlite3_prepare_v3(k->db, statements[i], -1, SQLITE_PREPARE_PERSISTENT, &k->add[i], NULL) ==
		       SQLITE_OK;
	good = good && sqlite3_prepare_v2(k->db, "PRAGMA page_count", -1, &k->pages, NULL) == SQLITE_OK;
	good = good && kismetdb_sightings_begin(k, again);
	k->blocks = good ? blocks_create(k->db, &packet_index_sql) : NULL;
	k->state = k->blocks ? kismetdb_state_create(k->db, k->rooms->fingerprints) : NULL;
	if (!k->state || !again)
		return k->state;
	k->alert = k->conf->resumed_alerts;
	k->row = packet_index_go_on(k->blocks, k->db);
	return k->row >= 0;
}

static void *open_kismetdb(const char *path, uint32_t since_sec, const struct log_conf *conf,
			   const struct log_rooms *rooms, char ret_error[256])
{
	struct kismetdb *k = xnew(struct kismetdb, 1);
	bool again = conf->resume_log == LOG_RESUME_SAME && conf->resumed_from && strcmp(path, conf->resumed_from) == 0;

	k->conf = conf;
	k->since_sec = since_sec;
	k->turn_sec = clock_server_sec();
	for (size_t i = 0; i < TRACK_SHARDS; i++)
		k->devices_sec[i] = since_sec;
	k->rooms = rooms;
	(void) snprintf(k->path, sizeof(k->path), "%s", path);
	k->to_write = since_sec ? 0 : TRACK_SHARDS;
	if ((again ? open_again(k, path) : open_new(k, path)) && begin(k, again)) {
		k->beacons = conf->beacons == LOG_BEACONS_CHANGED ? beacons_create() : NULL;
		k->uuids = xalloc(SOURCES_MAX * sizeof(*k->uuids));
		if (!conf->ephemeral && (k->checkpoint = kismetdb_checkpoint_create(path)) != NULL)
			(void) sqlite3_wal_autocheckpoint(k->db, WAL_PAGES_MOST);
		if (conf->devices)
			tracker_keep_evicted(rooms->tracker, true);
		kismetdb_events(k);
		k->follows = true;
		return k;
	}
	(void) snprintf(ret_error, 256, "'%.128s' cannot be %s: %s", path, again ? "resumed" : "made",
			sqlite3_errmsg(k->db));
	kismetdb_state_destroy(k->state);
	blocks_destroy(k->blocks);
	blocks_destroy(k->sighting_blocks);
	for (size_t i = 0; i < KISMETDB_STATEMENTS; i++)
		(void) sqlite3_finalize(k->add[i]);
	(void) sqlite3_finalize(k->pages);
	(void) sqlite3_close_v2(k->db);
	owned_file_remove(&k->owned);
	free(k);
	return NULL;
}

static void write_slow(struct kismetdb *k, uint32_t now, bool all)
{
	if (k->conf->gps_track)
		kismetdb_gps(k);
	if (k->conf->devices)
		kismetdb_devices(k, now, all);
	if (k->conf->status && !k->failed && (all || now - k->status_sec >= k->conf->status_sec))
		kismetdb_status(k, now);
	if (k->conf->sightings && !k->failed)
		kismetdb_sightings(k);
	if (k->conf->sources && (all || now - k->sources_sec >= k->conf->source_sec))
		kismetdb_sources(k, now);
}

static void commit(struct kismetdb *k, const char *then)
{
	if (!k->failed && sqlite3_exec(k->db, then, NULL, NULL, NULL) != SQLITE_OK)
		kismetdb_fail(k, "a transaction");
}

static bool sync_kismetdb(void *file)
{
	struct kismetdb *k = file;

	kismetdb_events(k);
	commit(k, "COMMIT;");
	if (!k->failed) {
		kismetdb_sightings_committed(k);
		kismetdb_checkpoint_see(k->checkpoint, k->db);
	}
	commit(k, "BEGIN;");
	return !k->failed;
}

static void write_state(struct kismetdb *k, uint32_t server_sec)
{
	if (!k->failed && !kismetdb_state_write(k->state, server_sec, tracker_now(k->rooms->tracker)))
		kismetdb_fail(k, "its state");
}

static void continues(void *file, const char *path)
{
	struct kismetdb *k = file;

	if (!kismetdb_state_continues(k->state, k->path, path))
		kismetdb_fail(k, "its state");
	commit(k, "COMMIT; BEGIN;"); /* before norn can be killed */
}

static bool tick(void *file, uint32_t server_sec)
{
	struct kismetdb *k = file;

	if (k->since_sec > server_sec) /* the clock was set back */
		k->since_sec = server_sec;
	write_slow(k, server_sec, false);
	write_state(k, server_sec);
	if (server_sec - k->pruned_sec >= kismetdb_prune_sec(k->conf->timeout_sec)) {
		k->pruned_sec = server_sec;
		if (!k->failed && !kismetdb_prune(k->db, k->conf->timeout_sec, server_sec))
			kismetdb_fail(k, "old rows");
	}
	return sync_kismetdb(k);
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

/* Moves what is in the write-ahead log to the main file, if the server has the time; else it stays beside it, complete,
 * and the next program that opens the log moves it. */
static void end_journal(struct kismetdb *k)
{
	char wal[LOG_PATH_SIZE + 8];
	struct stat st;

	(void) snprintf(wal, sizeof(wal), "%s-wal", k->path);
	if (stop_begun() && stat(wal, &st) == 0 && (uint64_t) st.st_size / MOVED_A_US + LAST_US > stop_left_us()) {
		(void) sqlite3_db_config(k->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
		log_warning("'%s' is part of the log and must stay beside it: there was no time to move it into the "
			    "main file",
			    wal);
		return;
	}
	(void) sqlite3_busy_timeout(k->db, 0); /* a reader that is still open keeps the -wal */
	commit(k, "PRAGMA journal_mode=DELETE;");
}

static void close_kismetdb(void *file, bool good)
{
	struct kismetdb *k = file;

	k->failed |= !good;
	if (stop_begun())
		(void) sqlite3_wal_autocheckpoint(k->db, 0); /* end_journal() looks whether there is time */
	if (!k->failed) {
		write_slow(k, clock_server_sec(), true);
		kismetdb_events(k);
		write_state(k, clock_server_sec());
		if (!blocks_flush(k->blocks) || !blocks_flush(k->sighting_blocks))
			kismetdb_fail(k, "a block");
	}
	commit(k, "COMMIT;");
	if (!k->failed)
		kismetdb_sightings_committed(k);
	kismetdb_checkpoint_destroy(k->checkpoint);
	if (k->conf->devices)
		tracker_keep_evicted(k->rooms->tracker, false);
	blocks_destroy(k->blocks);
	blocks_destroy(k->sighting_blocks);
	kismetdb_state_destroy(k->state);
	beacons_destroy(k->beacons);
	while (k->evicted_list)
		k->evicted_list = tracker_free_evicted(k->rooms->tracker, k->evicted_list);
	free(k->uuids);
	for (size_t i = 0; i < KISMETDB_STATEMENTS; i++)
		(void) sqlite3_finalize(k->add[i]);
	(void) sqlite3_finalize(k->pages);
	end_journal(k);
	(void) sqlite3_close_v2(k->db);
	owned_file_remove(&k->owned);
	free(k);
}

const struct log_kind log_kismetdb = {
	.driver = {"kismet", "KismetDB", "Devices, packets, alerts and messages in one SQLite database", 1, 1},
	.suffix = "kismet",
	.id = LOG_CLASS_KISMET,
	.open = open_kismetdb,
	.continues = continues,
	.packet = kismetdb_packet,
	.sync = sync_kismetdb,
	.tick = tick,
	.fill_positions = kismetdb_fill_positions,
	.bytes = bytes,
	.close = close_kismetdb};
