#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hex.h"

static void every_character(void **state)
{
	static const char all[] = "0123456789abcdef", big[] = "0123456789ABCDEF";

	(void) state;
	for (int c = 0; c < 256; c++) {
		const char *low = c ? strchr(all, c) : NULL, *high = c ? strchr(big, c) : NULL;

		assert_int_equal(hex_value((char) c), low ? low - all : high ? high - big : -1);
	}
}

static void octets_there_and_back(void **state)
{
	uint8_t in[256], out[256];
	char text[513];

	(void) state;
	for (int i = 0; i < 256; i++)
		in[i] = (uint8_t) i;
	*hex_write(text, hex_upper, in, 256) = '\0';
	assert_int_equal(strlen(text), 512);
	assert_memory_equal(text + 508, "FEFF", 4);
	assert_true(hex_read(text, out, 256));
	assert_memory_equal(in, out, 256);
	*hex_write(text, hex_lower, in + 0xab, 1) = '\0';
	assert_string_equal(text, "ab");
}

static void what_is_no_hex(void **state)
{
	static const char *const wrong[] = {"", "0", "0g", "g0", "012", "0 ", "\xb0\xb0", "01\n"};
	uint8_t out[1];

	(void) state;
	assert_false(hex_read(NULL, out, 1));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(hex_read(wrong[i], out, 1));
	assert_true(hex_read("", out, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_character),
		cmocka_unit_test(octets_there_and_back),
		cmocka_unit_test(what_is_no_hex),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
