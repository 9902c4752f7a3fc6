#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "conf/option.h"

struct sample {
	bool on;
	uint32_t port;
	int32_t level;
	uint64_t bytes;
	double rate;
	char *name;
	char *password;
	struct string_list sources, types;
	uint8_t login;
};

enum { ON, PORT, LEVEL, BYTES, RATE, NAME, PASSWORD, SOURCES, TYPES, LOGIN, N_ROWS };
static const struct option_row rows[] = {
	OPTION(struct sample, "on", on, true, NO_RANGE, AT_START, "A switch."),
	OPTION(struct sample, "port", port, 2501, RANGE(1, 65535), AT_START, "A port."),
	OPTION(struct sample, "level", level, -10, RANGE(-100, 0), AT_START, "A level."),
	OPTION(struct sample, "bytes", bytes, 0, NO_RANGE, AT_START, "Many octets."),
	OPTION(struct sample, "rate", rate, 0.5, RANGE(0, 10), AT_START, "A rate."),
	OPTION(struct sample, "name", name, "norn", NO_RANGE, AT_ONCE, "A name."),
	OPTION(struct sample, "password", password, "", NO_RANGE, AT_START | OPTION_SECRET, "Hush."),
	OPTION(struct sample, "source", sources, "", NO_RANGE, AT_START, "A source."),
	OPTION(struct sample, "types", types, "a,b", NO_RANGE, AT_START | OPTION_COMMAS, "Types."),
	OPTION(struct sample, "login", login, auto, ONE_OF("auto", "always", "never"), AT_START, "Who must log in."),
};
static const struct option_table table = {"sample", "A sample.", rows, ARRAY_SIZE(rows)};

static void clear(struct sample *s)
{
	for (size_t i = 0; i < N_ROWS; i++)
		option_clear(&rows[i], s);
}

static void expect_print(const struct sample *s, size_t row, size_t i, const char *text)
{
	struct buf b = {0};

	option_print(&rows[row], s, i, &b);
	assert_string_equal(buf_text(&b), text);
	buf_finish(&b);
}

static void test_every_default_is_allowed(void **state)
{
	struct sample s = {0};

	(void) state;
	for (size_t i = 0; i < N_ROWS; i++) {
		cleanup_free char *text = option_fallback(&rows[i]);

		assert_int_equal(option_set(&rows[i], &s, text), 0);
	}
	assert_true(s.on);
	assert_int_equal(s.port, 2501);
	assert_int_equal(s.level, -10);
	assert_true(s.rate > 0.49 && s.rate < 0.51);
	assert_string_equal(s.name, "norn");
	assert_null(s.password);
	assert_int_equal(s.sources.n, 0);
	assert_int_equal(s.types.n, 2);
	assert_int_equal(s.login, 0);
	clear(&s);
}

static void test_kind_follows_the_member(void **state)
{
	static const uint8_t kinds[N_ROWS] = {OPTION_BOOL, OPTION_U32,  OPTION_I32,  OPTION_U64,  OPTION_REAL,
					      OPTION_TEXT, OPTION_TEXT, OPTION_LIST, OPTION_LIST, OPTION_ENUM};

	(void) state;
	for (size_t i = 0; i < N_ROWS; i++)
		assert_int_equal(rows[i].kind, kinds[i]);
}

static void test_bad_values_change_nothing(void **state)
{
	static const struct {
		size_t row;
		const char *text;
		int err;
	} bad[] = {
		{ON, "maybe", ERR_MALFORMED},
		{ON, "", ERR_MALFORMED},
		{PORT, "0", ERR_LIMIT},
		{PORT, "65536", ERR_LIMIT},
		{PORT, "80x", ERR_MALFORMED},
		{PORT, "", ERR_MALFORMED},
		{PORT, "+80", ERR_MALFORMED},
		{PORT, "-1", ERR_LIMIT},
		{PORT, "0x50", ERR_MALFORMED},
		{PORT, "99999999999999999999999", ERR_LIMIT},
		{LEVEL, "1", ERR_LIMIT},
		{LEVEL, "-101", ERR_LIMIT},
		{LEVEL, "-", ERR_MALFORMED},
		{BYTES, "-1", ERR_LIMIT},
		{BYTES, "18446744073709551616", ERR_LIMIT},
		{RATE, "nan", ERR_MALFORMED},
		{RATE, "1.5.2", ERR_MALFORMED},
		{RATE, "10.5", ERR_LIMIT},
		{LOGIN, "sometimes", ERR_MALFORMED},
	};
	struct sample s = {.port = 7, .level = -7, .bytes = 7, .rate = 7};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(option_set(&rows[bad[i].row], &s, bad[i].text), bad[i].err);
	assert_int_equal(s.port, 7);
	assert_int_equal(s.level, -7);
	assert_int_equal(s.bytes, 7);
	assert_int_equal(s.login, 0);
	assert_false(s.on);
}

static void test_lists_grow_and_split(void **state)
{
	struct sample s = {0};

	(void) state;
	for (int i = 0; i < 9; i++)
		assert_int_equal(option_set(&rows[SOURCES], &s, "wlan0:name=a,channels=\"1,6\""), 0);
	assert_int_equal(s.sources.n, 9);
	assert_string_equal(s.sources.items[8], "wlan0:name=a,channels=\"1,6\"");
	assert_int_equal(option_set(&rows[TYPES], &s, "kismet, pcapng,,"), 0);
	assert_int_equal(s.types.n, 2);
	assert_true(string_list_has(&s.types, "PCAPNG"));
	assert_false(string_list_has(&s.types, "pcap"));
	clear(&s);
}

static void test_list_is_bounded(void **state)
{
	struct sample s = {0};

	(void) state;
	for (int i = 0; i < OPTION_LIST_MAX; i++)
		assert_int_equal(option_set(&rows[SOURCES], &s, "a"), 0);
	assert_int_equal(option_set(&rows[SOURCES], &s, "a"), ERR_LIMIT);
	clear(&s);
}

static void test_writes_values_but_no_secret(void **state)
{
	struct sample s = {.on = true, .level = -10, .bytes = UINT64_MAX, .rate = 0.5, .login = 2};

	(void) state;
	assert_int_equal(option_set(&rows[PASSWORD], &s, "open sesame"), 0);
	assert_int_equal(option_set(&rows[NAME], &s, " a "), 0);
	expect_print(&s, ON, 0, "true");
	expect_print(&s, LEVEL, 0, "-10");
	expect_print(&s, BYTES, 0, "18446744073709551615");
	expect_print(&s, RATE, 0, "0.500000");
	expect_print(&s, NAME, 0, "\" a \"");
	expect_print(&s, PASSWORD, 0, "***");
	expect_print(&s, LOGIN, 0, "never");
	clear(&s);
	expect_print(&s, PASSWORD, 0, "");
}

static void test_says_what_is_allowed(void **state)
{
	static const struct {
		size_t row;
		const char *text;
	} allowed[] = {{ON, "true or false"},
		       {PORT, "a whole number from 1 to 65535"},
		       {LEVEL, "a whole number from -100 to 0"},
		       {BYTES, "a whole number, 0 or more"},
		       {RATE, "a number from 0 to 10"},
		       {LOGIN, "one of auto, always, never"}};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(allowed); i++) {
		struct buf b = {0};

		option_allowed(&rows[allowed[i].row], &b);
		assert_string_equal(buf_text(&b), allowed[i].text);
		buf_finish(&b);
	}
}

static void test_finds_by_name(void **state)
{
	(void) state;
	assert_ptr_equal(option_find(&table, "PORT"), &rows[PORT]);
	assert_null(option_find(&table, "ports"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_default_is_allowed),  cmocka_unit_test(test_kind_follows_the_member),
		cmocka_unit_test(test_bad_values_change_nothing), cmocka_unit_test(test_lists_grow_and_split),
		cmocka_unit_test(test_list_is_bounded),           cmocka_unit_test(test_writes_values_but_no_secret),
		cmocka_unit_test(test_says_what_is_allowed),      cmocka_unit_test(test_finds_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
