#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "detect/scope.h"

#define SEC UINT64_C(1000000)

static void test_bursts(void **state)
{
	struct rate_window b = {0};

	(void) state;
	assert_int_equal(rate_window_count(&b, 100 * SEC, SEC), 1);
	assert_int_equal(rate_window_count(&b, 101 * SEC, SEC), 2);
	assert_int_equal(rate_window_count(&b, 101 * SEC + 1, SEC), 1);
	assert_int_equal(b.first_us, 101 * SEC + 1);
	assert_int_equal(rate_window_count(&b, 50 * SEC, SEC), 1); /* a step back */
	b = (struct rate_window){0};
	for (uint32_t i = 1; i < 100; i++)
		assert_int_equal(rate_window_continue(&b, 100 * SEC + i * SEC, SEC), i);
	assert_int_equal(b.first_us, 101 * SEC);
	assert_int_equal(rate_window_continue(&b, 201 * SEC, SEC), 1);
	assert_int_equal(rate_window_continue(&b, 0, SEC), 1);
}

static struct mac mac_of(unsigned n)
{
	return mac_of_u64(n + 1);
}

static void test_recent_macs(void **state)
{
	struct recent_macs f = {0};
	struct mac m;

	(void) state;
	for (unsigned i = 0; i < RECENT_MACS_MAX + 1; i++) {
		m = mac_of(i);
		recent_macs_add(&f, &m);
		recent_macs_add(&f, &m);
	}
	assert_int_equal(f.n, RECENT_MACS_MAX);
	m = mac_of(0);
	assert_false(recent_macs_have(&f, &m)); /* the oldest went */
	for (unsigned i = 1; i < RECENT_MACS_MAX + 1; i++) {
		m = mac_of(i);
		assert_true(recent_macs_have(&f, &m));
		recent_macs_remove(&f, &m);
		assert_false(recent_macs_have(&f, &m));
	}
	assert_int_equal(f.n, 0);
	recent_macs_remove(&f, &m);
	recent_macs_add(&f, &m);
	assert_true(recent_macs_have(&f, &m));
}

static void test_networks(void **state)
{
	struct rule_state w = {0};

	(void) state;
	for (uint32_t i = 1; i <= KNOWN_NETWORKS; i++)
		rule_state_network(&w, i)->beacon_channel = (uint8_t) i;
	for (uint32_t i = 1; i <= KNOWN_NETWORKS; i++)
		assert_int_equal(rule_state_network(&w, i)->beacon_channel, i);
	assert_int_equal(rule_state_network(&w, 99)->beacon_channel, 0);
	assert_int_equal(rule_state_network(&w, KNOWN_NETWORKS)->beacon_channel, KNOWN_NETWORKS);
	assert_int_equal(rule_state_network(&w, 1)->beacon_channel, 0);
}

static void test_names_are_bounded(void **state)
{
	struct names *n = names_create();
	struct ssid first = {5, "first"}, s;

	(void) state;
	names_find(n, &first)->n = 3;
	assert_int_equal(names_find(n, &first)->n, 3);
	for (unsigned i = 0; i < 4 * NAMES_MAX; i++) {
		memset(&s, 0, sizeof(s));
		s.len = (uint8_t) snprintf((char *) s.b, sizeof(s.b), "name %u", i);
		assert_int_equal(names_find(n, &s)->n, 0);
		names_find(n, &s)->n = 1;
	}
	assert_int_equal(names_find(n, &s)->n, 1);
	assert_int_equal(names_find(n, &first)->n, 0);
	names_destroy(n);
}

static void test_stations_of_a_name_are_bounded(void **state)
{
	struct names *n = names_create();
	struct ssid ssid = {5, "names"};
	struct name_rule_state *w = names_find(n, &ssid);

	(void) state;
	for (uint8_t i = 0; i < NAME_STATIONS + 2; i++)
		*name_add_station(w) = (struct name_station){.channel = i};
	assert_int_equal(w->n, NAME_STATIONS);
	assert_int_equal(w->stations[0].channel, NAME_STATIONS);
	assert_int_equal(w->stations[1].channel, NAME_STATIONS + 1);
	assert_int_equal(w->stations[2].channel, 2);
	names_destroy(n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bursts),
		cmocka_unit_test(test_recent_macs),
		cmocka_unit_test(test_networks),
		cmocka_unit_test(test_names_are_bounded),
		cmocka_unit_test(test_stations_of_a_name_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
