#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/span.h"

static void test_reads_in_order(void **state)
{
	static const uint8_t bytes[] = {1, 0xff, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7,
					8, 1,    2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8};
	struct span s = span_of(bytes, sizeof(bytes));

	(void) state;
	assert_int_equal(span_u8(&s), 1);
	assert_int_equal(span_i8(&s), -1);
	assert_int_equal(span_le16(&s), 0x0302);
	assert_int_equal(span_be16(&s), 0x0405);
	assert_int_equal(span_le24(&s), 0x080706);
	span_skip(&s, 1);
	assert_int_equal(span_be32(&s), 0x01020304);
	assert_int_equal(span_le32(&s), 0x08070605);
	assert_true(span_be64(&s) == 0x0102030405060708);
	assert_true(span_le64(&s) == 0x0807060504030201);
	assert_int_equal(s.left, 0);
	assert_false(s.bad);
}

static void test_error_sticks(void **state)
{
	static const uint8_t bytes[] = {1, 2, 3};
	struct span s = span_of(bytes, sizeof(bytes));

	(void) state;
	assert_int_equal(span_le32(&s), 0);
	assert_true(s.bad);
	assert_int_equal(span_u8(&s), 0);
	assert_null(span_take(&s, 17));
	assert_int_equal(s.left, 0); /* so that loops over what is left end */
}

static void test_child_stays_within(void **state)
{
	static const uint8_t bytes[] = {1, 2, 3, 4};
	struct span s = span_of(bytes, sizeof(bytes)), child = span_sub(&s, 2), rest;

	(void) state;
	assert_int_equal(child.left, 2);
	assert_int_equal(span_le32(&child), 0);
	assert_true(child.bad);
	assert_false(s.bad);
	rest = span_up_to(&s, 100);
	assert_int_equal(rest.left, 2);
	assert_true(span_sub(&s, 1).bad);
	assert_true(s.bad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_in_order),
		cmocka_unit_test(test_error_sticks),
		cmocka_unit_test(test_child_stays_within),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
