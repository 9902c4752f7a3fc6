/* Lists of names in udev's hardware database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/hwdb.h"

static const char *line(struct hwdb *h, const char *text)
{
	static char copy[HWDB_LINE_SIZE];

	(void) snprintf(copy, sizeof(copy), "%s", text);
	return hwdb_line(h, copy);
}

static void names_stand_below_what_they_are_of(void **state)
{
	struct hwdb h = {.prefix = "OUI:", .key = "ID_OUI_FROM_DATABASE"};

	(void) state;
	assert_null(line(&h, " ID_OUI_FROM_DATABASE=of nothing\n"));
	assert_null(line(&h, "# a comment\n"));
	assert_null(line(&h, "OUI:28EF01A*\n"));
	assert_string_equal(h.match, "28EF01A");
	assert_null(line(&h, " ID_OTHER=x\n"));
	assert_null(line(&h, " ID_OUI_FROM_DATABASE=\n"));
	assert_null(line(&h, " ID_OUI_FROM_DATABASE=  \n"));
	assert_null(line(&h, " ID_OUI_FROM_DATABASE\n"));
	assert_string_equal(line(&h, " ID_OUI_FROM_DATABASE=A maker, Inc. \r\n"), "A maker, Inc.");
	assert_null(line(&h, "\n"));
	assert_null(line(&h, " ID_OUI_FROM_DATABASE=of nothing\n"));
	assert_null(line(&h, "usb:v1234*\n"));
	assert_string_equal(h.match, "");
	assert_null(line(&h, "OUI:0123456789012345678901234567890123456789*\n"));
	assert_string_equal(h.match, "");
	assert_null(line(&h, ""));
	assert_null(line(&h, " "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_stand_below_what_they_are_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
