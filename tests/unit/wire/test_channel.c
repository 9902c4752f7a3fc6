/* Channels: numbers, names and centres, both ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "wire/channel.h"

static const struct {
	uint32_t mhz;
	const char *text;
} rows[] = {{2412, "1"},    {2472, "13"},   {2484, "14"},    {5180, "36"},     {5885, "177"},   {4920, "184"},
	    {5935, "2W6e"}, {5955, "1W6e"}, {6135, "37W6e"}, {7115, "233W6e"}, {902, "902MHz"}, {7130, "7130MHz"}};

static void a_frequency_has_a_channel_and_it_the_frequency(void **state)
{
	char text[CHANNEL_TEXT_SIZE];

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		channel_of_khz(rows[i].mhz * 1000, text);
		assert_string_equal(text, rows[i].text);
		assert_int_equal(channel_mhz(text), rows[i].mhz);
	}
	channel_of_khz(0, text);
	assert_string_equal(text, "");
}

/* What a band has, and nothing else, has a name, by which its centre is found again. */
static void numbers_are_of_a_band(void **state)
{
	static const uint8_t none[] = {0, 15, 33, 65, 95, 145, 197, 255};
	char text[CHANNEL_TEXT_SIZE];

	(void) state;
	for (size_t i = 0; i < sizeof(none); i++)
		assert_false(channel_exists(none[i], CHANNEL_BAND_2_AND_5));
	for (unsigned n = 0; n < 256; n++) {
		bool six = n == 2 || (n >= 1 && n <= 233 && n % 4 == 1);

		assert_int_equal(channel_exists((uint8_t) n, CHANNEL_BAND_6), six);
		channel_of_number((uint8_t) n, CHANNEL_BAND_6, text);
		assert_int_equal(channel_mhz(text), six ? n == 2 ? 5935 : 5950 + 5 * n : 0);
		channel_of_number((uint8_t) n, CHANNEL_BAND_2_AND_5, text);
		assert_int_equal(*text != 0, channel_exists((uint8_t) n, CHANNEL_BAND_2_AND_5));
		assert_null(strstr(text, "W6e"));
	}
}

static void what_names_no_channel_has_no_centre(void **state)
{
	static const char *const texts[] = {"", "x", "0", "256", "FHSS", "6x", "999999999999", "0W6e", "234W6e", "W6e"};

	(void) state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(channel_mhz(texts[i]), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frequency_has_a_channel_and_it_the_frequency),
		cmocka_unit_test(numbers_are_of_a_band),
		cmocka_unit_test(what_names_no_channel_has_no_centre),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
