/* Use of channels: what a source adds up within a second is what each of its frames says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/mem.h"
#include "field/field.h"
#include "track/channels.h"

#define SEC 1700000000u

static void add(struct channels *c, struct channel_counters *counters, uint32_t sec, int8_t dbm, int8_t noise,
		uint32_t rate)
{
	struct radio radio = {.have = RADIO_HAS_SIGNAL | (noise ? RADIO_HAS_NOISE : 0),
			      .signal_dbm = dbm,
			      .noise_dbm = noise,
			      .rate_100kbps = rate,
			      .freq_khz = 2437000};

	channels_add(c, counters, sec, 2437000, "6", &radio, 100);
}

static void extremes_of_a_second_are_those_of_its_frames(void **state)
{
	struct channel_counters *counters = xnew(struct channel_counters, 1);
	struct channels *c = channels_create();
	struct arena arena = {0};
	const struct channel_summary *all;
	const struct signal *s;

	(void) state;
	add(c, counters, SEC, -60, 0, 60);
	add(c, counters, SEC, -40, -95, 540);
	add(c, counters, SEC, -80, -85, 10);
	add(c, counters, SEC, -55, 0, 20);
	channels_flush(c, counters);
	all = channels_copy(c, &arena);
	assert_int_equal(all->frequencies.count, 1);
	assert_int_equal(all->channels.count, 1);
	s = &all->channels.items[0].signal;
	assert_int_equal(s->last_signal, -55);
	assert_int_equal(s->min_signal, -80);
	assert_int_equal(s->max_signal, -40);
	assert_int_equal(s->min_noise, -95);
	assert_int_equal(s->max_noise, -85);
	assert_int_equal(s->max_rate_100kbps, 540);
	arena_finish(&arena);
	channels_destroy(c);
	free(counters);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(extremes_of_a_second_are_those_of_its_frames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
