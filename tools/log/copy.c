/* norn-log strip, repair, merge and index: logs out of logs, table by table and row by row. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "log.h"

static const char *const tables[] = {"devices", "packets", "data", "datasources", "alerts", "messages",
				     "snapshots"};

/* The output as an empty log with the tables of the first input; false with a word. */
static bool make(struct log_db *to, const struct log_options *o, struct log_db *from)
{
	sqlite3_stmt *s;
	bool good = true;

	*to = (struct log_db){.path = o->out, .place_unit = from->place_unit};
	if (!o->out || (access(o->out, F_OK) == 0 && !o->force)) {
		(void) fprintf(stderr, o->out ? "norn-log: '%s' is there already (--force replaces it)\n" :
				"norn-log: --out names the new log\n", o->out);
		return false;
	}
	(void) unlink(o->out);
	if (sqlite3_open_v2(o->out, &to->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK) {
		(void) fprintf(stderr, "norn-log: '%s' cannot be made: %s\n", o->out, sqlite3_errmsg(to->db));
		return false;
	}
	s = log_prepare(from, "SELECT sql FROM sqlite_master WHERE type = 'table' AND name IN ('KISMET', "
			      "'devices', 'packets', 'data', 'datasources', 'alerts', 'messages', 'snapshots')");
	good = log_run(to, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN");
	while (good && sqlite3_step(s) == SQLITE_ROW)
		good = log_run(to, log_text(s, 0));
	(void) sqlite3_finalize(s);
	return good;
}

/* The columns that the table has in both, as a list; the number of them. */
static int common_columns(struct log_db *from, struct log_db *to, const char *table, struct buf *ret)
{
	char *sql = sqlite3_mprintf("SELECT name FROM pragma_table_info(%Q)", table);
	sqlite3_stmt *s = log_prepare(to, sql);
	int n = 0;

	while (sqlite3_step(s) == SQLITE_ROW) {
		if (!log_has(from, table, log_text(s, 0)))
			continue;
		buf_printf(ret, "%s\"%s\"", n++ ? "," : "", log_text(s, 0));
	}
	(void) sqlite3_finalize(s);
	sqlite3_free(sql);
	return n;
}

struct copy {
	const struct log_options *o;
	struct log_db *from, *to;
	bool strip;
	uint64_t done, total, lost;
};

/* Of two records of one device the later stays; whoever is later in the arguments wins a draw. */
static const char *verb(const char *table)
{
	return strcmp(table, "devices") == 0 || strcmp(table, "datasources") == 0 ? "INSERT OR REPLACE" :
										   "INSERT";
}

static bool is_older(struct copy *c, sqlite3_stmt *row, const char *table)
{
	static sqlite3_stmt *find;
	static sqlite3 *of;
	bool older = false;

	if (strcmp(table, "devices") != 0)
		return false;
	if (of != c->to->db) {
		find = log_prepare(c->to, "SELECT last_time FROM devices WHERE phyname = ? AND devmac = ?");
		of = c->to->db;
	}
	(void) sqlite3_bind_value(find, 1, sqlite3_column_value(row, 3));
	(void) sqlite3_bind_value(find, 2, sqlite3_column_value(row, 4));
	if (sqlite3_step(find) == SQLITE_ROW)
		older = sqlite3_column_int64(find, 0) > sqlite3_column_int64(row, 1);
	(void) sqlite3_reset(find);
	return older;
}

static void copy_rows(struct copy *c, const char *table)
{
	struct buf columns = {0}, sql = {0};
	int n = common_columns(c->from, c->to, table, &columns), r = SQLITE_DONE;
	bool blank = c->strip && strcmp(table, "packets") == 0;
	sqlite3_stmt *get, *put;

	if (n == 0)
		goto end;
	buf_printf(&sql, "SELECT %s FROM %s", buf_text(&columns), table);
	get = log_prepare(c->from, buf_text(&sql));
	buf_clear(&sql);
	buf_printf(&sql, "%s INTO %s (%s) VALUES (", verb(table), table, buf_text(&columns));
	for (int i = 0; i < n; i++)
		buf_str(&sql, i ? ",?" : "?");
	buf_char(&sql, ')');
	put = log_prepare(c->to, buf_text(&sql));
	while ((r = sqlite3_step(get)) == SQLITE_ROW) {
		log_progress(c->o, ++c->done, c->total);
		if (is_older(c, get, table))
			continue;
		for (int i = 0; i < n; i++)
			if (blank && strcmp(sqlite3_column_name(get, i), "packet") == 0)
				(void) sqlite3_bind_zeroblob(put, i + 1, 0);
			else
				(void) sqlite3_bind_value(put, i + 1, sqlite3_column_value(get, i));
		if (sqlite3_step(put) != SQLITE_DONE)
			c->lost++;
		(void) sqlite3_reset(put);
	}
	if (r != SQLITE_DONE)
		(void) fprintf(stderr, "norn-log: '%s': table %s ends early: %s\n", c->from->path, table,
			       sqlite3_errmsg(c->from->db));
	(void) sqlite3_finalize(get);
	(void) sqlite3_finalize(put);
end:
	buf_finish(&columns);
	buf_finish(&sql);
}

static int copy_all(const struct log_options *o, bool strip)
{
	struct log_db from, to = {0};
	struct copy c = {.o = o, .from = &from, .to = &to, .strip = strip};

	for (unsigned i = 0; i < o->n_inputs; i++) {
		if (!log_open(&from, o->inputs[i], false))
			return 1;
		if (i == 0 && (!make(&to, o, &from) || !log_run(&to, "DELETE FROM KISMET")))
			return 1;
		if (from.place_unit != to.place_unit) { /* NOLINT: both are constants */
			(void) fprintf(stderr, "norn-log: '%s' stores places in another way\n", from.path);
			return 1;
		}
		c.done = 0;
		c.total = (uint64_t) log_number(&from, "SELECT (SELECT count(*) FROM packets) + "
						       "(SELECT count(*) FROM devices)");
		for (size_t t = 0; t < ARRAY_SIZE(tables); t++)
			copy_rows(&c, tables[t]);
		if (i == 0) {
			char *sql = sqlite3_mprintf("INSERT INTO KISMET VALUES ('norn-%s', %lld, 'kismetlog')",
						    NORN_VERSION, (long long) from.version);

			(void) log_run(&to, sql);
			sqlite3_free(sql);
		}
		log_close(&from);
	}
	log_progress(o, 0, 0);
	if (!log_run(&to, "COMMIT"))
		return 1;
	if (c.lost)
		(void) fprintf(stderr, "norn-log: %llu rows could not be written\n", (unsigned long long) c.lost);
	log_close(&to);
	return c.lost ? 1 : 0;
}

int log_strip(const struct log_options *o)
{
	return copy_all(o, true);
}

int log_repair(const struct log_options *o)
{
	return copy_all(o, false);
}

int log_merge(const struct log_options *o)
{
	return copy_all(o, false);
}

int log_index(const struct log_options *o)
{
	static const char sql[] = "CREATE INDEX IF NOT EXISTS norn_packets_time ON packets (ts_sec);"
				  "CREATE INDEX IF NOT EXISTS norn_packets_source ON packets (sourcemac);"
				  "CREATE INDEX IF NOT EXISTS norn_packets_transmitter ON packets (transmac);"
				  "CREATE INDEX IF NOT EXISTS norn_packets_destination ON packets (destmac);";
	int status = 0;

	for (unsigned i = 0; i < o->n_inputs; i++) {
		struct log_db l;

		if (!log_open(&l, o->inputs[i], true))
			return 1;
		status |= !log_run(&l, sql);
		log_close(&l);
	}
	return status;
}
