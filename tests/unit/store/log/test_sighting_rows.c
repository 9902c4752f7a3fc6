/* Sightings as rows: what was written is read, and what others wrote is bounded; the block index over them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "phy/phys.h"
#include "store/log/sighting_rows.h"
#include "track/device.h"

#define SELECT "SELECT " SIGHTING_COLUMNS " FROM norn_sightings"

static sqlite3 *make(void)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, SIGHTING_TABLE SIGHTING_INDEX_SCHEMA, NULL, NULL, NULL), SQLITE_OK);
	return db;
}

static void put(sqlite3 *db, const struct sighting *x)
{
	sqlite3_stmt *s;

	assert_int_equal(
		sqlite3_prepare_v2(db, "INSERT INTO norn_sightings VALUES (" SIGHTING_VALUES ")", -1, &s, NULL),
		SQLITE_OK);
	sighting_bind(s, x, phys_name(x->phy));
	assert_int_equal(sqlite3_step(s), SQLITE_DONE);
	(void) sqlite3_finalize(s);
}

static bool get(sqlite3 *db, const char *sql, struct sighting *ret)
{
	sqlite3_stmt *s;
	bool good;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	good = sighting_read(s, 0, ret);
	(void) sqlite3_finalize(s);
	return good;
}

static struct sighting example(void)
{
	return (struct sighting){.octets = 123456789012,
				 .lat = -52.5,
				 .lon = 13.25,
				 .device = {key_phy_hash(phys_name(0)), {{2, 0, 0, 0, 0, 1}}},
				 .source = {{1, 2, 3}},
				 .bssid = {{2, 0, 0, 0, 0, 2}},
				 .seconds = 60,
				 .start_sec = 4000000020,
				 .frames = 9,
				 .sent = 8,
				 .duplicates = 7,
				 .retries = 6,
				 .freq_khz = 71000000,
				 .alerts = 5,
				 .signal_mean = -60.25F,
				 .accuracy_m = 4.5F,
				 .signal_least = -90,
				 .signal_most = -20,
				 .signal_type = SIGNAL_DBM,
				 .has_position = true};
}

static int64_t number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *s;
	int64_t n;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	n = sqlite3_column_int64(s, 0);
	(void) sqlite3_finalize(s);
	return n;
}

/* Whether what was read makes the same row. */
static bool is_same(sqlite3 *db, const struct sighting *back)
{
	put(db, back);
	return number(db, "SELECT count(*) FROM norn_sightings") == 2 &&
	       number(db, "SELECT count(*) FROM (SELECT DISTINCT * FROM norn_sightings)") == 1;
}

static void what_is_written_is_read(void **state)
{
	struct sighting all = example(), bare = {.device = all.device, .source = all.source, .seconds = 60}, back;
	sqlite3 *db = make();

	(void) state;
	put(db, &all);
	assert_true(get(db, SELECT, &back));
	assert_int_equal(back.start_sec, all.start_sec);
	assert_true(key_equal(&back.device, &all.device));
	assert_true(is_same(db, &back));
	assert_int_equal(sqlite3_exec(db, "DELETE FROM norn_sightings", NULL, NULL, NULL), SQLITE_OK);
	put(db, &bare);
	assert_true(get(db, SELECT, &back));
	assert_true(is_same(db, &back));
	assert_true(get(db, SELECT " WHERE bssid IS NULL AND signal_max IS NULL AND lat IS NULL AND frequency IS NULL",
			&back));
	(void) sqlite3_close(db);
}

static void what_others_write_is_bounded(void **state)
{
	static const char *const bad[] = {
		"UPDATE norn_sightings SET devmac = NULL",
		"UPDATE norn_sightings SET devmac = 'x'",
		"UPDATE norn_sightings SET datasource = x'00ff'",
	};
	struct sighting x = example();
	sqlite3 *db = make();

	(void) state;
	put(db, &x);
	assert_int_equal(sqlite3_exec(db,
				      "UPDATE norn_sightings SET start = -1, seconds = 1e9, phyname = 'none', frames = "
				      "99999999999, octets = 'many', signal_min = 1e300, signal_max = -1e300, "
				      "lat = 9e99, accuracy = -5, frequency = -3, bssid = 'y'",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	assert_true(get(db, SELECT, &x));
	assert_int_equal(x.start_sec, 0);
	assert_int_equal(x.seconds, UINT16_MAX);
	assert_int_equal(x.phy, 0xff);
	assert_int_equal(x.frames, UINT32_MAX);
	assert_int_equal(x.octets, 0);
	assert_int_equal(x.signal_least, INT16_MAX);
	assert_int_equal(x.signal_most, INT16_MIN);
	assert_float_equal(x.lat, 90, 0);
	assert_float_equal(x.accuracy_m, 0, 0);
	assert_true(mac_is_zero(&x.bssid));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		x = example();
		assert_int_equal(sqlite3_exec(db, "DELETE FROM norn_sightings", NULL, NULL, NULL), SQLITE_OK);
		put(db, &x);
		assert_int_equal(sqlite3_exec(db, bad[i], NULL, NULL, NULL), SQLITE_OK);
		assert_false(get(db, SELECT, &x));
	}
	(void) sqlite3_close(db);
}

/* Rows that are in no block, as a kill leaves them, are in one when the log goes on. */
static void an_index_goes_on(void **state)
{
	struct sighting x = example();
	struct blocks *b;
	sqlite3 *db = make();

	(void) state;
	x.bssid = (struct mac){{0}};
	for (int64_t i = 1; i <= BLOCK_ROWS + 10; i++) {
		x.start_sec = (uint32_t) i;
		x.device.mac.b[5] = i > BLOCK_ROWS ? 9 : 1;
		put(db, &x);
	}
	b = blocks_create(db, &sighting_index_sql);
	assert_non_null(b);
	assert_int_equal(sighting_index_go_on(b, db), BLOCK_ROWS + 10);
	assert_int_equal(number(db, "SELECT count(*) FROM norn_sighting_blocks"), 1);
	assert_int_equal(number(db, "SELECT max_us FROM norn_sighting_blocks"), BLOCK_ROWS * INT64_C(1000000));
	assert_int_equal(number(db, "SELECT count(*) FROM norn_sighting_block_keys"), 2);
	assert_true(blocks_flush(b));
	assert_int_equal(number(db, "SELECT count(*) FROM norn_sighting_block_keys"), 4);
	blocks_destroy(b);
	b = blocks_create(db, &sighting_index_sql);
	assert_int_equal(sighting_index_go_on(b, db), BLOCK_ROWS + 10);
	blocks_destroy(b);
	(void) sqlite3_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(what_others_write_is_bounded),
		cmocka_unit_test(an_index_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
