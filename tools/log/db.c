#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "db.h"
#include "capture/kismetdb_open.h"
#include "log.h"
#include "store/log/kismetdb_tables.h"

#define WRITE_BYTES (256 * 1024)
#define BUSY_MS 5000
#define WAL_MISSING "its -wal is missing, and with it the latest rows; copy both files"
#define CELL_BYTES_MOST (64 << 20) /* no record and no packet is that long */
#define PROGRESS_SEC 0.2
#define METRES_OF_DEGREE 111320.0

static bool failed; /* something could not be read */

/* The first number of a query; -1 when it cannot be answered. */
static int64_t log_number(struct log_db *l, const char *sql)
{
	sqlite3_stmt *s = NULL;
	int64_t n = -1;

	if (sqlite3_prepare_v2(l->db, sql, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
		n = sqlite3_column_int64(s, 0);
	(void) sqlite3_finalize(s);
	return n;
}

int log_status(void)
{
	return failed ? 1 : 0;
}

/* To change it: the file may be anybody's, so no code in its schema is trusted, no cell and no size believed. */
static int connect_to_change(struct log_db *l)
{
	int r = sqlite3_open_v2(l->path, &l->db, SQLITE_OPEN_READWRITE, NULL);

	if (r != SQLITE_OK)
		return r;
	(void) sqlite3_db_config(l->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void) sqlite3_db_config(l->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	(void) sqlite3_limit(l->db, SQLITE_LIMIT_LENGTH, CELL_BYTES_MOST);
	(void) sqlite3_busy_timeout(l->db, BUSY_MS);
	(void) sqlite3_exec(l->db, "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0", NULL, NULL, NULL);
	return SQLITE_OK;
}

/* SQLite refuses a file that is shorter than its header says, unless its schema may be written, which a read-only
 * connection does not do; that in turn is not to be had beside its defences against writing. */
static int let_be_damaged(sqlite3 *db)
{
	(void) sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
	return sqlite3_exec(db, "PRAGMA writable_schema = ON; SELECT 1 FROM sqlite_master LIMIT 1", NULL, NULL, NULL);
}

static int connect_to(struct log_db *l, enum log_open how)
{
	enum kismetdb_wal wal = KISMETDB_WAL_NONE;
	int r = how == LOG_CHANGE ? connect_to_change(l) : kismetdb_open(l->path, CELL_BYTES_MOST, &l->db, &wal);

	l->lacks_wal = wal == KISMETDB_WAL_MISSING;
	if (how == LOG_MEND && (r & 0xff) == SQLITE_CORRUPT)
		r = let_be_damaged(l->db);
	return r;
}

static int read_version(struct log_db *l)
{
	sqlite3_stmt *s = NULL;
	int r = sqlite3_prepare_v2(l->db, "SELECT db_version FROM KISMET", -1, &s, NULL);

	if (r == SQLITE_OK && (r = sqlite3_step(s)) == SQLITE_ROW)
		l->version = sqlite3_column_int64(s, 0);
	(void) sqlite3_finalize(s);
	return r;
}

static void report_why_not(const struct log_db *l, int r)
{
	const char *p = l->path;
	struct stat st;

	if (l->version > 0)
		(void) fprintf(stderr,
			       "norn-log: '%s' has version %lld of the format; the oldest that can be read is %d\n", p,
			       (long long) l->version, LOG_VERSION_LEAST);
	else if (r == SQLITE_CORRUPT)
		(void) fprintf(stderr, "norn-log: '%s' is damaged; %s\n", p, log_way_out(l));
	else if (stat(p, &st) == 0 && st.st_size == 0)
		(void) fprintf(stderr, "norn-log: '%s' is empty\n", p);
	else if (l->lacks_wal)
		(void) fprintf(stderr, "norn-log: '%s': " WAL_MISSING "; nothing else can be read\n", p);
	else if (r == SQLITE_NOTADB || r == SQLITE_ERROR || r == SQLITE_DONE || r == SQLITE_ROW)
		(void) fprintf(stderr, "norn-log: '%s' is not a kismetdb log\n", p);
	else
		(void) fprintf(stderr, "norn-log: cannot open '%s': %s\n", p, sqlite3_errmsg(l->db));
}

bool log_open(struct log_db *l, const char *path, enum log_open how)
{
	int r;

	*l = (struct log_db){.path = path, .position_unit = 1};
	if (access(path, R_OK) != 0) {
		(void) fprintf(stderr, "norn-log: '%s' cannot be read: %s\n", path, strerror(errno));
		failed = true;
		return false;
	}
	r = connect_to(l, how);
	if (r == SQLITE_OK)
		r = read_version(l);
	if ((r & 0xff) == SQLITE_READONLY) { /* its writer died: what it left half done is undone first */
		log_close(l);
		r = connect_to_change(l);
		if (r == SQLITE_OK)
			r = read_version(l);
	}
	if (l->version == 0 && how == LOG_MEND && log_has(l, "packets", "packet"))
		l->version = log_has(l, "packets", "alt") ? KISMETDB_VERSION : LOG_VERSION_LEAST;
	if (l->version >= LOG_VERSION_LEAST) {
		if (l->lacks_wal)
			(void) fprintf(stderr, "norn-log: '%s': " WAL_MISSING "\n", path);
		if (l->version < 5)
			l->position_unit = 1e-5;
		return true;
	}
	report_why_not(l, r & 0xff);
	log_close(l);
	failed = true;
	return false;
}

void log_close(struct log_db *l)
{
	(void) sqlite3_close_v2(l->db);
	l->db = NULL;
}

bool log_next(struct log_db *l, sqlite3_stmt *s)
{
	int r = sqlite3_step(s);

	if (r == SQLITE_ROW)
		return true;
	l->torn |= r != SQLITE_DONE;
	if (r != SQLITE_DONE)
		log_torn(l, sqlite3_errmsg(l->db));
	return false;
}

const char *log_way_out(const struct log_db *l)
{
	return l->lacks_wal
		       ? "it was copied while it was written: copy it again, with its -wal or when it has not changed "
			 "for some seconds; `norn-log repair` saves what this copy holds"
		       : "`norn-log repair` saves what can be read";
}

void log_torn(const struct log_db *l, const char *why)
{
	(void) fprintf(stderr, "norn-log: '%s' cannot be read to its end: %s; %s\n", l->path, why, log_way_out(l));
	failed = true;
}

void log_torn_record(struct log_db *l, const char *mac)
{
	if (!l->torn)
		(void) fprintf(stderr, "norn-log: '%s': the record of %.17s, and maybe others, cannot be read\n",
			       l->path, mac);
	l->torn = failed = true;
}

const char *log_column(struct log_db *l, const char *table, const char *column, const char *otherwise)
{
	return log_has(l, table, column) ? column : otherwise;
}

uint64_t log_rows(struct log_db *l, const char *table)
{
	char *sql =
		sqlite3_mprintf("SELECT (SELECT max(rowid) FROM %s) - (SELECT min(rowid) FROM %s) + 1", table, table);
	int64_t n = log_number(l, sql);

	sqlite3_free(sql);
	return n > 0 ? (uint64_t) n : 0;
}

sqlite3_stmt *log_prepare(struct log_db *l, const char *sql)
{
	sqlite3_stmt *s = NULL;

	if (sqlite3_prepare_v2(l->db, sql, -1, &s, NULL) == SQLITE_OK)
		return s;
	if (sqlite3_errcode(l->db) == SQLITE_CORRUPT)
		log_torn(l, sqlite3_errmsg(l->db));
	else
		(void) fprintf(stderr, "norn-log: '%s': %s\n", l->path, sqlite3_errmsg(l->db));
	exit(1);
}

bool log_has(struct log_db *l, const char *table, const char *column)
{
	return sqlite3_table_column_metadata(l->db, NULL, table, column, NULL, NULL, NULL, NULL, NULL) == SQLITE_OK;
}

bool log_run(struct log_db *l, const char *sql)
{
	if (sqlite3_exec(l->db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return true;
	(void) fprintf(stderr, "norn-log: '%s': %s\n", l->path, sqlite3_errmsg(l->db));
	failed = true;
	return false;
}

const char *log_text(sqlite3_stmt *s, int column)
{
	const char *t = (const char *) sqlite3_column_text(s, column);

	return t ? t : "";
}

double log_position(const struct log_db *l, sqlite3_stmt *s, int column)
{
	return sqlite3_column_double(s, column) * l->position_unit;
}

bool log_position_good(const struct log_options *o, double lat, double lon)
{
	double dy = (lat - o->exclude_lat) * METRES_OF_DEGREE;
	double dx = (lon - o->exclude_lon) * METRES_OF_DEGREE * cos(lat * M_PI / 180);

	if (lat == 0 || lon == 0 || !(fabs(lat) <= 90) || !(fabs(lon) <= 180))
		return false;
	return o->exclude_m <= 0 || hypot(dx, dy) > o->exclude_m;
}

FILE *log_output(const struct log_options *o)
{
	FILE *f;

	if (!o->out || strcmp(o->out, "-") == 0)
		return stdout;
	f = fopen(o->out, o->force ? "we" : "wxe");
	if (f)
		return f;
	(void) fprintf(stderr, "norn-log: cannot create '%s': %s%s\n", o->out, strerror(errno),
		       errno == EEXIST ? "; --force replaces it" : "");
	exit(1);
}

void log_write_out(FILE *f, struct buf *b, bool all)
{
	if (!all && b->len < WRITE_BYTES)
		return;
	if (b->len && fwrite(b->p, 1, b->len, f) != b->len) {
		(void) fprintf(stderr, "norn-log: cannot write the output: %s\n", strerror(errno));
		exit(1);
	}
	buf_clear(b);
}

void log_finish(FILE *f, struct buf *b)
{
	if (!f)
		return;
	log_write_out(f, b, true);
	buf_finish(b);
	if (fflush(f) != 0 || (f != stdout && fclose(f) != 0)) {
		(void) fprintf(stderr, "norn-log: cannot write the output: %s\n", strerror(errno));
		exit(1);
	}
}

static double seconds(void)
{
	struct timespec now;

	(void) clock_gettime(CLOCK_MONOTONIC, &now);
	return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

void log_progress(const struct log_options *o, uint64_t done, uint64_t total)
{
	static const char full[] = "########################################";
	static double began, reported;
	static int shown = -1; /* is it a terminal? */
	double now, part;
	int left;

	if (shown < 0)
		shown = isatty(STDERR_FILENO);
	if (o->quiet || !shown)
		return;
	if (total == 0) {
		if (reported > 0)
			(void) fputs("\r\033[K", stderr);
		began = reported = 0;
		return;
	}
	now = seconds();
	if (began == 0)
		began = now;
	if (now - reported < PROGRESS_SEC)
		return;
	reported = now;
	part = done < total ? (double) done / (double) total : 1;
	left = part > 0 ? (int) fmin((now - began) * (1 - part) / part, 359999) : 0;
	(void) fprintf(stderr, "\r\033[K[%-*.*s] %3.0f %%, %d:%02d:%02d left", (int) sizeof(full) - 1,
		       (int) (part * (sizeof(full) - 1)), full, part * 100, left / 3600, left / 60 % 60, left % 60);
}

const struct json_in *log_member(const struct json_in *record, const char *name, const char *below)
{
	const struct json_in *v = json_in_get(record, name);

	return v && below ? json_in_get(v, below) : v;
}
