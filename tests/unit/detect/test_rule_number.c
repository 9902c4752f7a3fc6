/* The numbers of rules: in rows, in texts, and as the option changes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "detect/rule_number.h"

static size_t row_of(const char *name)
{
	size_t i = 0;

	while (strcmp(rules[i].name, name) != 0)
		i++;
	return i;
}

static void assert_text(const char *text, const struct rule_numbers *n, const char *expected)
{
	struct buf out = {0};

	rule_describe(text, n, &out);
	assert_string_equal(buf_text(&out), expected);
	buf_finish(&out);
}

static void texts_name_the_numbers(void **state)
{
	const struct rule_numbers n = {.most = 10, .within_ms = 1000, .after_ms = 300000, .apart_ppm = 500};

	(void) state;
	assert_text("{bssid}: more than {most} within {within}", &n, "{bssid}: more than 10 within a second");
	assert_text("{after}, {apart}, {young}, {most", &n, "5 minutes, 500 millionths, {young}, {most");
	assert_text("{within}", &(struct rule_numbers){.within_ms = 1500}, "1500 milliseconds");
	assert_text("{within}", &(struct rule_numbers){.within_ms = 7200000}, "2 hours");
	assert_text("", &n, "");
	assert_text("{}{", &n, "{}{");
}

static void an_option_changes_all_rows_of_a_name(void **state)
{
	cleanup_free struct rule_numbers *all = xnew(struct rule_numbers, rule_count);
	size_t first = row_of("EVILTWIN"), flood = row_of("DEAUTHFLOOD");
	char error[RULE_ERROR_SIZE];
	struct buf out = {0};

	(void) state;
	rule_numbers_read(all);
	assert_int_equal(all[flood].most, 10);
	assert_true(rule_numbers_set(all, "deauthflood:most=20,within=2s", error));
	assert_int_equal(all[flood].most, 20);
	assert_int_equal(all[flood].within_ms, 2000);
	assert_true(rule_numbers_set(all, "EVILTWIN:apart=700", error));
	assert_true(rule_numbers_set(all, "EVILTWIN:young=5min", error));
	for (size_t i = first; i < rule_count; i++)
		if (strcmp(rules[i].name, "EVILTWIN") == 0)
			assert_int_equal(all[i].apart_ppm, 700);
	assert_int_equal(all[first].young_ms, 300000);
	rule_numbers_print(&all[flood], &out);
	assert_string_equal(buf_text(&out), "most=20,within=2s,slow_most=60,slow_within=1min");
	buf_finish(&out);
}

static void what_is_wrong_is_reported_and_changes_nothing(void **state)
{
	static const char *const wrong[][2] = {
		{"", "expected NAME:most=20,within=2s"},
		{"DEAUTHFLOOD", "expected"},
		{"DEAUTHFLOOD:", "most=10,within=1s"},
		{"DEAUTHFLOOD:most", "most=10,within=1s"},
		{"DEAUTHFLOOD:after=2s", "'after=2s' sets none"},
		{"DEAUTHFLOOD:most=", "no number from 1 to 65534"},
		{"DEAUTHFLOOD:most=0", "no number"},
		{"DEAUTHFLOOD:most=-1", "no number"},
		{"DEAUTHFLOOD:most=65535", "no number"},
		{"DEAUTHFLOOD:most=99999999999999999999999", "no number"},
		{"DEAUTHFLOOD:most=5x", "no number"},
		{"DEAUTHFLOOD:most=20,within=2", "no time from 1ms to 24h"},
		{"DEAUTHFLOOD:within=25h", "no time"},
		{"DEAUTHFLOOD:within=0s", "no time"},
		{"PMKIDHARVEST:most=8", "no number from 1 to 7"},
		{"LONGSSID:most=40", "fixed by a standard"},
		{"AIRJACKSSID:most=2", "has no numbers"},
		{"NOSUCHRULE:most=2", "no rule"},
		{":most=2", "no rule"},
	};
	cleanup_free struct rule_numbers *all = xnew(struct rule_numbers, rule_count);
	cleanup_free struct rule_numbers *before = xnew(struct rule_numbers, rule_count);
	char error[RULE_ERROR_SIZE];

	(void) state;
	rule_numbers_read(all);
	rule_numbers_read(before);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		assert_false(rule_numbers_set(all, wrong[i][0], error));
		if (!strstr(error, wrong[i][1]))
			fail_msg("%s: %s", wrong[i][0], error);
		assert_memory_equal(all, before, rule_count * sizeof(*all));
	}
}

/* A number stands in the row and nowhere else: the description names each that the option can change. */
static void descriptions_name_every_number(void **state)
{
	static const char *const known[] = {"{bssid}",   "{source}", "{dest}",   "{ssid}", "{a}",     "{b}",
					    "{channel}", "{rule}",   "{ip_a}",   "{ip_b}", "{mac_a}", "{mac_b}",
					    "{own}",     "{marks}",  "{forged}", "{span}"};

	(void) state;
	for (size_t i = 0; i < rule_count; i++) {
		struct rule_numbers n = rule_definition(&rules[i])->numbers;
		struct buf out = {0};
		const char *at;

		rule_describe(rules[i].description ? rules[i].description : "", &n, &out);
		assert_null(strchr(buf_text(&out), '{'));
		buf_clear(&out);
		rule_describe(rules[i].text ? rules[i].text : "", &n, &out);
		at = buf_text(&out);
		while ((at = strchr(at, '{'))) {
			bool found = false;

			for (size_t k = 0; k < ARRAY_SIZE(known) && !found; k++)
				found = strncmp(at, known[k], strlen(known[k])) == 0;
			assert_true(found);
			at++;
		}
		if (rules[i].description && n.most)
			assert_true(strstr(rules[i].description, "{most}") || strstr(rules[i].text, "{most}"));
		if (rules[i].description && n.within_ms)
			assert_non_null(strstr(rules[i].description, "{within}"));
		if (rules[i].description && n.after_ms)
			assert_non_null(strstr(rules[i].description, "{after}"));
		if (rules[i].description && (n.apart_ms || n.apart_ppm))
			assert_non_null(strstr(rules[i].description, "{apart}"));
		buf_finish(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_name_the_numbers),
		cmocka_unit_test(an_option_changes_all_rows_of_a_name),
		cmocka_unit_test(what_is_wrong_is_reported_and_changes_nothing),
		cmocka_unit_test(descriptions_name_every_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
