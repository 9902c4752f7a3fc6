#include "store/log/resume.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/limit.h"
#include "base/mem.h"
#include "base/period.h"
#include "capture/kismetdb_open.h"
#include "field/load.h"
#include "track/restore.h"

#define VERSION_LEAST 4
#define REPORT_EACH 256 /* devices between two progress reports */

struct resuming {
	const struct resume_rooms *rooms;
	struct resume_result *result;
	uint32_t server_sec;
	struct alert *alerts; /* the newest first */
	uint32_t n_alerts, most_alerts;
	uint32_t now_sec; /* of histories */
	bool ended;       /* by progress() */
};

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *s = NULL;

	return sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK ? s : NULL;
}

/* The number that the statement finds; 0 when there is none, or no such table. */
static int64_t number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *s = prepare(db, sql);
	int64_t n = s && sqlite3_step(s) == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;

	(void) sqlite3_finalize(s);
	return n;
}

static struct json_in *json_of(sqlite3_stmt *s, int column)
{
	char error[JSON_IN_ERROR_SIZE];
	const void *p = sqlite3_column_blob(s, column);
	int n = sqlite3_column_bytes(s, column);

	return p && n > 0 && n <= RESUME_RECORD_MAX ? json_in_read(p, (size_t) n, error) : NULL;
}

/* Devices. */

/* False when not all could be read; what was is in the list. */
static bool rows_by(sqlite3 *db, const char *sql, int64_t **ret_rows, uint64_t *ret_n)
{
	sqlite3_stmt *s = prepare(db, sql);
	uint64_t n = 0, cap = 0;
	int step = SQLITE_ERROR;

	while (s && n < RESUME_DEVICES_MAX && (step = sqlite3_step(s)) == SQLITE_ROW) {
		if (n == cap) {
			cap = cap ? cap * 2 : 1024;
			xgrow(*ret_rows, cap);
		}
		(*ret_rows)[n++] = sqlite3_column_int64(s, 0);
	}
	(void) sqlite3_finalize(s);
	*ret_n = n;
	return step == SQLITE_DONE || step == SQLITE_ROW;
}

/* Rows by their latest packet, newest first: when the model is full, older ones are left out. A table that is damaged
 * cannot be sorted: then as they come, up to the damage. */
static int64_t *rows_of_devices(struct resuming *r, sqlite3 *db, uint64_t *ret_n)
{
	int64_t *rows = NULL;

	if (!rows_by(db, "SELECT rowid FROM devices ORDER BY last_time DESC", &rows, ret_n) &&
	    !rows_by(db, "SELECT rowid FROM devices NOT INDEXED", &rows, ret_n))
		r->result->unreadable++;
	return rows;
}

static void take_device(struct resuming *r, sqlite3_stmt *s)
{
	const char *p = sqlite3_column_blob(s, 0);
	size_t n = (size_t) sqlite3_column_bytes(s, 0);
	int took = p && n && n <= RESUME_RECORD_MAX ? tracker_restore(r->rooms->tracker, p, n, r->server_sec)
						    : ERR_MALFORMED;

	r->result->devices += took >= 0;
	r->result->no_room += took == ERR_LIMIT;
	r->result->unreadable += took < 0 && took != ERR_LIMIT && took != ERR_EXISTS;
}

static void take_devices(struct resuming *r, sqlite3 *db)
{
	sqlite3_stmt *s = prepare(db, "SELECT device FROM devices WHERE rowid = ?");
	cleanup_free int64_t *rows = NULL;
	uint64_t n;

	rows = rows_of_devices(r, db, &n);
	for (uint64_t i = 0; s && i < n && !r->ended; i++) {
		(void) sqlite3_bind_int64(s, 1, rows[i]);
		if (sqlite3_step(s) == SQLITE_ROW)
			take_device(r, s);
		else
			r->result->unreadable++;
		(void) sqlite3_reset(s);
		if (r->rooms->progress && (i % REPORT_EACH == 0 || i + 1 == n))
			r->ended = !r->rooms->progress(r->rooms->ctx, i + 1, n);
	}
	(void) sqlite3_finalize(s);
}

/* Alerts: the newest that the backlog holds. */

static void take_alerts(struct resuming *r, sqlite3 *db)
{
	sqlite3_stmt *s = prepare(db, "SELECT json FROM alerts ORDER BY rowid DESC");

	while (s && r->n_alerts < r->most_alerts && sqlite3_step(s) == SQLITE_ROW) {
		struct json_in *v = json_of(s, 0);

		if (v && alert_load(v, &r->alerts[r->n_alerts]))
			r->n_alerts++;
		else
			r->result->unreadable++;
		json_in_free(v);
	}
	(void) sqlite3_finalize(s);
}

static void give_alerts(struct resuming *r)
{
	for (uint32_t i = r->n_alerts; i > 0; i--)
		alerts_restore(r->rooms->alerts, &r->alerts[i - 1]);
	r->result->alerts = r->n_alerts;
}

/* Fingerprints: those that the state folder does not know. */

static void take_fingerprints(struct resuming *r, sqlite3 *db)
{
	sqlite3_stmt *s = prepare(db, "SELECT macaddr, beacon, probe, response FROM norn_fingerprints");
	cleanup_free struct fingerprint *all = NULL;
	uint32_t n = 0, cap = 0;

	while (s && r->rooms->fingerprints && n < limit_of(LIMIT_FINGERPRINTS) && sqlite3_step(s) == SQLITE_ROW) {
		const char *mac = (const char *) sqlite3_column_text(s, 0);
		struct fingerprint x = {.beacon = (uint32_t) sqlite3_column_int64(s, 1),
					.probe = (uint32_t) sqlite3_column_int64(s, 2),
					.response = (uint32_t) sqlite3_column_int64(s, 3)},
				   known;

		if (!mac || mac_parse(mac, strlen(mac), &x.mac) < 0 ||
		    fingerprints_find(r->rooms->fingerprints, &x.mac, &known))
			continue;
		if (n == cap) {
			cap = cap ? cap * 2 : 64;
			xgrow(all, cap);
		}
		all[n++] = x;
	}
	(void) sqlite3_finalize(s);
	if (n && fingerprints_insert(r->rooms->fingerprints, all, n) >= 0)
		r->result->fingerprints += n;
}

/* When the state was written: logs of norn hold the time; for others it is the newest row of their messages and
 * devices. */
static uint32_t when_saved(sqlite3 *db, uint32_t server_sec)
{
	int64_t sec = number(db, "SELECT value FROM norn_state WHERE name = 'written'");

	if (sec == 0)
		sec = number(db, "SELECT max(ts_sec) FROM messages");
	if (sec == 0)
		sec = number(db, "SELECT max(last_time) FROM devices");
	return sec > 0 && sec <= server_sec ? (uint32_t) sec : 0;
}

/* The file before this one, in its folder; false when there is none. */
static bool earlier_file(sqlite3 *db, const char *path, char ret_path[LOG_PATH_SIZE])
{
	sqlite3_stmt *s = prepare(db, "SELECT value FROM norn_state WHERE name = 'continues'");
	const char *name = s && sqlite3_step(s) == SQLITE_ROW ? (const char *) sqlite3_column_text(s, 0) : NULL;
	const char *slash = strrchr(path, '/');
	bool found = name && *name && !strchr(name, '/') &&
		     snprintf(ret_path, LOG_PATH_SIZE, "%.*s%s", slash ? (int) (slash - path + 1) : 0, path, name) <
			     LOG_PATH_SIZE;

	(void) sqlite3_finalize(s);
	return found;
}

/* 0, or negative with a sentence. ret_next is "" when there is no file before it. */
static int take_file(struct resuming *r, const char *path, char ret_next[LOG_PATH_SIZE], char ret_error[256])
{
	enum kismetdb_wal wal;
	sqlite3 *db;
	bool opened = kismetdb_open(path, 2 * RESUME_RECORD_MAX, &db, &wal) == SQLITE_OK;
	int64_t version = opened ? number(db, "SELECT db_version FROM KISMET") : 0;
	uint32_t now;

	*ret_next = '\0';
	if (version < VERSION_LEAST) {
		(void) snprintf(ret_error, 256,
				version > 0 ? "'%.128s' is a log of a version before " TEXT_OF(VERSION_LEAST)
				: access(path, R_OK) != 0 ? "'%.128s' cannot be read"
							  : "'%.128s' is not a readable kismetdb log",
				path);
		(void) sqlite3_close_v2(db);
		return ERR_UNSUPPORTED;
	}
	if (r->result->files++ == 0)
		r->result->saved_sec = when_saved(db, r->server_sec);
	now = (uint32_t) number(db, "SELECT value FROM norn_state WHERE name = 'now'");
	if (now > r->now_sec && now <= r->server_sec)
		r->now_sec = now;
	take_devices(r, db);
	if (r->alerts)
		take_alerts(r, db);
	take_fingerprints(r, db);
	if (!earlier_file(db, path, ret_next))
		*ret_next = '\0';
	(void) sqlite3_close_v2(db);
	return 0;
}

int resume_from(const char *path, const struct resume_rooms *rooms, uint32_t server_sec, struct resume_result *ret,
		char ret_error[256])
{
	struct resuming r = {.rooms = rooms, .result = ret, .server_sec = server_sec};
	char next[LOG_PATH_SIZE], now[LOG_PATH_SIZE], error[256];
	int result;

	*ret = (struct resume_result){0};
	(void) snprintf(ret->path, sizeof(ret->path), "%s", path);
	if (rooms->alerts) {
		r.most_alerts = alerts_backlog(rooms->alerts);
		r.alerts = xnew(struct alert, r.most_alerts);
	}
	result = take_file(&r, path, next, ret_error);
	while (result >= 0 && *next && !r.ended && ret->files < RESUME_FILES_MAX && strcmp(next, path) != 0) {
		(void) strcpy(now, next);
		if (take_file(&r, now, next, error) < 0)
			break; /* removed, as kis_log_keep has it */
	}
	if (r.ended) {
		(void) snprintf(ret_error, 256, "it was interrupted");
		result = -EINTR;
	}
	if (result >= 0 && rooms->alerts)
		give_alerts(&r);
	if (r.now_sec)
		tracker_restore_now(rooms->tracker, r.now_sec);
	ret->refused = tracker_restore_refused(rooms->tracker);
	free(r.alerts);
	return result;
}
