/* Channels as people write them, and as the kernel wants them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "wifi_channel.h"

static void reads_what_is_written(void **state)
{
	static const struct {
		const char *text;
		uint32_t mhz, center_mhz;
		enum wifi_width width;
	} rows[] = {
		{"1", 2412, 2412, WIFI_BASIC},          {"14", 2484, 2484, WIFI_BASIC},
		{"2437", 2437, 2437, WIFI_BASIC},       {"6HT20", 2437, 2437, WIFI_HT20},
		{"6HT40+", 2437, 2447, WIFI_HT40_PLUS}, {"6HT40-", 2437, 2427, WIFI_HT40_MINUS},
		{"6HT40", 2437, 2447, WIFI_HT40_PLUS},  {"6ht40-", 2437, 2427, WIFI_HT40_MINUS},
		{"36VHT80", 5180, 5210, WIFI_80},       {"48VHT80", 5240, 5210, WIFI_80},
		{"149VHT80", 5745, 5775, WIFI_80},      {"100VHT160", 5500, 5570, WIFI_160},
		{"64VHT160", 5320, 5250, WIFI_160},     {"36VHT80-42", 5180, 5210, WIFI_80},
		{"36VHT160-50", 5180, 5250, WIFI_160},  {"6W5", 2437, 2437, WIFI_5},
		{"6W10", 2437, 2437, WIFI_10},          {"5W6e", 5975, 5975, WIFI_BASIC},
		{"37-W6e", 6135, 6135, WIFI_BASIC},     {"184", 4920, 4920, WIFI_BASIC},
		{"165", 5825, 5825, WIFI_BASIC},        {"177", 5885, 5885, WIFI_BASIC},
	};
	struct wifi_channel c;

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(wifi_channel_parse(rows[i].text, &c), 0);
		assert_int_equal(c.mhz, rows[i].mhz);
		assert_int_equal(c.center_mhz, rows[i].center_mhz);
		assert_int_equal(c.width, rows[i].width);
	}
}

static void refuses_what_is_none(void **state)
{
	static const char *const texts[] = {"",
					    "x",
					    "0",
					    "15",
					    "-6",
					    "6HT",
					    "6HT40*",
					    "6VHT80",
					    "36VHT80-",
					    "6 ",
					    "9999999999999999999999",
					    "234W6e",
					    "+6",
					    "144VHT160"};
	struct wifi_channel c;

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		assert_true(wifi_channel_parse(texts[i], &c) < 0);
}

/* Whatever is offered can be asked for. */
static void offers_what_it_reads(void **state)
{
	char text[WIFI_CHANNEL_SIZE];
	struct wifi_channel c;
	unsigned n = 0;

	(void) state;
	for (uint32_t mhz = 2400; mhz < 7200; mhz++) {
		if (!wifi_channel_format(mhz, WIFI_BASIC, text))
			continue;
		if (wifi_channel_parse(text, &c) < 0 || c.mhz != mhz)
			continue; /* between two channels */
		n++;
	}
	assert_true(n > 100);
	assert_false(wifi_channel_format(2400, WIFI_BASIC, text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_is_written),
		cmocka_unit_test(refuses_what_is_none),
		cmocka_unit_test(offers_what_it_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
