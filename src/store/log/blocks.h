/* A block index: two small tables beside a large one of a kismetdb, instead of indexes over it, which would slow its
 * writer. One says of each run of BLOCK_ROWS rows its least and greatest time, the other in which runs a key is. A
 * reader looks at those runs, and at the rows behind the last one. The log's thread. */
#pragma once
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/mac.h"

#define BLOCK_ROWS 4096
#define BLOCK_KEYS 4 /* of a row at most */

/* The tables of an index. */
#define BLOCKS_SCHEMA(blocks, keys)                                                                                    \
	"CREATE TABLE IF NOT EXISTS " blocks " (block INTEGER PRIMARY KEY, first_row INT, last_row INT, min_us INT, "  \
	"max_us INT);"                                                                                                 \
	"CREATE TABLE IF NOT EXISTS " keys " (key INT, block INT, PRIMARY KEY (key, block)) WITHOUT ROWID;"

/* What writes an index, and finds where it ends. */
struct blocks_sql {
	const char *add_block, *add_key, *last;
};
#define BLOCKS_SQL(blocks, keys)                                                                                       \
	{                                                                                                              \
		.add_block = "INSERT INTO " blocks " VALUES (?,?,?,?,?)",                                              \
		.add_key = "INSERT OR IGNORE INTO " keys " VALUES (?,?)",                                              \
		.last = "SELECT max(block), max(last_row) FROM " blocks,                                               \
	}

struct block_row {
	int64_t row;
	uint64_t time_us;
	uint32_t n_keys;
	int64_t keys[BLOCK_KEYS];
};

/* Keys: addresses as they are, datasources beyond them. */
static inline int64_t block_key_of_mac(const struct mac *m)
{
	return (int64_t) mac_u64(m);
}
int64_t block_key_of_uuid(const char *text);

struct blocks;
/* Prepares its statements; NULL when they cannot be. */
struct blocks *blocks_create(sqlite3 *db, const struct blocks_sql *sql);
void blocks_destroy(struct blocks *b);
/* Continues behind the blocks that a log has already: the last of their rows; negative when it fails. Rows behind it
 * are the caller's to add. */
int64_t blocks_go_on(struct blocks *b, sqlite3 *db);
/* Notes a row; writes the block when it is full: false when that fails. */
bool blocks_add(struct blocks *b, const struct block_row *row);
/* Writes what a block holds so far. */
bool blocks_flush(struct blocks *b);
