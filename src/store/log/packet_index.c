#include "store/log/packet_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/crc.h"
#include "base/mem.h"

#define KEYS (BLOCK_ROWS * 8) /* slots of the set of a block's keys, four for a row at most */

struct blocks {
	sqlite3_stmt *add_block, *add_key;
	int64_t first_row, last_row, block;
	uint64_t min_us, max_us;
	uint32_t rows, n_keys;
	int64_t keys[KEYS]; /* key + 1, 0: free */
	uint16_t used[BLOCK_ROWS * 4];
};

int64_t block_key_of_uuid(const char *text)
{
	return INT64_C(1) << 48 | crc_32(text, strlen(text));
}

struct blocks *blocks_create(sqlite3 *db)
{
	struct blocks *b = xnew(struct blocks, 1);

	if (sqlite3_prepare_v3(db, "INSERT INTO norn_blocks VALUES (?,?,?,?,?)", -1, SQLITE_PREPARE_PERSISTENT,
			       &b->add_block, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v3(db, "INSERT OR IGNORE INTO norn_block_keys VALUES (?,?)", -1, SQLITE_PREPARE_PERSISTENT,
			       &b->add_key, NULL) == SQLITE_OK)
		return b;
	blocks_destroy(b);
	return NULL;
}

void blocks_destroy(struct blocks *b)
{
	if (!b)
		return;
	(void) sqlite3_finalize(b->add_block);
	(void) sqlite3_finalize(b->add_key);
	free(b);
}

static void note(struct blocks *b, int64_t key)
{
	uint32_t at = (uint32_t) (((uint64_t) key * UINT64_C(0x9e3779b97f4a7c15)) >> 32) % KEYS;

	while (b->keys[at] && b->keys[at] != key + 1)
		at = (at + 1) % KEYS;
	if (b->keys[at])
		return;
	b->keys[at] = key + 1;
	b->used[b->n_keys++] = (uint16_t) at;
}

static bool step(sqlite3_stmt *s)
{
	bool done = sqlite3_step(s) == SQLITE_DONE;

	(void) sqlite3_reset(s);
	return done;
}

bool blocks_flush(struct blocks *b)
{
	bool good = true;

	if (!b->rows)
		return true;
	(void) sqlite3_bind_int64(b->add_block, 1, ++b->block);
	(void) sqlite3_bind_int64(b->add_block, 2, b->first_row);
	(void) sqlite3_bind_int64(b->add_block, 3, b->last_row);
	(void) sqlite3_bind_int64(b->add_block, 4, (sqlite3_int64) b->min_us);
	(void) sqlite3_bind_int64(b->add_block, 5, (sqlite3_int64) b->max_us);
	good = step(b->add_block);
	for (uint32_t i = 0; i < b->n_keys && good; i++) {
		(void) sqlite3_bind_int64(b->add_key, 1, b->keys[b->used[i]] - 1);
		(void) sqlite3_bind_int64(b->add_key, 2, b->block);
		good = step(b->add_key);
	}
	for (uint32_t i = 0; i < b->n_keys; i++)
		b->keys[b->used[i]] = 0;
	b->rows = b->n_keys = 0;
	return good;
}

bool blocks_add(struct blocks *b, int64_t row, const struct packet_summary *s, const char *uuid)
{
	if (b->rows == 0) {
		b->first_row = row;
		b->min_us = b->max_us = s->time_us;
	}
	b->last_row = row;
	if (s->time_us < b->min_us)
		b->min_us = s->time_us;
	if (s->time_us > b->max_us)
		b->max_us = s->time_us;
	note(b, block_key_of_mac(&s->sender));
	note(b, block_key_of_mac(&s->destination));
	note(b, block_key_of_mac(&s->transmitter));
	note(b, block_key_of_uuid(uuid));
	return ++b->rows < BLOCK_ROWS || blocks_flush(b);
}

static void parse(sqlite3_stmt *s, int column, struct mac *ret)
{
	const char *text = (const char *) sqlite3_column_text(s, column);

	if (!text || mac_parse(text, strlen(text), ret) < 0)
		*ret = (struct mac){{0}};
}

int64_t blocks_go_on(struct blocks *b, sqlite3 *db)
{
	sqlite3_stmt *s = NULL;
	int64_t row = -1;
	bool good = true;

	if (sqlite3_prepare_v2(db, "SELECT max(block), max(last_row) FROM norn_blocks", -1, &s, NULL) == SQLITE_OK &&
	    sqlite3_step(s) == SQLITE_ROW) {
		b->block = sqlite3_column_int64(s, 0);
		row = sqlite3_column_int64(s, 1);
	}
	(void) sqlite3_finalize(s);
	s = NULL;
	if (row < 0 || sqlite3_prepare_v2(db,
					  "SELECT rowid, ts_sec, ts_usec, sourcemac, destmac, transmac, datasource "
					  "FROM packets WHERE rowid > ? ORDER BY rowid",
					  -1, &s, NULL) != SQLITE_OK)
		return -1;
	(void) sqlite3_bind_int64(s, 1, row);
	while (good && sqlite3_step(s) == SQLITE_ROW) {
		const char *uuid = (const char *) sqlite3_column_text(s, 6);
		struct packet_summary p = {.time_us = (uint64_t) sqlite3_column_int64(s, 1) * 1000000 +
						      (uint64_t) sqlite3_column_int64(s, 2)};

		row = sqlite3_column_int64(s, 0);
		parse(s, 3, &p.sender);
		parse(s, 4, &p.destination);
		parse(s, 5, &p.transmitter);
		good = blocks_add(b, row, &p, uuid ? uuid : "");
	}
	(void) sqlite3_finalize(s);
	return good ? row : -1;
}
