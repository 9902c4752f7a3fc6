#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "locate/doubt.h"

#define SEC UINT64_C(1000000)
#define UTC UINT64_C(1790000000) /* of second 0 */

static struct gps_judge judge;
static char why[GPS_DOUBT_SIZE];

/* A position in Dublin, so many kilometres to the north of it, at second `sec` of both clocks. */
static enum gps_doubt at(double km, double sec)
{
	struct gps_fix f = {{.lat = 53 + km / 111.195, .lon = -6, .fix = POSITION_FIX_3D, .accuracy_m = 10},
			    UTC * SEC + (uint64_t) (sec * 1e6)};

	return gps_judge(&judge, &f, 1000 * SEC + (uint64_t) (sec * 1e6), why);
}

static int begin(void **state)
{
	(void) state;
	memset(&judge, 0, sizeof(judge));
	return 0;
}

static void test_zero_and_dates(void **state)
{
	struct gps_fix f = {{.fix = POSITION_FIX_3D}, 0};

	(void) state;
	assert_int_equal(gps_judge(&judge, &f, SEC, why), GPS_DOUBT_ZERO);
	assert_non_null(strstr(why, "0/0"));
	f.position.lat = 1; /* Gabon's coast is on one of the lines */
	assert_int_equal(gps_judge(&judge, &f, 2 * SEC, why), GPS_BELIEVED);
	assert_string_equal(why, "");
	f.utc_us = UINT64_C(1420070399) * SEC;
	assert_int_equal(gps_judge(&judge, &f, 3 * SEC, why), GPS_DOUBT_DATE);
	assert_non_null(strstr(why, "2014-12-31"));
	f.utc_us += SEC;
	assert_int_equal(gps_judge(&judge, &f, 4 * SEC, why), GPS_BELIEVED);
}

static void test_real_ways(void **state)
{
	(void) state;
	for (int i = 0; i < 60; i++) /* a car, an airliner, and one with the wind of a jet stream */
		assert_int_equal(at(i * 0.05, i), GPS_BELIEVED);
	for (int i = 0; i < 60; i++)
		assert_int_equal(at(3 + i * 0.25, 60 + i), GPS_BELIEVED);
	for (int i = 0; i < 60; i++)
		assert_int_equal(at(18 + i * 0.36, 120 + i), GPS_BELIEVED);
	assert_int_equal(at(39.3, 180.1), GPS_BELIEVED); /* ten a second, and noise */
	assert_int_equal(at(39.25, 180.2), GPS_BELIEVED);
	assert_int_equal(at(7000, 180 + 3600 * 9), GPS_BELIEVED); /* switched on again elsewhere */
}

static void test_jumps(void **state)
{
	(void) state;
	assert_int_equal(at(5000, 0), GPS_BELIEVED); /* the first is measured by nothing */
	assert_int_equal(at(0, 1), GPS_DOUBT_SPEED);
	assert_non_null(strstr(why, "km/h"));
	assert_int_equal(at(5000.01, 2), GPS_BELIEVED);
	assert_int_equal(at(5001.5, 3), GPS_DOUBT_SPEED);
	assert_int_equal(at(5000.02, 4), GPS_BELIEVED);
}

/* The first position was the wrong one: after a while the receiver is right. */
static void test_a_jump_that_stays(void **state)
{
	(void) state;
	assert_int_equal(at(5000, 0), GPS_BELIEVED);
	for (int i = 1; i < GPS_MEASURE_SEC; i++)
		assert_int_equal(at(i * 0.01, i), GPS_DOUBT_SPEED);
	assert_int_equal(at(0.2, GPS_MEASURE_SEC), GPS_BELIEVED);
	assert_int_equal(at(0.2, GPS_MEASURE_SEC + 1), GPS_BELIEVED);
}

/* Positions all over the world are never believed. */
static void test_wild_jumps(void **state)
{
	(void) state;
	assert_int_equal(at(0, 0), GPS_BELIEVED);
	for (int i = 1; i < 60; i++)
		assert_int_equal(at(i % 2 ? 3000 : -3000, i), GPS_DOUBT_SPEED);
}

/* A recorded way that is replayed fifty times as fast. */
static void test_replayed(void **state)
{
	(void) state;
	for (int i = 0; i < 100; i++) {
		struct gps_fix f = {{.lat = 50 + i * 0.0005, .lon = 8, .fix = POSITION_FIX_2D},
				    UTC * SEC + (uint64_t) i * 2 * SEC};

		assert_int_equal(gps_judge(&judge, &f, SEC + (uint64_t) i * 20000, why), GPS_BELIEVED);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_zero_and_dates, begin),
		cmocka_unit_test_setup(test_real_ways, begin),
		cmocka_unit_test_setup(test_jumps, begin),
		cmocka_unit_test_setup(test_a_jump_that_stays, begin),
		cmocka_unit_test_setup(test_wild_jumps, begin),
		cmocka_unit_test_setup(test_replayed, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
