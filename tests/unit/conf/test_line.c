#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "conf/line.h"

static void test_lines_are_taken_apart(void **state)
{
	static const struct {
		const char *text, *name, *value;
		bool append, quoted;
	} good[] = {
		{"a=b", "a", "b", false, false},
		{"  a = b c \r\n", "a", "b c", false, false},
		{"a+=b", "a", "b", true, false},
		{"a += b", "a", "b", true, false},
		{"a=", "a", "", false, false},
		{"a", "a", "", false, false},
		{"conf/some.yaml\n", "conf/some.yaml", "", false, false},
		{"a=b=c", "a", "b=c", false, false},
		{"a=\" b \"", "a", " b ", false, true},
		{"a=\"b\" # why", "a", "b", false, true},
		{"a=\"b\"#c", "a", "\"b\"#c", false, false},
		{"a=\"1\",\"2\"", "a", "\"1\",\"2\"", false, false},
		{"a=\"\"\"b\"\"\"", "a", "\"b\"", false, true},
		{"a=x:name=\"b c\"", "a", "x:name=\"b c\"", false, false},
		{"a=\"", "a", "\"", false, false},
		{"a=\"\"", "a", "", false, true},
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		cleanup_free char *text = xstrdup(good[i].text);
		struct conf_line l;

		assert_int_equal(conf_line_take(text, strlen(text), &l), 1);
		assert_string_equal(l.name, good[i].name);
		assert_string_equal(l.value, good[i].value);
		assert_int_equal(l.append, good[i].append);
		assert_int_equal(l.quoted, good[i].quoted);
	}
}

static void test_what_is_no_line(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		int result;
	} odd[] = {
		{"", 0, 0},
		{" \t\r\n", 4, 0},
		{"# a=b", 5, 0},
		{"=b", 2, ERR_MALFORMED},
		{"+=b", 3, ERR_MALFORMED},
		{"a=b\x01", 4, ERR_UNSUPPORTED},
		{"a=b\0c", 5, ERR_UNSUPPORTED},
		{"\x7f", 1, ERR_UNSUPPORTED},
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		char text[16] = "";
		struct conf_line l;

		memcpy(text, odd[i].text, odd[i].n);
		assert_int_equal(conf_line_take(text, odd[i].n, &l), odd[i].result);
	}
}

static void test_comments_behind_values(void **state)
{
	static const char *const pairs[][2] = {{"1800     # 60 * 30", "1800"},
					       {"a#b", "a#b"},
					       {"# a", ""},
					       {"\"a # b\" # c", "\"a # b\""},
					       {"a\t# b", "a"},
					       {"", ""},
					       {"a ", "a"}};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		cleanup_free char *text = xstrdup(pairs[i][0]);

		conf_line_bare(text);
		assert_string_equal(text, pairs[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_are_taken_apart),
		cmocka_unit_test(test_what_is_no_line),
		cmocka_unit_test(test_comments_behind_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
