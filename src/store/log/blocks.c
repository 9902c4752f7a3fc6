#include "store/log/blocks.h"

#include <stdlib.h>
#include <string.h>

#include "base/crc.h"
#include "base/mem.h"

#define KEYS (BLOCK_ROWS * BLOCK_KEYS * 2) /* slots of the set of a block's keys */

struct blocks {
	const struct blocks_sql *sql;
	sqlite3_stmt *add_block, *add_key;
	int64_t first_row, last_row, block;
	uint64_t min_us, max_us;
	uint32_t rows, n_keys;
	int64_t keys[KEYS]; /* key + 1, 0: free */
	uint16_t used[BLOCK_ROWS * BLOCK_KEYS];
};

int64_t block_key_of_uuid(const char *text)
{
	return INT64_C(1) << 48 | crc_32(text, strlen(text));
}

struct blocks *blocks_create(sqlite3 *db, const struct blocks_sql *sql)
{
	struct blocks *b = xnew(struct blocks, 1);

	b->sql = sql;
	if (sqlite3_prepare_v3(db, sql->add_block, -1, SQLITE_PREPARE_PERSISTENT, &b->add_block, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v3(db, sql->add_key, -1, SQLITE_PREPARE_PERSISTENT, &b->add_key, NULL) == SQLITE_OK)
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

bool blocks_add(struct blocks *b, const struct block_row *row)
{
	if (b->rows == 0) {
		b->first_row = row->row;
		b->min_us = b->max_us = row->time_us;
	}
	b->last_row = row->row;
	if (row->time_us < b->min_us)
		b->min_us = row->time_us;
	if (row->time_us > b->max_us)
		b->max_us = row->time_us;
	for (uint32_t i = 0; i < row->n_keys; i++)
		note(b, row->keys[i]);
	return ++b->rows < BLOCK_ROWS || blocks_flush(b);
}

int64_t blocks_go_on(struct blocks *b, sqlite3 *db)
{
	sqlite3_stmt *s = NULL;
	int64_t row = -1;

	if (sqlite3_prepare_v2(db, b->sql->last, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW) {
		b->block = sqlite3_column_int64(s, 0);
		row = sqlite3_column_int64(s, 1);
	}
	(void) sqlite3_finalize(s);
	return row;
}
