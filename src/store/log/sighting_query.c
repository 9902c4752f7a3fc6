#include "store/log/sighting_query.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "store/log/sighting_rows.h"

#define SECONDS_MOST 3600 /* norn_sighting_seconds */

struct sighting_query {
	sqlite3_stmt *rows;
	struct sighting_walk walk;
	struct key device; /* of walk.device */
	uint64_t unreadable;
	int status;
};

static bool has_table(sqlite3 *db, const char *table, const char *column)
{
	return sqlite3_table_column_metadata(db, NULL, table, column, NULL, NULL, NULL, NULL, NULL) == SQLITE_OK;
}

/* What can be compared without reading a row; sighting_matches() says the rest. */
static void row_conditions(struct buf *sql, const struct sighting_walk *walk)
{
	buf_str(sql, " AND s.start + s.seconds > ?1");
	if (walk->to_sec)
		buf_str(sql, " AND s.start < ?2");
	if (walk->device)
		buf_str(sql, " AND s.devmac = ?3");
}

static void write_query(struct buf *sql, sqlite3 *db, const struct sighting_walk *walk)
{
	bool indexed =
		has_table(db, "norn_sighting_blocks", "max_us") && has_table(db, "norn_sighting_block_keys", "key");

	if (indexed) {
		buf_str(sql, "SELECT s.rowid, " SIGHTING_COLUMNS
			     " FROM norn_sighting_blocks b CROSS JOIN norn_sightings s ON s.rowid BETWEEN b.first_row "
			     "AND b.last_row WHERE b.max_us + ?4 > ?1 * 1000000");
		if (walk->to_sec)
			buf_str(sql, " AND b.min_us < ?2 * 1000000");
		if (walk->device)
			buf_str(sql, " AND b.block IN (SELECT block FROM norn_sighting_block_keys WHERE key = ?5)");
		row_conditions(sql, walk);
		buf_str(sql, " UNION ALL ");
	}
	buf_str(sql, "SELECT s.rowid, " SIGHTING_COLUMNS " FROM norn_sightings s WHERE 1");
	if (indexed)
		buf_str(sql, " AND s.rowid > ifnull((SELECT max(last_row) FROM norn_sighting_blocks), 0)");
	row_conditions(sql, walk);
}

static void bind(const struct sighting_query *q)
{
	char mac[MAC_TEXT_SIZE];

	(void) sqlite3_bind_int64(q->rows, 1, q->walk.from_sec);
	(void) sqlite3_bind_int64(q->rows, 2, q->walk.to_sec);
	(void) sqlite3_bind_int64(q->rows, 4, SECONDS_MOST * INT64_C(1000000));
	if (!q->walk.device)
		return;
	mac_format(&q->device.mac, mac);
	(void) sqlite3_bind_text(q->rows, 3, mac, -1, SQLITE_TRANSIENT);
	(void) sqlite3_bind_int64(q->rows, 5, block_key_of_mac(&q->device.mac));
}

struct sighting_query *sighting_query_create(sqlite3 *db, const struct sighting_walk *walk)
{
	struct sighting_query *q = xnew(struct sighting_query, 1);
	struct buf sql = {0};

	q->walk = (struct sighting_walk){.from_sec = walk->from_sec, .to_sec = walk->to_sec};
	if (walk->device) {
		q->device = *walk->device;
		q->walk.device = &q->device;
	}
	write_query(&sql, db, &q->walk);
	if (sqlite3_prepare_v2(db, buf_text(&sql), -1, &q->rows, NULL) == SQLITE_OK)
		bind(q);
	else
		free(TAKE(q));
	buf_finish(&sql);
	return q;
}

void sighting_query_destroy(struct sighting_query *q)
{
	if (!q)
		return;
	(void) sqlite3_finalize(q->rows);
	free(q);
}

bool sighting_query_next(struct sighting_query *q, struct sighting *ret)
{
	while ((q->status = sqlite3_step(q->rows)) == SQLITE_ROW) {
		if (!sighting_read(q->rows, 1, ret)) {
			q->unreadable++;
			continue;
		}
		ret->number = (uint64_t) sqlite3_column_int64(q->rows, 0);
		if (sighting_matches(ret, &q->walk))
			return true;
	}
	return false;
}

uint64_t sighting_query_unreadable(const struct sighting_query *q)
{
	return q->unreadable;
}

const char *sighting_query_phy(const struct sighting_query *q)
{
	const char *name = (const char *) sqlite3_column_text(q->rows, 1 + SIGHTING_PHY);

	return name ? name : "";
}

int sighting_query_status(const struct sighting_query *q)
{
	return q->status;
}
