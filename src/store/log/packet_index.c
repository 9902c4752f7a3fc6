#include "store/log/packet_index.h"

#include <string.h>

const struct blocks_sql packet_index_sql = BLOCKS_SQL("norn_blocks", "norn_block_keys");

bool packet_index_add(struct blocks *b, int64_t row, const struct packet_summary *s, const char *uuid)
{
	const struct block_row r = {.row = row,
				    .time_us = s->time_us,
				    .n_keys = 4,
				    .keys = {block_key_of_mac(&s->sender), block_key_of_mac(&s->destination),
					     block_key_of_mac(&s->transmitter), block_key_of_uuid(uuid)}};

	return blocks_add(b, &r);
}

static void parse(sqlite3_stmt *s, int column, struct mac *ret)
{
	const char *text = (const char *) sqlite3_column_text(s, column);

	if (!text || mac_parse(text, strlen(text), ret) < 0)
		*ret = (struct mac){{0}};
}

int64_t packet_index_go_on(struct blocks *b, sqlite3 *db)
{
	int64_t row = blocks_go_on(b, db);
	sqlite3_stmt *s = NULL;
	bool good = true;

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
		good = packet_index_add(b, row, &p, uuid ? uuid : "");
	}
	(void) sqlite3_finalize(s);
	return good ? row : -1;
}
