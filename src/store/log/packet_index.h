/* The block index of the packets of a kismetdb: by the addresses of each, and its datasource. */
#pragma once
#include "feed/packets.h"
#include "store/log/blocks.h"

#define PACKET_INDEX_SCHEMA BLOCKS_SCHEMA("norn_blocks", "norn_block_keys")

extern const struct blocks_sql packet_index_sql;

/* Continues an index, including the log's rows that are in no block. The last row of packets; negative when it
 * fails. */
int64_t packet_index_go_on(struct blocks *b, sqlite3 *db);
/* As blocks_add(). uuid: the source's text. */
bool packet_index_add(struct blocks *b, int64_t row, const struct packet_summary *s, const char *uuid);
