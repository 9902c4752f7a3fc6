/* An open kismetdb, for the files that write it: kismetdb.c opens and closes, the others write rows. The log's
 * thread alone. */
#pragma once
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/owned_file.h"
#include "field/write.h"
#include "store/log/log_file.h"
#include "track/bounds.h"

enum kismetdb_statement {
	KISMETDB_ADD_PACKET,
	KISMETDB_ADD_REPORT,
	KISMETDB_ADD_DEVICE,
	KISMETDB_ADD_SOURCE,
	KISMETDB_ADD_ALERT,
	KISMETDB_ADD_MESSAGE,
	KISMETDB_ADD_SNAPSHOT,
	KISMETDB_ADD_SIGHTING,
	KISMETDB_STATEMENTS
};

struct kismetdb {
	sqlite3 *db;
	sqlite3_stmt *add[KISMETDB_STATEMENTS];
	const struct log_conf *conf;
	const struct log_rooms *rooms;
	struct beacons *beacons; /* NULL: all are kept */
	struct blocks *blocks, *sighting_blocks;
	struct kismetdb_state *state;
	struct kismetdb_checkpoint *checkpoint; /* NULL: SQLite makes checkpoints itself */
	char path[LOG_PATH_SIZE];
	struct owned_file owned;
	uint32_t to_write;             /* shards that were not written since the first file of a run was begun */
	int64_t row;                   /* the last of packets; assigned by norn, since SQLite would reuse a number */
	char (*uuids)[UUID_TEXT_SIZE]; /* of sources, "" until one is asked for */
	uint32_t devices_sec[TRACK_SHARDS], sources_sec, status_sec; /* when they were written last */
	struct evicted_device *evicted_list;                         /* evicted and not written yet, the oldest first */
	uint32_t shard;                                              /* the shard whose turn it is */
	uint32_t turn_sec;                                           /* when turns were counted last */
	uint64_t turn_part;                                          /* of the next turn, in parts of the interval */
	uint32_t pruned_sec;                                         /* when old rows were last deleted */
	sqlite3_stmt *pages;
	uint64_t message, alert, poi, sighting; /* the last that was written */
	int64_t sighting_row;                   /* as `row`, of norn_sightings */
	uint32_t since_sec;                     /* earlier messages and alerts are in an earlier file */
	bool follows; /* what existed at the start is written: numbers that are missing from now on are lost */
	bool failed;
};

/* The log has failed, which is reported once. */
void kismetdb_fail(struct kismetdb *k, const char *what);
/* Binds a text, which is copied; one that lives until the row is written; an address; latitude and longitude, in two
 * columns. */
void kismetdb_text(sqlite3_stmt *s, int at, const char *t);
void kismetdb_fixed(sqlite3_stmt *s, int at, const char *t, int n);
void kismetdb_mac(sqlite3_stmt *s, int at, const struct mac *m);
void kismetdb_position(sqlite3_stmt *s, int at, const struct position *p);
/* Writes the row that was bound; false when that failed, and the log with it. */
bool kismetdb_run(struct kismetdb *k, enum kismetdb_statement n);
/* The UUID of a source, as text. */
const char *kismetdb_source(struct kismetdb *k, uint16_t source);
struct field_ctx kismetdb_context(struct kismetdb *k, struct arena *arena);
