#include "store/archive/log_sightings.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/budget.h"
#include "base/mem.h"
#include "capture/kismetdb_open.h"
#include "store/archive/packet_sightings.h"
#include "store/log/sighting_query.h"

#define CELL_MAX (16 * 1024 * 1024)
#define STEPS 10000 /* of the database, between two looks at the budget */
struct log_sightings {
	struct archive_span span;
	sqlite3 *db;
	struct sighting_query *rows;      /* NULL: they are made of packets */
	struct packet_sightings *packets; /* or NULL */
	int64_t last_row;
	bool ended;
	char torn[160];
};

static int is_over(void *ctx)
{
	(void) ctx;
	return budget_over();
}

static int64_t number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *s = NULL;
	int64_t n = 0;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
		n = sqlite3_column_int64(s, 0);
	(void) sqlite3_finalize(s);
	return n;
}

static bool prepare(struct log_sightings *l)
{
	const struct sighting_walk walk = {
		.from_sec = l->span.from_sec, .to_sec = l->span.to_sec, .device = l->span.device};

	l->rows = sighting_query_create(l->db, &walk);
	return l->rows;
}

/* One transaction, so that rows and their end are of one moment. */
static bool begin(struct log_sightings *l, const struct archived_log *log)
{
	sqlite3_progress_handler(l->db, STEPS, is_over, NULL);
	if (sqlite3_exec(l->db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
		return false;
	if (number(l->db, "SELECT count(*) FROM sqlite_master WHERE name = 'norn_sightings'") != 0) {
		l->last_row = number(l->db, "SELECT max(rowid) FROM norn_sightings");
		return prepare(l);
	}
	l->packets = packet_sightings_create(l->db, log->version, &l->span);
	return l->packets;
}

struct log_sightings *log_sightings_open(const struct archived_log *log, const struct archive_span *span,
					 char ret_error[160])
{
	struct log_sightings *l = xnew(struct log_sightings, 1);
	enum kismetdb_wal wal;

	l->span = *span;
	if (kismetdb_open(log->path, CELL_MAX, &l->db, &wal) == SQLITE_OK && begin(l, log))
		return l;
	(void) snprintf(ret_error, 160, "%.150s", l->db ? sqlite3_errmsg(l->db) : "it cannot be opened");
	log_sightings_close(l);
	return NULL;
}

void log_sightings_close(struct log_sightings *l)
{
	if (!l)
		return;
	packet_sightings_destroy(l->packets);
	sighting_query_destroy(l->rows);
	(void) sqlite3_close_v2(l->db);
	free(l);
}

int64_t log_sightings_last_row(const struct log_sightings *l)
{
	return l->last_row;
}

static size_t next_rows(struct log_sightings *l, struct sighting *ret, size_t max)
{
	size_t n = 0;

	while (n < max && !l->ended) {
		l->ended = !sighting_query_next(l->rows, &ret[n]);
		n += !l->ended;
	}
	if (l->ended && sighting_query_status(l->rows) != SQLITE_DONE && !budget_over())
		(void) snprintf(l->torn, sizeof(l->torn), "%.150s", sqlite3_errmsg(l->db));
	return n;
}

size_t log_sightings_next(struct log_sightings *l, struct sighting *ret, size_t max)
{
	size_t n;

	if (l->ended)
		return 0;
	if (l->rows)
		return next_rows(l, ret, max);
	n = packet_sightings_next(l->packets, ret, max, l->torn, sizeof(l->torn));
	l->ended = n == 0;
	return n;
}

const char *log_sightings_torn(const struct log_sightings *l)
{
	return l->torn[0] ? l->torn : NULL;
}
