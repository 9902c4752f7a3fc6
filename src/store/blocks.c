#include "store/blocks.h"

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

	if (sqlite3_prepare_v3(db, "INSERT INTO norn_blocks VALUES (?,?,?,?,?)", -1,
			       SQLITE_PREPARE_PERSISTENT, &b->add_block, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v3(db, "INSERT OR IGNORE INTO norn_block_keys VALUES (?,?)", -1,
			       SQLITE_PREPARE_PERSISTENT, &b->add_key, NULL) == SQLITE_OK)
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
