/* What one radio sends is its own, and what two send in one name is told apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/limit.h"
#include "base/mem.h"
#include "detect/habit.h"

#define START_US UINT64_C(1700000000000000)

static struct frame beacon(uint16_t sequence, uint64_t timestamp)
{
	return (struct frame){.type = FRAME_MANAGEMENT,
			      .subtype = MGMT_BEACON,
			      .sequence = sequence,
			      .timestamp = timestamp,
			      .transmitter = {{0, 1, 2, 3, 4, 5}}};
}

static struct frame of_kind(uint8_t subtype, uint16_t sequence)
{
	struct frame f = beacon(sequence, 0);

	f.subtype = subtype;
	return f;
}

static struct habit_match see(struct habits *h, struct frame f, uint64_t ms, int8_t dbm)
{
	struct packet p = {.time_us = START_US + ms * 1000,
			   .radio = {.have = RADIO_HAS_SIGNAL, .signal_dbm = dbm, .freq_khz = 2437000}};

	return habits_learn(h, &p, &f);
}

/* Beacons at -40 dBm, ten a second. */
static uint64_t beacons(struct habits *h, uint16_t first, unsigned n, uint64_t ms, int8_t dbm)
{
	for (unsigned i = 0; i < n; i++, ms += 100) {
		struct habit_match m = see(h, beacon((uint16_t) (first + i), ms * 1000 + 5), ms, dbm);

		assert_false(m.forged);
	}
	return ms;
}

static void its_own_are_its_own(void **state)
{
	struct habits h = {0};
	uint64_t ms = beacons(&h, 0, 20, 0, -40);
	struct habit_match m;

	(void) state;
	for (uint16_t i = 0; i < 50; i++) {
		m = see(&h, of_kind(MGMT_ACTION, i), ms += 20, (int8_t) (-40 + i % 9 - 4));
		assert_true(m.own);
		assert_false(m.forged);
	}
	habits_finish(&h);
}

static void a_second_level_is_another_radio(void **state)
{
	struct habits h = {0};
	uint64_t ms = beacons(&h, 0, 20, 0, -40);
	struct habit_match m = see(&h, of_kind(MGMT_DEAUTH, 9), ms, -60);

	(void) state;
	assert_false(m.forged); /* one is chance */
	assert_int_equal(m.signs, SIGN_SIGNAL);
	ms = beacons(&h, 20, 1, ms + 50, -40);
	m = see(&h, of_kind(MGMT_DEAUTH, 10), ms, -60);
	assert_true(m.forged);
	assert_int_equal(m.usual_dbm, -40);
	habits_finish(&h);
}

static void two_clocks_and_counters_are_two_radios_as_loud_as_each_other(void **state)
{
	struct habits h = {0};
	uint64_t ms = beacons(&h, 0, 20, 0, -40);
	unsigned forged = 0;

	(void) state;
	for (uint16_t i = 0; i < 10; i++) {
		struct habit_match m = see(&h, beacon((uint16_t) (2000 + i), 77), ms + 30, -40);

		forged += m.forged;
		assert_int_equal(m.signs, SIGN_SEQUENCE | SIGN_CLOCK);
		ms = beacons(&h, (uint16_t) (20 + i), 1, ms, -40);
	}
	assert_int_equal(forged, 8); /* all but the first two */
	habits_finish(&h);
}

static void one_that_starts_anew_is_the_same(void **state)
{
	struct habits h = {0};
	uint64_t ms = beacons(&h, 1000, 20, 0, -40);

	(void) state;
	for (uint16_t i = 0; i < 60; i++) {
		struct habit_match m = see(&h, beacon(i, 5 + i), ms += 100, -40);

		assert_false(m.forged);
		assert_true(i < 45 || m.own || !m.known);
	}
	habits_finish(&h);
}

static void another_frequency_is_not_compared(void **state)
{
	struct habits h = {0};
	struct frame f = of_kind(MGMT_ACTION, 3);
	struct packet p = {.time_us = START_US + 5000000,
			   .radio = {.have = RADIO_HAS_SIGNAL, .signal_dbm = -80, .freq_khz = 2442000}};
	struct habit_match m;

	(void) state;
	(void) beacons(&h, 0, 20, 0, -40);
	m = habits_learn(&h, &p, &f);
	assert_int_equal(m.signs, 0);
	habits_finish(&h);
}

static void random_senders_do_not_push_out_known_ones(void **state)
{
	struct habits h = {0};
	uint64_t ms = beacons(&h, 0, 50, 0, -40), hits = limit_hits(LIMIT_HABITS);
	struct habit_match m;

	(void) state;
	for (uint32_t i = 0; i < 20000; i++) {
		struct frame f = of_kind(MGMT_AUTH, 1);

		f.transmitter = mac_of_u64(UINT64_C(0x020000000000) + i * 7919);
		(void) see(&h, f, ms, -60);
	}
	assert_true(limit_hits(LIMIT_HABITS) > hits);
	m = see(&h, of_kind(MGMT_DEAUTH, 9), ms + 1, -60);
	assert_true(m.known);
	habits_finish(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_own_are_its_own),
		cmocka_unit_test(a_second_level_is_another_radio),
		cmocka_unit_test(two_clocks_and_counters_are_two_radios_as_loud_as_each_other),
		cmocka_unit_test(one_that_starts_anew_is_the_same),
		cmocka_unit_test(another_frequency_is_not_compared),
		cmocka_unit_test(random_senders_do_not_push_out_known_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
