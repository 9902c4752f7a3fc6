#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "locate/gap.h"

#define NEAR 1e-9

static const struct gps_gap gap = {.before = {.lat = 10, .lon = 179, .alt_m = 100, .fix = POSITION_FIX_3D},
				   .after = {.lat = 12, .lon = -179, .alt_m = 200, .fix = POSITION_FIX_3D},
				   .from_us = 1000000,
				   .to_us = 5000000};

static void expect(uint64_t time_us, double lat, double lon, double alt_m)
{
	struct position p = gps_gap_position(&gap, time_us);

	assert_true(fabs(p.lat - lat) < NEAR && fabs(p.lon - lon) < NEAR);
	assert_true(fabs((double) p.alt_m - alt_m) < 0.01);
	assert_int_equal(p.fix, POSITION_FIX_3D);
	assert_int_equal(p.time_us, time_us);
}

static void test_on_the_line(void **state)
{
	(void) state;
	expect(1000000, 10, 179, 100);
	expect(2000000, 10.5, 179.5, 125);
	expect(4000000, 11.5, -179.5, 175);
	expect(5000000, 12, -179, 200);
	expect(0, 10, 179, 100);
	expect(9000000, 12, -179, 200);
}

static void test_without_a_position_before(void **state)
{
	struct gps_gap first = gap;

	(void) state;
	first.before.fix = POSITION_FIX_NONE;
	assert_true(fabs(gps_gap_position(&first, 2000000).lat - 12) < NEAR);
}

static void test_the_lesser_fix_counts(void **state)
{
	struct gps_gap flat = gap;

	(void) state;
	flat.before.fix = POSITION_FIX_2D;
	assert_int_equal(gps_gap_position(&flat, 2000000).fix, POSITION_FIX_2D);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_on_the_line),
		cmocka_unit_test(test_without_a_position_before),
		cmocka_unit_test(test_the_lesser_fix_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
