/* Packets are roughly in the order of their times and have no index: whole blocks are deleted by their greatest time,
 * then the old ones among the first rows that are left. */
#include "store/log/kismetdb_prune.h"

#include <stdio.h>

#include "base/mem.h"
#include "store/log/blocks.h"

#define PERIOD_SEC 60
#define TEXT(x) TEXT_OF(x)
#define TEXT_OF(x) #x

static const struct {
	const char *sql; /* ?1: rows before that second are deleted */
	enum log_timeout timeout;
} rows[] = {
	{"DELETE FROM packets WHERE rowid <= (SELECT max(last_row) FROM norn_blocks WHERE max_us < ?1 * 1000000)",
	 LOG_TIMEOUT_PACKET},
	{"DELETE FROM norn_block_keys WHERE block IN (SELECT block FROM norn_blocks WHERE max_us < ?1 * 1000000)",
	 LOG_TIMEOUT_PACKET},
	{"DELETE FROM norn_blocks WHERE max_us < ?1 * 1000000", LOG_TIMEOUT_PACKET},
	{"DELETE FROM packets WHERE ts_sec < ?1 AND rowid < (SELECT min(rowid) FROM packets) + 2 * " TEXT(BLOCK_ROWS),
	 LOG_TIMEOUT_PACKET},
	{"DELETE FROM data WHERE ts_sec < ?1", LOG_TIMEOUT_PACKET},
	{"DELETE FROM devices WHERE last_time < ?1", LOG_TIMEOUT_DEVICE},
	{"DELETE FROM messages WHERE ts_sec < ?1", LOG_TIMEOUT_MESSAGE},
	{"DELETE FROM alerts WHERE ts_sec < ?1", LOG_TIMEOUT_ALERT},
	{"DELETE FROM snapshots WHERE ts_sec < ?1", LOG_TIMEOUT_SNAPSHOT},
	{"DELETE FROM norn_sightings WHERE rowid <= (SELECT max(last_row) FROM norn_sighting_blocks WHERE max_us < ?1 "
	 "* "
	 "1000000)",
	 LOG_TIMEOUT_SIGHTING},
	{"DELETE FROM norn_sighting_block_keys WHERE block IN (SELECT block FROM norn_sighting_blocks WHERE max_us < "
	 "?1 "
	 "* 1000000)",
	 LOG_TIMEOUT_SIGHTING},
	{"DELETE FROM norn_sighting_blocks WHERE max_us < ?1 * 1000000", LOG_TIMEOUT_SIGHTING},
	{"DELETE FROM norn_sightings WHERE start < ?1 AND rowid < (SELECT min(rowid) FROM norn_sightings) + 2 * " TEXT(
		 BLOCK_ROWS),
	 LOG_TIMEOUT_SIGHTING},
};

uint32_t kismetdb_prune_sec(const uint32_t timeout_sec[LOG_TIMEOUTS])
{
	uint32_t period = PERIOD_SEC;

	for (size_t i = 0; i < LOG_TIMEOUTS; i++)
		if (timeout_sec[i] && timeout_sec[i] / 2 < period)
			period = timeout_sec[i] / 2;
	return period ? period : 1;
}

bool kismetdb_prune(sqlite3 *db, const uint32_t timeout_sec[LOG_TIMEOUTS], uint32_t now)
{
	bool good = true;

	for (size_t i = 0; i < ARRAY_SIZE(rows) && good; i++) {
		uint32_t timeout = timeout_sec[rows[i].timeout];
		sqlite3_stmt *s = NULL;

		if (!timeout)
			continue;
		good = sqlite3_prepare_v2(db, rows[i].sql, -1, &s, NULL) == SQLITE_OK &&
		       sqlite3_bind_int64(s, 1, (sqlite3_int64) now - timeout) == SQLITE_OK &&
		       sqlite3_step(s) == SQLITE_DONE;
		(void) sqlite3_finalize(s);
	}
	return good;
}
