#include "store/archive/archived_log.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/stop.h"
#include "capture/kismetdb_open.h"

#define CELL_MAX (1024 * 1024) /* nothing long is read here */
#define STEPS_A_LOOK 100000    /* of SQLite's machine, between looks at the stop */

#define L struct archived_log
static const struct field rows[] = {
	FIELD(L, "norn.archive.path", path, "File."),
	FIELD(L, "norn.archive.octets", stamp.octets, "Octets of it, those of its -wal included."),
	FIELD(L, "norn.archive.first", first_us, "Time of its first packet, or other row, in microseconds since 1970."),
	FIELD(L, "norn.archive.last", last_us, "Time of its last."),
	FIELD(L, "norn.archive.packets", packets, "Rows of packets, about."),
	FIELD(L, "norn.archive.devices", devices, "Rows of devices, about."),
	FIELD(L, "norn.archive.version", version, "Version of the format; 0: unknown."),
	FIELD(L, "norn.archive.sightings", has_sightings, "It has sightings, from which it is searched quickly."),
	FIELD(L, "norn.archive.damaged", damaged, "It cannot be read, or not to its end, and is passed over."),
	FIELD(L, "norn.archive.damage", damage, "Why."),
};
struct field_table archived_log_table = FIELD_TABLE(L, "archived log", rows);
#undef L

static uint64_t ns_of(const struct timespec *t)
{
	return (uint64_t) t->tv_sec * UINT64_C(1000000000) + (uint64_t) t->tv_nsec;
}

bool archived_stamp(const char *path, struct archived_stamp *ret)
{
	char wal[ARCHIVE_PATH_SIZE + 8];
	struct stat st;

	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	*ret = (struct archived_stamp){(uint64_t) st.st_ino, (uint64_t) st.st_size, ns_of(&st.st_mtim)};
	(void) snprintf(wal, sizeof(wal), "%s-wal", path);
	if (stat(wal, &st) == 0) {
		ret->octets += (uint64_t) st.st_size;
		if (ns_of(&st.st_mtim) > ret->changed_ns)
			ret->changed_ns = ns_of(&st.st_mtim);
	}
	return true;
}

/* Asks whether to stop in the midst of a long statement. */
static int is_stopping(void *ctx)
{
	(void) ctx;
	return stop_begun();
}

/* Runs a statement of one row; true unless the log has no such table or column. NULLs are left out of ret. */
static bool ask(sqlite3 *db, struct archived_log *log, const char *sql, int64_t *ret, int n)
{
	sqlite3_stmt *s = NULL;
	int r;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		return false;
	r = sqlite3_step(s);
	for (int i = 0; r == SQLITE_ROW && i < n; i++)
		if (sqlite3_column_type(s, i) != SQLITE_NULL)
			ret[i] = sqlite3_column_int64(s, i);
	if (r != SQLITE_ROW && r != SQLITE_DONE && !stop_begun()) {
		log->damaged = true;
		(void) snprintf(log->damage, sizeof(log->damage), "%.150s", sqlite3_errmsg(db));
	}
	(void) sqlite3_finalize(s);
	return true;
}

/* Times before 1970 and beyond 32 bits are damage. */
static void cover(struct archived_log *log, int64_t first_us, int64_t last_us)
{
	if (first_us <= 0 || last_us < first_us || last_us / 1000000 > UINT32_MAX)
		return;
	if (!log->first_us || (uint64_t) first_us < log->first_us)
		log->first_us = (uint64_t) first_us;
	if ((uint64_t) last_us > log->last_us)
		log->last_us = (uint64_t) last_us;
}

static void cover_by(sqlite3 *db, struct archived_log *log, const char *sql)
{
	int64_t span[2] = {0};

	(void) ask(db, log, sql, span, 2);
	cover(log, span[0], span[1]);
}

#define SPAN_OF(table, more)                                                                                           \
	"SELECT min(ts_sec * 1000000 + ts_usec), max(ts_sec * 1000000 + ts_usec) FROM " table " " more

/* By the index where there is one: of runs of packets, and of the rows behind the last run. */
static void cover_packets(sqlite3 *db, struct archived_log *log)
{
	int64_t span[3] = {0};

	if (!ask(db, log, "SELECT min(min_us), max(max_us), max(last_row) FROM norn_blocks", span, 3)) {
		cover_by(db, log, SPAN_OF("packets", "WHERE ts_sec > 0"));
		return;
	}
	cover(log, span[0], span[1]);
	cover_by(db, log,
		 SPAN_OF("packets",
			 "WHERE ts_sec > 0 AND rowid > (SELECT coalesce(max(last_row), 0) FROM norn_blocks)"));
}

/* The other rows that have a time; devices only where there is nothing else, since a log that resumes another has those
 * that were last seen long before. */
static void cover_rest(sqlite3 *db, struct archived_log *log)
{
	cover_by(db, log, SPAN_OF("data", "WHERE ts_sec > 0"));
	cover_by(db, log, SPAN_OF("alerts", "WHERE ts_sec > 0"));
	cover_by(db, log, SPAN_OF("snapshots", "WHERE ts_sec > 0"));
	cover_by(db, log, "SELECT min(ts_sec) * 1000000, max(ts_sec) * 1000000 FROM messages WHERE ts_sec > 0");
	if (!log->first_us)
		cover_by(
			db, log,
			"SELECT min(first_time) * 1000000, max(last_time) * 1000000 FROM devices WHERE first_time > 0");
}

static void count_rows(sqlite3 *db, struct archived_log *log)
{
	int64_t n[2] = {0};

	(void) ask(db, log, "SELECT (SELECT max(rowid) FROM packets) - (SELECT min(rowid) FROM packets) + 1", n, 1);
	(void) ask(db, log, "SELECT count(*) FROM devices", n + 1, 1);
	log->packets = (uint64_t) n[0];
	log->devices = (uint32_t) n[1];
}

static void read_all(sqlite3 *db, struct archived_log *log)
{
	int64_t version = 0, sightings = 0;

	if (!ask(db, log, "SELECT db_version FROM KISMET", &version, 1)) {
		log->damaged = true;
		(void) snprintf(log->damage, sizeof(log->damage), "It is an SQLite database, but no kismetdb log");
		return;
	}
	log->version = (int32_t) version;
	(void) ask(db, log, "SELECT 1 FROM sqlite_master WHERE name = 'norn_sightings'", &sightings, 1);
	log->has_sightings = sightings != 0;
	cover_packets(db, log);
	cover_rest(db, log);
	count_rows(db, log);
}

bool archived_log_read(const char *path, struct archived_log *ret_log)
{
	enum kismetdb_wal wal;
	sqlite3 *db;

	*ret_log = (struct archived_log){0};
	(void) snprintf(ret_log->path, sizeof(ret_log->path), "%s", path);
	(void) archived_stamp(path, &ret_log->stamp);
	if (kismetdb_open(path, CELL_MAX, &db, &wal) == SQLITE_OK) {
		sqlite3_progress_handler(db, STEPS_A_LOOK, is_stopping, NULL);
		read_all(db, ret_log);
	} else {
		ret_log->damaged = true;
		(void) snprintf(ret_log->damage, sizeof(ret_log->damage), "%.150s",
				db ? sqlite3_errmsg(db) : "it cannot be opened");
	}
	(void) sqlite3_close_v2(db);
	return !stop_begun();
}

int archived_log_by_path(const void *a, const void *b)
{
	return strcmp(((const struct archived_log *) a)->path, ((const struct archived_log *) b)->path);
}

static int compare_path(const void *path, const void *log)
{
	return strcmp(path, ((const struct archived_log *) log)->path);
}

const struct archived_log *archived_log_find(const struct archived_log *logs, size_t n, const char *path)
{
	return n ? bsearch(path, logs, n, sizeof(*logs), compare_path) : NULL;
}
