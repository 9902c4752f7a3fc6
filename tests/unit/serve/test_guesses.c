/* How fast passwords may be guessed, by a clock of our own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "serve/guesses.h"

#define SECOND UINT64_C(1000000)

/* How many of so many tries a second succeed in so many seconds, each of another client of `clients`. */
static unsigned attack(struct guesses *g, unsigned clients, unsigned seconds, uint64_t *now)
{
	unsigned got = 0, tries = 0;

	for (uint64_t end = *now + seconds * SECOND; *now < end; *now += 700) {
		char name[24];

		(void) snprintf(name, sizeof(name), "10.0.%u.%u", tries % clients / 250, tries % clients % 250);
		got += guesses_take(g, name, "agent", *now);
		tries++;
	}
	return got;
}

static void test_one_client(void **state)
{
	struct guesses *g = guesses_create();
	uint64_t now = 50 * SECOND;

	(void) state;
	assert_in_range(attack(g, 1, 1, &now), GUESSES_CLIENT_BURST, GUESSES_CLIENT_BURST + GUESSES_CLIENT_RATE);
	assert_in_range(attack(g, 1, 10, &now), 10 * GUESSES_CLIENT_RATE - 1, 10 * GUESSES_CLIENT_RATE + 1);
	assert_true(guesses_take(g, "192.0.2.1", "agent", now)); /* others are not held up */
	guesses_destroy(g);
}

static void test_many_clients(void **state)
{
	static const unsigned counts[] = {5, 100, 900, 5000};

	(void) state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct guesses *g = guesses_create();
		uint64_t now = SECOND;

		assert_true(attack(g, counts[i], 1, &now) <= GUESSES_ALL_BURST + GUESSES_ALL_RATE);
		assert_true(attack(g, counts[i], 10, &now) <= 10 * GUESSES_ALL_RATE + 1);
		guesses_destroy(g);
	}
	assert_true(GUESSES_ALL_RATE + GUESSES_KNOWN_RATE <= 20);
}

static void test_right_logins_cost_nothing(void **state)
{
	struct guesses *g = guesses_create();

	(void) state;
	for (int i = 0; i < 1000; i++) {
		assert_true(guesses_take(g, "192.0.2.1", "agent", SECOND));
		guesses_right(g, "192.0.2.1", "agent", SECOND);
	}
	guesses_destroy(g);
}

static void test_who_is_known_is_not_locked_out(void **state)
{
	struct guesses *g = guesses_create();
	uint64_t now = SECOND;

	(void) state;
	assert_true(guesses_take(g, "192.0.2.1", "agent", now));
	guesses_right(g, "192.0.2.1", "agent", now);
	(void) attack(g, 5000, 3, &now);
	while (guesses_take(g, "192.0.2.1", "attacker", now)) /* behind the same address */
		now += 1000;
	for (int i = 0; i < 5; i++) {
		assert_true(guesses_take(g, "192.0.2.1", "agent", now));
		guesses_right(g, "192.0.2.1", "agent", now);
	}
	guesses_destroy(g);
}

static void test_a_network_of_ipv6_is_one_client(void **state)
{
	struct guesses *g = guesses_create();
	unsigned got = 0;

	(void) state;
	for (unsigned i = 0; i < 100; i++) {
		char name[40];

		(void) snprintf(name, sizeof(name), "2001:db8:1:2::%x", i);
		got += guesses_take(g, name, "agent", SECOND);
	}
	assert_int_equal(got, GUESSES_CLIENT_BURST);
	assert_true(guesses_take(g, "2001:db8:1:3::1", "agent", SECOND));
	guesses_destroy(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_client),
		cmocka_unit_test(test_many_clients),
		cmocka_unit_test(test_right_logins_cost_nothing),
		cmocka_unit_test(test_who_is_known_is_not_locked_out),
		cmocka_unit_test(test_a_network_of_ipv6_is_one_client),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
