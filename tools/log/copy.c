#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "copy.h"
#include "base/mem.h"
#include "check.h"
#include "db.h"
#include "log.h"
#include "store/log/kismetdb_tables.h"
#include "store/log/sighting_rows.h"

#define COLUMNS_MOST 64

enum purpose { STRIP, REPAIR, MERGE };

static const char *const tables[] = {"devices", "packets",  "data",      "datasources",
				     "alerts",  "messages", "snapshots", "norn_sightings"};

struct copy {
	const struct log_options *o;
	enum purpose purpose;
	struct log_db *from, *to;
	sqlite3_stmt *known; /* the last time of a device in the output */
	uint64_t done, total, gaps, refused;
};

/* A table on its way: how its rows are read and written, and what each column needs. */
struct table {
	const char *name;
	sqlite3_stmt *get, *put;
	int n;
	bool degrees[COLUMNS_MOST], blank[COLUMNS_MOST];
	int last_time, phyname, devmac; /* columns, -1 when there is none */
};

static bool is_input(const struct log_options *o)
{
	struct stat out, in;

	if (stat(o->out, &out) != 0)
		return false;
	for (unsigned i = 0; i < o->n_inputs; i++)
		if (stat(o->inputs[i], &in) == 0 && in.st_dev == out.st_dev && in.st_ino == out.st_ino)
			return true;
	return false;
}

static void remove_file(const char *path)
{
	static const char *const endings[] = {"", "-journal", "-wal", "-shm"};

	for (size_t i = 0; i < ARRAY_SIZE(endings); i++) {
		char *name = sqlite3_mprintf("%s%s", path, endings[i]);

		(void) unlink(name);
		sqlite3_free(name);
	}
}

/* The output as an empty log; false with a word. */
static bool make(struct log_db *to, const struct log_options *o)
{
	struct stat there;

	*to = (struct log_db){.path = o->out, .position_unit = 1};
	if (!o->out || strcmp(o->out, "-") == 0) {
		(void) fputs("norn-log: a log cannot be written to standard output; --out names its file\n", stderr);
		return false;
	}
	if (is_input(o)) {
		(void) fprintf(stderr, "norn-log: '%s' is the log that is read; --out has to name another file\n",
			       o->out);
		return false;
	}
	if (access(o->out, F_OK) == 0 && !o->force) {
		(void) fprintf(stderr, "norn-log: '%s' exists already; --force replaces it\n", o->out);
		return false;
	}
	if (stat(o->out, &there) == 0 && !S_ISREG(there.st_mode)) {
		(void) fprintf(stderr, "norn-log: '%s' is not a regular file; --out has to name one\n", o->out);
		return false;
	}
	remove_file(o->out);
	if (sqlite3_open_v2(o->out, &to->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK) {
		(void) fprintf(stderr, "norn-log: cannot create '%s': %s\n", o->out, sqlite3_errmsg(to->db));
		log_close(to);
		return false;
	}
	return log_run(to,
		       "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;" KISMETDB_IDENTITY KISMETDB_TABLES
			       SIGHTING_TABLE);
}

/* A column of a later version comes along under its name. */
static bool add_column(struct log_db *to, const char *table, const char *column)
{
	char *sql = sqlite3_mprintf("ALTER TABLE %s ADD COLUMN \"%w\"", table, column);
	bool good = log_run(to, sql);

	sqlite3_free(sql);
	return good;
}

static bool ends_in(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && strcmp(text + n - m, end) == 0;
}

/* Notes column `name` as the next one, and adds it to both statements. */
static void take_column(struct copy *c, struct table *t, const char *name, struct buf *columns)
{
	char *quoted = sqlite3_mprintf("%s\"%w\"", t->n ? "," : "", name);

	buf_str(columns, quoted);
	sqlite3_free(quoted);
	t->degrees[t->n] = c->from->position_unit != 1 && (ends_in(name, "lat") || ends_in(name, "lon")); /* NOLINT */
	t->blank[t->n] = c->purpose == STRIP && strcmp(t->name, "packets") == 0 && strcmp(name, "packet") == 0;
	if (strcmp(name, "last_time") == 0)
		t->last_time = t->n;
	if (strcmp(name, "phyname") == 0)
		t->phyname = t->n;
	if (strcmp(name, "devmac") == 0)
		t->devmac = t->n;
	t->n++;
}

/* False when the log has no such table. */
static bool begin_table(struct copy *c, struct table *t)
{
	char *sql = sqlite3_mprintf("SELECT name FROM pragma_table_info(%Q)", t->name);
	sqlite3_stmt *s = log_prepare(c->from, sql);
	struct buf columns = {0}, text = {0};

	sqlite3_free(sql);
	t->n = 0;
	t->last_time = t->phyname = t->devmac = -1;
	while (log_next(c->from, s) && t->n < COLUMNS_MOST)
		if (log_has(c->to, t->name, log_text(s, 0)) || add_column(c->to, t->name, log_text(s, 0)))
			take_column(c, t, log_text(s, 0), &columns);
	(void) sqlite3_finalize(s);
	if (t->n) {
		buf_printf(&text, "SELECT %s, rowid FROM %s WHERE rowid >= ? ORDER BY rowid", buf_text(&columns),
			   t->name);
		t->get = log_prepare(c->from, buf_text(&text));
		buf_clear(&text);
		buf_printf(&text, "INSERT OR REPLACE INTO %s (%s) VALUES (", t->name, buf_text(&columns));
		for (int i = 0; i < t->n; i++)
			buf_str(&text, i ? ",?" : "?");
		buf_char(&text, ')');
		t->put = log_prepare(c->to, buf_text(&text));
	}
	buf_finish(&columns);
	buf_finish(&text);
	return t->n > 0;
}

/* Of two records of one device the later stays; the later argument wins a draw. */
static bool is_older(struct copy *c, const struct table *t)
{
	bool older = false;

	if (c->purpose != MERGE || strcmp(t->name, "devices") != 0 || t->last_time < 0 || t->phyname < 0 ||
	    t->devmac < 0)
		return false;
	if (!c->known)
		c->known = log_prepare(c->to, "SELECT last_time FROM devices WHERE phyname = ? AND devmac = ?");
	(void) sqlite3_bind_value(c->known, 1, sqlite3_column_value(t->get, t->phyname));
	(void) sqlite3_bind_value(c->known, 2, sqlite3_column_value(t->get, t->devmac));
	if (sqlite3_step(c->known) == SQLITE_ROW)
		older = sqlite3_column_int64(c->known, 0) > sqlite3_column_int64(t->get, t->last_time);
	(void) sqlite3_reset(c->known);
	return older;
}

static void copy_row(struct copy *c, const struct table *t)
{
	log_progress(c->o, ++c->done, c->total);
	if (is_older(c, t))
		return;
	for (int i = 0; i < t->n; i++)
		if (t->blank[i])
			(void) sqlite3_bind_zeroblob(t->put, i + 1, 0);
		else if (t->degrees[i])
			(void) sqlite3_bind_double(t->put, i + 1, log_position(c->from, t->get, i));
		else
			(void) sqlite3_bind_value(t->put, i + 1, sqlite3_column_value(t->get, i));
	if (sqlite3_step(t->put) != SQLITE_DONE && c->refused++ == 0)
		(void) fprintf(stderr, "norn-log: cannot write '%s': %s\n", c->to->path, sqlite3_errmsg(c->to->db));
	(void) sqlite3_reset(t->put);
}

static int seek(const struct table *t, int64_t row)
{
	(void) sqlite3_reset(t->get);
	(void) sqlite3_bind_int64(t->get, 1, row);
	return sqlite3_step(t->get);
}

static bool is_bad(int r)
{
	return r != SQLITE_ROW && r != SQLITE_DONE;
}

/* The statement on the first row that can be read behind a damaged page, found by steps that
 * double and then by halving the last of them; false when there is none. */
static bool skip(const struct table *t, int64_t after)
{
	int64_t step = 1, least = 0;

	while (is_bad(seek(t, after + step))) {
		if (step > INT64_MAX / 4 || after > INT64_MAX / 2)
			return false;
		least = step;
		step *= 2;
	}
	while (step - least > 1) {
		int64_t middle = least + (step - least) / 2;

		if (is_bad(seek(t, after + middle)))
			least = middle;
		else
			step = middle;
	}
	return seek(t, after + step) == SQLITE_ROW;
}

static void copy_table(struct copy *c, struct table *t)
{
	int64_t at = 0;
	int r;

	if (!begin_table(c, t))
		return;
	r = seek(t, INT64_MIN);
	for (;;) {
		for (; r == SQLITE_ROW; r = sqlite3_step(t->get)) {
			at = sqlite3_column_int64(t->get, t->n);
			copy_row(c, t);
		}
		if (r == SQLITE_DONE)
			break;
		if (c->purpose != REPAIR) {
			log_torn(c->from, sqlite3_errmsg(c->from->db));
			break;
		}
		c->gaps++;
		if (!skip(t, at))
			break;
		r = SQLITE_ROW;
	}
	(void) sqlite3_finalize(t->get);
	(void) sqlite3_finalize(t->put);
}

/* False, and reported, when the log is not taken. */
static bool copy_log(struct copy *c, const char *path)
{
	struct log_db from;
	char why[160];

	if (!log_open(&from, path, c->purpose == REPAIR ? LOG_MEND : LOG_READ))
		return false;
	if (c->purpose == MERGE && !log_sound(&from, why)) {
		(void) fprintf(stderr, "norn-log: '%s' was left out: %s; `norn-log repair` saves what can be read\n",
			       path, why);
		log_close(&from);
		return false;
	}
	c->from = &from;
	c->done = c->total = 0;
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		c->total += log_has(&from, tables[i], "rowid") ? log_rows(&from, tables[i]) : 0;
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		copy_table(c, &(struct table){.name = tables[i]});
	log_progress(c->o, 0, 0);
	log_close(&from);
	return true;
}

static int copy_all(const struct log_options *o, enum purpose purpose)
{
	struct log_db to = {0};
	struct copy c = {.o = o, .to = &to, .purpose = purpose};
	unsigned took = 0;
	bool good;

	if (!make(&to, o))
		return 1;
	for (unsigned i = 0; i < o->n_inputs; i++)
		took += copy_log(&c, o->inputs[i]);
	(void) sqlite3_finalize(c.known);
	good = took && c.refused == 0 && log_run(&to, "COMMIT");
	log_close(&to);
	if (!good) {
		remove_file(o->out);
		return 1;
	}
	if (took < o->n_inputs) {
		(void) fprintf(stderr, "norn-log: '%s' holds %u of the %u logs; the others are named above\n", o->out,
			       took, o->n_inputs);
		return 1;
	}
	if (c.gaps)
		(void) fprintf(stderr, "norn-log: %llu damaged parts were left out\n", (unsigned long long) c.gaps);
	return log_status();
}

int log_strip(const struct log_options *o)
{
	return copy_all(o, STRIP);
}

int log_repair(const struct log_options *o)
{
	return copy_all(o, REPAIR);
}

int log_merge(const struct log_options *o)
{
	return copy_all(o, MERGE);
}
