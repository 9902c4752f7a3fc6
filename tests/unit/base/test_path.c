#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/path.h"

static void test_one_slash(void **state)
{
	static const char *const cases[][3] = {
		{"/var/log", "a", "/var/log/a"},
		{"/var/log/", "a", "/var/log/a"},
		{"/var/log///", "/a", "/var/log/a"},
		{"/", "a", "/a"},
		{"//", "a", "/a"},
		{"", "a", "a"},
		{".", "a b", "./a b"},
		{"./", "x/y", "./x/y"},
	};
	char path[32];

	(void) state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(path_join(path, sizeof(path), cases[i][0], cases[i][1]));
		assert_string_equal(path, cases[i][2]);
	}
}

static void test_room(void **state)
{
	char path[6];

	(void) state;
	assert_true(path_join(path, sizeof(path), "ab", "cd"));
	assert_false(path_join(path, sizeof(path), "ab", "cde"));
	assert_string_equal(path, "ab/cd");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_slash),
		cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
