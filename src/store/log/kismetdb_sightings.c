#include "store/log/kismetdb_sightings.h"

#include "base/mem.h"
#include "phy/phys.h"
#include "store/log/kismetdb_events.h"
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

void kismetdb_sightings_committed(struct kismetdb *k)
{
	struct sightings *all = tracker_sightings(k->rooms->tracker);

	if (k->sighting > sightings_logged(all))
		sightings_set_logged(all, k->sighting_row, k->sighting);
}
