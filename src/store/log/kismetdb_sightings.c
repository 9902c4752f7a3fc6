#include "store/log/kismetdb_sightings.h"

#include "base/mem.h"
#include "phy/phys.h"
#include "store/log/kismetdb_events.h"
#include "store/log/kismetdb_packets.h"
#include "store/log/sighting_rows.h"
#include "track/sighting_read.h"

#define AT_ONCE 256 /* that are copied out */

bool kismetdb_sightings_begin(struct kismetdb *k, bool again)
{
	k->sighting_blocks = blocks_create(k->db, &sighting_index_sql);
	if (!k->sighting_blocks)
		return false;
	if (again)
		k->sighting_row = sighting_index_go_on(k->sighting_blocks, k->db);
	return k->sighting_row >= 0;
}

static void write_one(struct kismetdb *k, const struct sighting *x)
{
	sqlite3_stmt *s = k->add[KISMETDB_ADD_SIGHTING];

	if (!log_filter_keeps(k->rooms->devices, x->phy, &x->device.mac))
		return;
	sighting_bind(s, x, phys_name(x->phy));
	(void) sqlite3_bind_int64(s, SIGHTING_COLUMN_COUNT + 1, ++k->sighting_row);
	if (kismetdb_run(k, KISMETDB_ADD_SIGHTING) && !sighting_index_add(k->sighting_blocks, k->sighting_row, x))
		kismetdb_fail(k, "a block");
}

void kismetdb_sightings(struct kismetdb *k)
{
	struct sightings *all = tracker_sightings(k->rooms->tracker);
	struct sighting_walk walk = {.after = k->sighting};
	struct sighting *some = xnew(struct sighting, AT_ONCE);
	size_t n;

	if (walk.after < sightings_logged(all))
		walk.after = sightings_logged(all);
	while (!k->failed && (n = sightings_next(all, &walk, some, AT_ONCE)) > 0)
		for (size_t i = 0; i < n && !k->failed; i++)
			write_one(k, &some[i]);
	if (walk.missed && (k->sighting || sightings_logged(all)) && !k->failed)
		kismetdb_missing(k, walk.missed, "sightings");
	k->sighting = walk.after;
	free(some);
}

/* Of a row the middle of its minute, as far as that is in the gap. */
static struct position position_of(sqlite3_stmt *row, const struct gps_gap *gap)
{
	uint64_t us = ((uint64_t) sqlite3_column_int64(row, 1) * 2 + (uint64_t) sqlite3_column_int64(row, 2)) * 500000;

	if (us < gap->from_us)
		us = gap->from_us;
	return gps_gap_position(gap, us < gap->to_us ? us : gap->to_us);
}

static bool fill_rows(sqlite3_stmt *find, sqlite3_stmt *set, const struct gps_gap *gap)
{
	bool good = true;

	(void) sqlite3_bind_int64(find, 1, (sqlite3_int64) (gap->from_us / 1000000));
	(void) sqlite3_bind_int64(find, 2, (sqlite3_int64) (gap->to_us / 1000000));
	while (good && sqlite3_step(find) == SQLITE_ROW) {
		struct position p = position_of(find, gap);

		kismetdb_position(set, 1, &p);
		(void) sqlite3_bind_int64(set, 3, sqlite3_column_int64(find, 0));
		good = sqlite3_step(set) == SQLITE_DONE;
		(void) sqlite3_reset(set);
	}
	return good;
}

bool kismetdb_fill_sightings(struct kismetdb *k, const struct gps_gap *gap)
{
	struct buf sql = {0};
	sqlite3_stmt *find = NULL, *set = NULL;
	bool good;

	buf_str(&sql,
		"SELECT rowid, start, seconds FROM norn_sightings WHERE rowid > (SELECT ifnull(max(last_row), 0) FROM "
		"norn_sighting_blocks WHERE max_us < (?1 - 3600) * 1000000) AND start + seconds > ?1 AND start <= ?2 "
		"AND lat IS NULL AND datasource NOT IN (");
	kismetdb_own_positions(k, &sql);
	buf_char(&sql, ')');
	good = sqlite3_prepare_v2(k->db, buf_text(&sql), -1, &find, NULL) == SQLITE_OK &&
	       sqlite3_prepare_v2(k->db, "UPDATE norn_sightings SET lat = ?, lon = ? WHERE rowid = ?", -1, &set,
				  NULL) == SQLITE_OK &&
	       fill_rows(find, set, gap);
	if (!good)
		kismetdb_fail(k, "positions");
	(void) sqlite3_finalize(find);
	(void) sqlite3_finalize(set);
	buf_finish(&sql);
	return good;
}

void kismetdb_sightings_committed(struct kismetdb *k)
{
	struct sightings *all = tracker_sightings(k->rooms->tracker);

	if (k->sighting > sightings_logged(all))
		sightings_set_logged(all, k->sighting_row, k->sighting);
}
