#include "store/archive/log_sightings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/mem.h"
#include "capture/kismetdb_open.h"
#include "store/archive/packet_sightings.h"
#include "store/log/sighting_rows.h"

#define CELL_MAX (16 * 1024 * 1024)
#define STEPS 10000      /* of the database, between two looks at the budget */
#define LONGEST_SEC 3600 /* of norn_sighting_seconds: a row that begins so much earlier may reach into the span */
#define ALL_OF_A_ROW "rowid, " SIGHTING_COLUMNS

/* Blocks that may hold some, and the rows behind the last block. ?1 and ?2: the span in microseconds, ?3 and ?4: in
 * seconds, ?5: the key of blocks, ?6: the address. */
#define ROWS_OF(condition_of_block, condition)                                                                         \
	"SELECT s." ALL_OF_A_ROW " FROM norn_sighting_blocks b CROSS JOIN norn_sightings s ON s.rowid BETWEEN "        \
	"b.first_row AND b.last_row WHERE b.max_us >= ?1 AND b.min_us < ?2" condition_of_block                         \
	" AND start < ?4 AND start + seconds > ?3" condition " UNION ALL SELECT " ALL_OF_A_ROW " FROM norn_sightings " \
	"WHERE rowid > (SELECT coalesce(max(last_row), 0) FROM norn_sighting_blocks) AND start < ?4 AND "              \
	"start + seconds > ?3" condition

static const char of_all[] = ROWS_OF("", "");
static const char of_one[] =
	ROWS_OF(" AND b.block IN (SELECT block FROM norn_sighting_block_keys WHERE key = ?5)", " AND devmac = ?6");

struct log_sightings {
	struct archive_span span;
	sqlite3 *db;
	sqlite3_stmt *rows;               /* NULL: they are made of packets */
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
	const struct archive_span *span = &l->span;
	sqlite3_int64 to = span->to_sec ? span->to_sec : (sqlite3_int64) UINT32_MAX + 1;
	sqlite3_int64 early = span->from_sec > LONGEST_SEC ? span->from_sec - LONGEST_SEC : 0;
	char mac[MAC_TEXT_SIZE];

	if (sqlite3_prepare_v2(l->db, span->device ? of_one : of_all, -1, &l->rows, NULL) != SQLITE_OK)
		return false;
	(void) sqlite3_bind_int64(l->rows, 1, early * 1000000);
	(void) sqlite3_bind_int64(l->rows, 2, to * 1000000);
	(void) sqlite3_bind_int64(l->rows, 3, span->from_sec);
	(void) sqlite3_bind_int64(l->rows, 4, to);
	if (!span->device)
		return true;
	mac_format(&span->device->mac, mac);
	(void) sqlite3_bind_int64(l->rows, 5, block_key_of_mac(&span->device->mac));
	(void) sqlite3_bind_text(l->rows, 6, mac, -1, SQLITE_TRANSIENT);
	return true;
}

/* One transaction, so that rows and their end are of one moment. */
static bool begin(struct log_sightings *l, const struct archived_log *log)
{
	sqlite3_progress_handler(l->db, STEPS, is_over, NULL);
	if (sqlite3_exec(l->db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
		return false;
	if (number(l->db, "SELECT count(*) FROM sqlite_master WHERE name = 'norn_sighting_blocks'") != 0) {
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
	(void) sqlite3_finalize(l->rows);
	(void) sqlite3_close_v2(l->db);
	free(l);
}

int64_t log_sightings_last_row(const struct log_sightings *l)
{
	return l->last_row;
}

/* Rows whose address is none are passed over. */
static size_t next_rows(struct log_sightings *l, struct sighting *ret, size_t max)
{
	int r = SQLITE_ROW;
	size_t n = 0;

	while (n < max && (r = sqlite3_step(l->rows)) == SQLITE_ROW) {
		if (!sighting_read(l->rows, 1, &ret[n]) ||
		    (l->span.device && !key_equal(&ret[n].device, l->span.device)))
			continue;
		n++;
	}
	l->ended = r != SQLITE_ROW;
	if (l->ended && r != SQLITE_DONE && !budget_over())
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
