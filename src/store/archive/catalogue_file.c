#include "store/archive/catalogue_file.h"

#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

#include "base/limit.h"
#include "base/log.h"
#include "base/mem.h"

#define VERSION 1 /* of its table; another one is made anew */
#define TABLE                                                                                                          \
	"CREATE TABLE IF NOT EXISTS logs (path TEXT PRIMARY KEY, inode INT, octets INT, changed_ns INT, "              \
	"first_us INT, last_us INT, packets INT, devices INT, version INT, sightings INT, damaged INT, damage TEXT);"  \
	"PRAGMA user_version = 1;"
#define COLUMNS                                                                                                        \
	"path, inode, octets, changed_ns, first_us, last_us, packets, devices, version, sightings, damaged, damage"

static bool reported; /* the catalogue's thread alone */

static sqlite3 *open_file(const char *path, int flags)
{
	sqlite3 *db = NULL;

	if (sqlite3_open_v2(path, &db, flags | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK)
		return db;
	(void) sqlite3_close_v2(db);
	return NULL;
}

static bool is_ours(sqlite3 *db)
{
	sqlite3_stmt *s = NULL;
	bool ours = sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &s, NULL) == SQLITE_OK &&
		    sqlite3_step(s) == SQLITE_ROW && sqlite3_column_int(s, 0) == VERSION;

	(void) sqlite3_finalize(s);
	return ours;
}

static void copy_text(char *ret, size_t size, sqlite3_stmt *s, int column)
{
	const unsigned char *text = sqlite3_column_text(s, column);

	(void) snprintf(ret, size, "%s", text ? (const char *) text : "");
}

static struct archived_log read_row(sqlite3_stmt *s)
{
	struct archived_log log = {.stamp = {.inode = (uint64_t) sqlite3_column_int64(s, 1),
					     .octets = (uint64_t) sqlite3_column_int64(s, 2),
					     .changed_ns = (uint64_t) sqlite3_column_int64(s, 3)},
				   .first_us = (uint64_t) sqlite3_column_int64(s, 4),
				   .last_us = (uint64_t) sqlite3_column_int64(s, 5),
				   .packets = (uint64_t) sqlite3_column_int64(s, 6),
				   .devices = (uint32_t) sqlite3_column_int64(s, 7),
				   .version = sqlite3_column_int(s, 8),
				   .has_sightings = sqlite3_column_int(s, 9) != 0,
				   .damaged = sqlite3_column_int(s, 10) != 0};

	copy_text(log.path, sizeof(log.path), s, 0);
	copy_text(log.damage, sizeof(log.damage), s, 11);
	return log;
}

size_t catalogue_file_load(const char *path, struct archived_log **ret)
{
	sqlite3 *db = open_file(path, SQLITE_OPEN_READONLY);
	sqlite3_stmt *s = NULL;
	int r = SQLITE_DONE;
	size_t n = 0;

	*ret = NULL;
	if (db && is_ours(db) &&
	    sqlite3_prepare_v2(db, "SELECT " COLUMNS " FROM logs ORDER BY path", -1, &s, NULL) == SQLITE_OK)
		while ((r = sqlite3_step(s)) == SQLITE_ROW && n < limit_of(LIMIT_ARCHIVE)) {
			xgrow(*ret, n + 1);
			(*ret)[n++] = read_row(s);
		}
	(void) sqlite3_finalize(s);
	(void) sqlite3_close_v2(db);
	return n;
}

static bool remove_row(sqlite3 *db, const char *path)
{
	sqlite3_stmt *s = NULL;
	bool done = sqlite3_prepare_v2(db, "DELETE FROM logs WHERE path = ?", -1, &s, NULL) == SQLITE_OK &&
		    sqlite3_bind_text(s, 1, path, -1, SQLITE_STATIC) == SQLITE_OK && sqlite3_step(s) == SQLITE_DONE;

	(void) sqlite3_finalize(s);
	return done;
}

static bool write_row(sqlite3 *db, const struct archived_log *log)
{
	const sqlite3_int64 numbers[] = {(sqlite3_int64) log->stamp.inode,
					 (sqlite3_int64) log->stamp.octets,
					 (sqlite3_int64) log->stamp.changed_ns,
					 (sqlite3_int64) log->first_us,
					 (sqlite3_int64) log->last_us,
					 (sqlite3_int64) log->packets,
					 log->devices,
					 log->version,
					 log->has_sightings,
					 log->damaged};
	sqlite3_stmt *s = NULL;
	bool done = sqlite3_prepare_v2(db, "INSERT OR REPLACE INTO logs (" COLUMNS ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
				       -1, &s, NULL) == SQLITE_OK;

	if (done) {
		(void) sqlite3_bind_text(s, 1, log->path, -1, SQLITE_STATIC);
		for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
			(void) sqlite3_bind_int64(s, (int) i + 2, numbers[i]);
		(void) sqlite3_bind_text(s, (int) ARRAY_SIZE(numbers) + 2, log->damage, -1, SQLITE_STATIC);
		done = sqlite3_step(s) == SQLITE_DONE;
	}
	(void) sqlite3_finalize(s);
	return done;
}

/* One that another version wrote, or that is damaged, holds nothing that cannot be read again. */
static sqlite3 *open_to_write(const char *path)
{
	sqlite3 *db = open_file(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);

	if (db && (is_ours(db) || sqlite3_exec(db, TABLE, NULL, NULL, NULL) == SQLITE_OK))
		return db;
	(void) sqlite3_close_v2(db);
	(void) unlink(path);
	db = open_file(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
	if (db && sqlite3_exec(db, TABLE, NULL, NULL, NULL) == SQLITE_OK)
		return db;
	(void) sqlite3_close_v2(db);
	return NULL;
}

static bool is_known(const struct archived_log *old, const struct archived_log *now)
{
	return old && old->stamp.inode == now->stamp.inode && old->stamp.octets == now->stamp.octets &&
	       old->stamp.changed_ns == now->stamp.changed_ns;
}

void catalogue_file_save(const char *path, const struct archived_log *old, size_t n_old, const struct archived_log *now,
			 size_t n_now)
{
	sqlite3 *db = NULL;
	bool good = true;

	for (size_t i = 0; good && i < n_old + n_now; i++) {
		const struct archived_log *removed =
			i < n_old && !archived_log_find(now, n_now, old[i].path) ? &old[i] : NULL;
		const struct archived_log *log = i < n_old ? NULL : &now[i - n_old];

		if (log && (!log->first_us || is_known(archived_log_find(old, n_old, log->path), log)))
			log = NULL; /* what is open is read again after the next start */
		if ((removed || log) && !db)
			good = (db = open_to_write(path)) != NULL &&
			       sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK;
		if (good && removed)
			good = remove_row(db, removed->path);
		if (good && log)
			good = write_row(db, log);
	}
	if (db && good)
		good = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
	(void) sqlite3_close_v2(db);
	if (!good && !reported)
		log_warning("The catalogue of logs cannot be kept in '%.256s'; the next start reads them again", path);
	reported = !good;
}
