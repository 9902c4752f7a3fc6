#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "field/series.h"
#include "field/write.h"
#include "field/history_kept.h"

#define T0 1700000000u

static float second(const struct history *h, uint32_t sec)
{
	return history_second(h, HISTORY_COUNT, sec % 60);
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
	assert_true(second(&h, T0) == 50);
	assert_true(second(&h, T0 + 1) == 2);
	history_finish(&h);
}

static void skipped_seconds_hold_nothing(void **state)
{
	struct history h = {0};

	(void) state;
	history_add(&h, HISTORY_COUNT, T0, 5);
	history_add(&h, HISTORY_COUNT, T0 + 1, 5);
	history_add(&h, HISTORY_COUNT, T0 + 60, 1); /* the slot of T0 is its own again */
	assert_true(second(&h, T0) == 1);
	assert_true(second(&h, T0 + 1) == 5);
	history_add(&h, HISTORY_COUNT, T0 + 200, 1);
	assert_true(second(&h, T0 + 1) == 0);
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
		field_write(&b, &history_view_table, history_view(&h, HISTORY_COUNT, &ctx), FIELD_FORMAT_JSON, &ctx);
		at = strstr(buf_text(&b), "hour_vec\":[") + strlen("hour_vec\":[");
		for (uint32_t m = begin / 60 % 60; m > 0; m--)
			at = strchr(at, ',') + 1;
		hour = strtod(at, NULL);
		off = hour > (double) cases[i].a_second ? hour - (double) cases[i].a_second
							: (double) cases[i].a_second - hour;
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
	history_add(&h, HISTORY_SIGNAL, T0, -50);
	history_add(&h, HISTORY_SIGNAL, T0, -40);
	assert_true(h.last_value == -40);
	field_write(&b, &history_view_table, history_view(&h, HISTORY_SIGNAL, &ctx), FIELD_FORMAT_JSON, &ctx);
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
	for (uint32_t s = 0; s < 60; s++)
		history_add(&h, HISTORY_PEAK, begin + s, s == 1 ? 9 : 5);
	history_add(&h, HISTORY_PEAK, begin + 59, 3);
	assert_true(h.last_value == 5); /* a second has one as well */
	for (uint32_t s = 60; s < 121; s++)
		history_add(&h, HISTORY_PEAK, begin + s, 2);
	field_write(&b, &history_view_table, history_view(&h, HISTORY_PEAK, &ctx), FIELD_FORMAT_JSON, &ctx);
	assert_non_null(strstr(buf_text(&b), "hour_vec\":[9,2,2,0,"));
	day = strstr(buf_text(&b), "day_vec\":[") + strlen("day_vec\":[");
	for (uint32_t i = 0; i < begin / 3600 % 24; i++)
		day = strchr(day, ',') + 1;
	assert_true(strtod(day, NULL) == 9);
	buf_finish(&b);
	arena_finish(&arena);
	history_finish(&h);
}

static void show(struct buf *b, const struct history *h, enum history_kind kind, uint32_t now)
{
	struct arena arena = {0};
	struct field_ctx ctx = {.arena = &arena, .model_now = now};

	field_write(b, &history_view_table, history_view(h, kind, &ctx), FIELD_FORMAT_JSON, &ctx);
	arena_finish(&arena);
}

/* Whatever the shape of what is kept, the view is that of a history in which all parts are there from the start. */
static void shapes_do_not_show(void **state)
{
	static const enum history_kind kinds[] = {HISTORY_COUNT, HISTORY_OCTETS, HISTORY_PEAK, HISTORY_SIGNAL};
	uint32_t seed = 1;

	(void) state;
	for (uint32_t round = 0; round < 400; round++) {
		static const float most[] = {3, 300, 70000, 5000000};
		enum history_kind kind = kinds[round % 4];
		float hour[60] = {0}, zeros[60] = {0};
		const uint32_t begin = T0 - T0 % 86400 + round;
		struct history h = {0}, full = {0};
		struct buf a = {0}, b = {0};
		uint32_t at = begin;

		history_add(&full, kind, begin, 0);
		history_add(&h, kind, begin, 0);
		history_keep_seconds(&full, kind);
		for (uint32_t i = 0; i < 60; i++)
			hour[i] = kind == HISTORY_COUNT ? 60000 : 100000;
		if (kind != HISTORY_SIGNAL) { /* wide, with every minute and the day */
			history_set_second(&full, kind, 0, 100000);
			history_set_second(&full, kind, 0, 0);
			history_set_minutes(&full, kind, hour);
			history_set_minutes(&full, kind, zeros);
			history_keep_hours(&full, kind);
			assert_int_equal(history_shape(&full).minutes, 60);
		}
		for (int n = 0; n < 60; n++) {
			float value;

			seed = seed * 1103515245 + 12345;
			at += (seed >> 16) % (n % 7 == 0 ? 5000 : n % 3 ? 3 : 100);
			seed = seed * 1103515245 + 12345;
			value = (float) ((seed >> 8) % 1000) / 1000 * most[round / 4 % 4];
			value = kind == HISTORY_SIGNAL ? -(float) (uint32_t) (value / 100) : (float) (uint32_t) value;
			history_add(&h, kind, at, value);
			history_add(&full, kind, at, value);
		}
		show(&a, &h, kind, at + 5);
		show(&b, &full, kind, at + 5);
		assert_string_equal(buf_text(&a), buf_text(&b));
		buf_finish(&a);
		buf_finish(&b);
		history_finish(&h);
		history_finish(&full);
	}
}

static void few_minutes_need_little(void **state)
{
	struct history h = {0};

	(void) state;
	for (uint32_t s = 0; s < 240; s++)
		history_add(&h, HISTORY_COUNT, T0 + s, 1);
	assert_true(h.kept.n <= 8 + 60 + 8 * 2);
	for (uint32_t s = 240; s < 600; s++)
		history_add(&h, HISTORY_COUNT, T0 + s, 300);
	assert_true(h.kept.n <= 8 + 60 * 2 + 16 * 2);
	history_finish(&h);
}

/* What a clock that was ahead has left behind ends with the first sample of a right one. */
static void test_a_clock_that_is_set_back(void **state)
{
	uint32_t now = clock_server_sec(), ahead = now + 400 * 86400;
	struct history h = {0};
	struct measurements *m = NULL;

	(void) state;
	for (uint32_t i = 0; i < 300; i++)
		history_add(&h, HISTORY_COUNT, ahead + i, 1);
	history_add(&h, HISTORY_COUNT, ahead - 86400, 1); /* out of order, and as far from being right */
	assert_int_equal(h.last_sec, ahead + 299);
	history_add(&h, HISTORY_COUNT, now, 5);
	assert_int_equal(h.last_sec, now);
	assert_float_equal(h.last_value, 5, 0.01);
	history_add(&h, HISTORY_COUNT, now - 7200, 5);
	assert_int_equal(h.last_sec, now);
	history_finish(&h);
	series_add(&m, ahead, 1);
	series_add(&m, now, 5);
	assert_int_equal(m->last_sec, now);
	series_add(&m, now - 7200, 6);
	assert_int_equal(m->last_sec, now);
	free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_second_needs_no_memory),
		cmocka_unit_test(test_a_clock_that_is_set_back),
		cmocka_unit_test(skipped_seconds_hold_nothing),
		cmocka_unit_test(minutes_are_exact_until_they_are_large),
		cmocka_unit_test(the_view_moves_on_without_samples),
		cmocka_unit_test(a_minute_and_an_hour_have_the_peak_of_their_seconds),
		cmocka_unit_test(shapes_do_not_show),
		cmocka_unit_test(few_minutes_need_little),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
