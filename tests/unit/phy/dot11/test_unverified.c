/* Frames that were not checked: what is believed when, and how often what was believed before had been said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "phy/dot11/unverified.h"

static struct unverified settled(void)
{
	struct unverified u = {0};

	for (int i = 0; i < 5; i++)
		assert_true(unverified_takes(&u, 1));
	return u;
}

static void what_differs_comes_twice(void **state)
{
	struct unverified u = settled();

	(void) state;
	assert_false(unverified_takes(&u, 2));
	assert_true(unverified_takes(&u, 1));
	assert_false(unverified_takes(&u, 3));
	assert_true(unverified_takes(&u, 3));
}

static void copies_of_one_frame_come_three_times(void **state)
{
	struct unverified u = settled();

	(void) state;
	assert_false(unverified_takes(&u, 2));
	assert_false(unverified_takes_again(&u, 2)); /* a second receiver of the source has the same damage */
	assert_true(unverified_takes_again(&u, 2));
	assert_true(unverified_takes_again(&u, 1));
	assert_false(unverified_takes_again(&u, 4));
}

static void how_often_it_was_said_before(void **state)
{
	struct unverified u = {0};

	(void) state;
	assert_true(unverified_takes(&u, 1));
	assert_true(unverified_takes(&u, 2));
	assert_int_equal(u.run_before, 1);
	assert_true(unverified_takes(&u, 1));
	assert_int_equal(u.run_before, 1);
	assert_true(unverified_takes(&u, 1));
	assert_true(unverified_takes(&u, 3));
	assert_int_equal(u.run_before, 2);
	assert_int_equal(u.run, 1);
	for (int i = 0; i < 600; i++)
		assert_true(unverified_takes(&u, 3));
	assert_int_equal(u.run, UINT8_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_differs_comes_twice),
		cmocka_unit_test(copies_of_one_frame_come_three_times),
		cmocka_unit_test(how_often_it_was_said_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
