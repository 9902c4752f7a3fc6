#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "base/buf.h"
#include "field/write.h"
#include "track/history.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_second_needs_no_memory),
		cmocka_unit_test(skipped_seconds_hold_nothing),
		cmocka_unit_test(the_view_moves_on_without_samples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
