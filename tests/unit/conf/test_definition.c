/* Definitions: quotes, escapes, and the part that is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "conf/definition.h"

static struct definition d;

static void test_what_is_read(void **state)
{
	(void) state;
	assert_int_equal(definition_parse("wlan0", &d), 0);
	assert_string_equal(d.interface, "wlan0");
	assert_int_equal(d.n_options, 0);
	assert_int_equal(definition_parse("wlan0:Name=x, channels=\"1,6\" ,empty=", &d), 0);
	assert_string_equal(definition_get(&d, "name"), "x");
	assert_string_equal(definition_get(&d, "channels"), "1,6");
	assert_string_equal(definition_get(&d, "empty"), "");
	assert_null(definition_get(&d, "other"));
	assert_int_equal(definition_parse("\"/a:b, \\\"c\\\" \\\\ \\d\":name=\"say \\\"so\\\"\"", &d), 0);
	assert_string_equal(d.interface, "/a:b, \"c\" \\ \\d");
	assert_string_equal(definition_get(&d, "name"), "say \"so\"");
	assert_int_equal(definition_parse("\"x.pcap\"", &d), 0);
	assert_string_equal(d.interface, "x.pcap");
}

static void test_what_is_wrong(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{"", "its interface is empty"},
		{":name=x", "its interface is empty"},
		{"\"\":name=x", "its interface is empty"},
		{"x:name", "no '=' in option 1, 'name'"},
		{"x:a=1,", NULL},
		{"x:a=1,,b=2", "no '=' in option 2"},
		{"x:a=1,=2", "no name before the '=' of option 2"},
		{"x:a=\"1", "quote in option 1 that is not closed"},
		{"\"x:a=1", "quote in its interface that is not closed"},
		{"x:a=\"1\"2", "closing quote of option 1: expected ','"},
		{"\"x\",a=2", "closing quote of its interface: expected ':'"},
	};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char error[DEFINITION_ERROR_SIZE] = "";
		int r = definition_read(rows[i].text, &d, error);

		assert_int_equal(r, rows[i].why ? ERR_MALFORMED : 0);
		if (rows[i].why && !strstr(error, rows[i].why))
			fail_msg("%s: %s", rows[i].text, error);
	}
}

static void test_quoting(void **state)
{
	char text[64], small[5];

	(void) state;
	assert_int_equal(definition_quote("plain\\x", text, sizeof(text)), 7);
	assert_string_equal(text, "plain\\x");
	assert_int_equal(definition_quote("a:\"\\", text, sizeof(text)), 8);
	assert_string_equal(text, "\"a:\\\"\\\\\"");
	assert_int_equal(definition_quote("a b c", small, sizeof(small)), 7);
	assert_string_equal(small, "\"a b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_read),
		cmocka_unit_test(test_what_is_wrong),
		cmocka_unit_test(test_quoting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
