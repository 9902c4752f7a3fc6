#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "field/write.h"
#include "field/history.h"

#define T0 1700000000u

static const uint16_t *seconds(const struct history *h)
{
	return (const uint16_t *) (const void *) h->kept.p;
}

static void one_second_needs_no_memory(void **state)
{
	struct history h = {0};

	(void) state;
	for (int i = 0; i < 50; i++)
		history_add(&h, HISTORY_COUNT, T0, 1);
	assert_null(h.kept.p);
	assert_true(h.last_value == 50);
	history_add(&h, HISTORY_COUNT, T0 + 1, 2);
	assert_non_null(h.kept.p);
	assert_true(seconds(&h)[T0 % 60] == 50);
	assert_true(seconds(&h)[(T0 + 1) % 60] == 2);
	history_finish(&h);
}

static void skipped_seconds_hold_nothing(void **state)
{
	struct history h = {0};

	(void) state;
	history_add(&h, HISTORY_COUNT, T0, 5);
	history_add(&h, HISTORY_COUNT, T0 + 1, 5);
	history_add(&h, HISTORY_COUNT, T0 + 60, 1); /* the slot of T0 is its own again */
	assert_true(seconds(&h)[T0 % 60] == 1);
	assert_true(seconds(&h)[(T0 + 1) % 60] == 5);
	history_add(&h, HISTORY_COUNT, T0 + 200, 1);
	assert_true(seconds(&h)[(T0 + 1) % 60] == 0);
	history_finish(&h);
}

/* Minutes are kept as sums in 16 bits: exactly below 65,536 packets, then without the lowest bits. */
static void minutes_are_exact_until_they_are_large(void **state)
{
	static const struct {
		float a_second;
		double most_off;
	} cases[] = {{1, 0}, {7, 0}, {1092, 0}, {2000, 0.02}, {60000, 1.1}};

	(void) state;
	field_prepare(&history_view_table);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena arena = {0};
		struct field_ctx ctx = {.arena = &arena, .model_now = T0 + 140};
		const uint32_t begin = T0 - T0 % 60;
		struct history h = {0};
		struct buf b = {0};
		double hour, off;
		char *at;

		for (uint32_t s = 0; s < 121; s++)
			history_add(&h, HISTORY_COUNT, begin + s, s == 60 ? 1 : cases[i].a_second);
		field_write(&b, &history_view_table, history_view(&h, HISTORY_COUNT, &ctx),
			    FIELD_FORMAT_JSON, &ctx);
		at = strstr(buf_text(&b), "hour_vec\":[") + strlen("hour_vec\":[");
		for (uint32_t m = begin / 60 % 60; m > 0; m--)
			at = strchr(at, ',') + 1;
		hour = strtod(at, NULL);
		off = hour > (double) cases[i].a_second ? hour - (double) cases[i].a_second :
							  (double) cases[i].a_second - hour;
		assert_true(off <= cases[i].most_off);
		buf_finish(&b);
		arena_finish(&arena);
		history_finish(&h);
	}
}

static void the_view_moves_on_without_samples(void **state)
{
	struct arena arena = {0};
	struct field_ctx ctx = {.arena = &arena, .model_now = T0 + 10, .now_us = 7000000};
	struct history h = {0};
	struct buf b = {0};

	(void) state;
	field_prepare(&history_view_table);
	history_add(&h, HISTORY_SIGNAL, T0, -50);
	history_add(&h, HISTORY_SIGNAL, T0, -40);
	assert_true(h.last_value == -40);
	field_write(&b, &history_view_table, history_view(&h, HISTORY_SIGNAL, &ctx),
		    FIELD_FORMAT_JSON, &ctx);
	assert_non_null(strstr(buf_text(&b), "\"kismet.common.rrd.last_time\":1700000010"));
	assert_non_null(strstr(buf_text(&b), "\"kismet.common.rrd.last_value\":0"));
	assert_non_null(strstr(buf_text(&b), "-40"));
	buf_finish(&b);
	arena_finish(&arena);
	history_finish(&h);
}

static void a_minute_and_an_hour_have_the_peak_of_their_seconds(void **state)
{
	const uint32_t begin = T0 - T0 % 3600;
	struct arena arena = {0};
	struct field_ctx ctx = {.arena = &arena, .model_now = begin + 120};
	struct history h = {0};
	struct buf b = {0};
	const char *day;

	(void) state;
	field_prepare(&history_view_table);
	for (uint32_t s = 0; s < 60; s++)
		history_add(&h, HISTORY_PEAK, begin + s, s == 1 ? 9 : 5);
	history_add(&h, HISTORY_PEAK, begin + 59, 3);
	assert_true(h.last_value == 5); /* a second has one as well */
	for (uint32_t s = 60; s < 121; s++)
		history_add(&h, HISTORY_PEAK, begin + s, 2);
	field_write(&b, &history_view_table, history_view(&h, HISTORY_PEAK, &ctx), FIELD_FORMAT_JSON,
		    &ctx);
	assert_non_null(strstr(buf_text(&b), "hour_vec\":[9,2,2,0,"));
	day = strstr(buf_text(&b), "day_vec\":[") + strlen("day_vec\":[");
	for (uint32_t i = 0; i < begin / 3600 % 24; i++)
		day = strchr(day, ',') + 1;
	assert_true(strtod(day, NULL) == 9);
	buf_finish(&b);
	arena_finish(&arena);
	history_finish(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_second_needs_no_memory),
		cmocka_unit_test(skipped_seconds_hold_nothing),
		cmocka_unit_test(minutes_are_exact_until_they_are_large),
		cmocka_unit_test(the_view_moves_on_without_samples),
		cmocka_unit_test(a_minute_and_an_hour_have_the_peak_of_their_seconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
