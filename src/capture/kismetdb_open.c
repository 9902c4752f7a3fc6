#include "capture/kismetdb_open.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/owned_file.h"

#define BUSY_MS 5000
#define VERSION_AT 18 /* of the header: 2 says that rows may stand in a write-ahead log (SQLite file format, 1.3.3) */
#define VERSION_WAL 2

/* A writer that ends makes version 1 of it. */
static bool says_wal(const char *path)
{
	unsigned char head[VERSION_AT + 1] = {0};
	FILE *f = fopen(path, "re");
	size_t n = f ? fread(head, 1, sizeof(head), f) : 0;

	if (f)
		(void) fclose(f);
	return n == sizeof(head) && head[VERSION_AT] == VERSION_WAL;
}

/* The log that this process writes is opened by SQLite alone (base/owned_file.h), and has its -wal. */
static enum kismetdb_wal look_for_wal(const char *path)
{
	struct buf wal = {0};
	struct stat st;
	bool there;

	if (owned_file_at(path))
		return KISMETDB_WAL_THERE;
	buf_printf(&wal, "%s-wal", path);
	there = stat(buf_text(&wal), &st) == 0;
	buf_finish(&wal);
	if (!says_wal(path))
		return KISMETDB_WAL_NONE;
	return there ? KISMETDB_WAL_THERE : KISMETDB_WAL_MISSING;
}

static int open_as(const char *path, const char *how, sqlite3 **ret_db)
{
	int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
	struct buf uri = {0};
	int r;

	if (!how)
		return sqlite3_open_v2(path, ret_db, flags, NULL);
	buf_str(&uri, "file:");
	for (const char *p = path; *p; p++)
		if (strchr("?#%", *p))
			buf_printf(&uri, "%%%02X", (unsigned char) *p);
		else
			buf_char(&uri, *p);
	buf_printf(&uri, "?%s", how);
	r = sqlite3_open_v2(buf_text(&uri), ret_db, flags | SQLITE_OPEN_URI, NULL);
	buf_finish(&uri);
	return r;
}

static void distrust(sqlite3 *db, int cell_max)
{
	(void) sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void) sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	(void) sqlite3_limit(db, SQLITE_LIMIT_LENGTH, cell_max);
	(void) sqlite3_busy_timeout(db, BUSY_MS);
	(void) sqlite3_exec(db, "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0", NULL, NULL, NULL);
}

static int try_to_open(const char *path, const char *how, const char *pragma, int cell_max, sqlite3 **ret_db)
{
	int r = open_as(path, how, ret_db);

	if (r != SQLITE_OK)
		return r;
	distrust(*ret_db, cell_max);
	return sqlite3_exec(*ret_db, pragma, NULL, NULL, NULL);
}

#define TOUCH "SELECT 1 FROM sqlite_master LIMIT 1" /* opens the file, and the -wal with it */

int kismetdb_open(const char *path, int cell_max, sqlite3 **ret_db, enum kismetdb_wal *ret_wal)
{
	int r;

	*ret_db = NULL;
	*ret_wal = look_for_wal(path);
	if (*ret_wal == KISMETDB_WAL_MISSING)
		return try_to_open(path, "immutable=1", TOUCH, cell_max, ret_db);
	r = try_to_open(path, NULL, TOUCH, cell_max, ret_db);
	if (*ret_wal != KISMETDB_WAL_THERE || ((r & 0xff) != SQLITE_CANTOPEN && (r & 0xff) != SQLITE_READONLY))
		return r;
	/* The index of the -wal cannot be made beside it: it is made in memory, which needs the file for oneself, and
	 * no locks, for a read-only file takes none. */
	(void) sqlite3_close_v2(*ret_db);
	*ret_db = NULL;
	return try_to_open(path, "vfs=unix-none", "PRAGMA locking_mode = EXCLUSIVE;" TOUCH, cell_max, ret_db);
}
