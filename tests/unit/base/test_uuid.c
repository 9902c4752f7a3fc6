#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/uuid.h"

static void test_text_both_ways(void **state)
{
	static const char lower[] = "5fe308bd-0000-4abc-8def-00c0ca123456";
	char text[UUID_TEXT_SIZE];
	struct uuid u;

	(void) state;
	assert_int_equal(uuid_parse(lower, 36, &u), 0);
	uuid_format(&u, text);
	assert_string_equal(text, "5FE308BD-0000-4ABC-8DEF-00C0CA123456");
}

static void test_refuses_other_forms(void **state)
{
	static const char *const wrong[] = {
		"",
		"5FE308BD-0000-4ABC-8DEF-00C0CA12345",
		"5FE308BD-0000-4ABC-8DEF-00C0CA1234567",
		"5FE308BD00000-4ABC-8DEF-00C0CA123456",
		"5FE308BD-0000-4ABC-8DEF-00C0CA12345G",
		"5FE308BD-0000-4ABC-8DEF--0C0CA123456",
	};
	struct uuid u = {{7}};

	(void) state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(uuid_parse(wrong[i], strlen(wrong[i]), &u), ERR_MALFORMED);
	assert_int_equal(u.b[0], 7);
}

static void test_random_is_version_4(void **state)
{
	struct uuid a = uuid_random(), b = uuid_random();

	(void) state;
	assert_int_equal(a.b[6] >> 4, 4);
	assert_int_equal(a.b[8] >> 6, 2);
	assert_memory_not_equal(a.b, b.b, sizeof(a.b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_both_ways),
		cmocka_unit_test(test_refuses_other_forms),
		cmocka_unit_test(test_random_is_version_4),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
