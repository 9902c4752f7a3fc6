#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static void test_grows_and_keeps(void **state)
{
	struct buf b = {0};

	(void) state;
	assert_string_equal(buf_text(&b), "");
	for (int i = 0; i < 10000; i++)
		buf_char(&b, (char) ('a' + i % 26));
	assert_int_equal(b.len, 10000);
	for (int i = 0; i < 10000; i++)
		assert_int_equal(b.p[i], 'a' + i % 26);
	buf_finish(&b);
	assert_null(b.p);
	assert_int_equal(b.cap, 0);
}

static void test_appends(void **state)
{
	char longer[1001];
	struct buf b = {0};

	(void) state;
	memset(longer, 'x', 1000);
	longer[1000] = '\0';
	buf_add(&b, NULL, 0);
	buf_str(&b, "one ");
	buf_printf(&b, "%d %s", 2, "three");
	assert_string_equal(buf_text(&b), "one 2 three");
	buf_printf(&b, "%s", longer);
	assert_int_equal(b.len, 1011);
	buf_finish(&b);
}

static void test_drops_from_the_front(void **state)
{
	struct buf b = {0};

	(void) state;
	buf_str(&b, "0123456789");
	buf_drop(&b, 4);
	assert_string_equal(buf_text(&b), "456789");
	buf_drop(&b, 6);
	assert_string_equal(buf_text(&b), "");
	buf_str(&b, "again");
	buf_clear(&b);
	assert_int_equal(b.len, 0);
	buf_finish(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grows_and_keeps),
		cmocka_unit_test(test_appends),
		cmocka_unit_test(test_drops_from_the_front),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
