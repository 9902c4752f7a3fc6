/* Two small tables beside the packets of a kismetdb, instead of indexes, which would slow its writer:
 * norn_blocks says of each run of BLOCK_ROWS rows its least and greatest time, norn_block_keys in
 * which runs an address or a datasource is. A reader looks at those runs, and at the rows behind the
 * last one. */
#pragma once
#include <sqlite3.h>

#include "base/uuid.h"
#include "feed/packets.h"

#define BLOCK_ROWS 4096

#define BLOCKS_SCHEMA                                                                                                  \
	"CREATE TABLE IF NOT EXISTS norn_blocks (block INTEGER PRIMARY KEY, first_row INT, last_row INT, "             \
	"min_us INT, max_us INT);"                                                                                     \
	"CREATE TABLE IF NOT EXISTS norn_block_keys (key INT, block INT, PRIMARY KEY (key, block)) WITHOUT ROWID;"

/* Keys: addresses as they are, datasources beyond them. */
static inline int64_t block_key_of_mac(const struct mac *m)
{
	return (int64_t) mac_u64(m);
}
int64_t block_key_of_uuid(const char *text);

struct blocks;
/* Prepares its statements; NULL when they cannot be. */
struct blocks *blocks_create(sqlite3 *db);
void blocks_destroy(struct blocks *b);
/* Continues behind the blocks that a log has already, including its rows that are in none. The last row of
 * packets; negative when it fails. */
int64_t blocks_go_on(struct blocks *b, sqlite3 *db);
/* Notes a row; writes the block when it is full: false when that fails. uuid: the source's text. */
bool blocks_add(struct blocks *b, int64_t row, const struct packet_summary *s, const char *uuid);
/* Writes what a block holds so far. */
bool blocks_flush(struct blocks *b);
