#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "phy/dot11/handshake.h"

/* A message with that counter and nonce, so many milliseconds from the begin. */
#define KEY(number, counter, of, ms)                                                                                   \
	{                                                                                                              \
		.message = (number), .replay = (counter), .nonce_sum = (of), .time_us = (ms) *UINT64_C(1000),          \
		.sum = (number) *1000 + (counter) *10 + (of)                                                           \
	}

static void a_whole_handshake_is_one(void **state)
{
	const struct key_frame f[] = {KEY(1, 1, 7, 0), KEY(2, 1, 8, 1), KEY(3, 2, 7, 2), KEY(4, 2, 0, 3)};
	struct handshake h;

	(void) state;
	assert_true(handshake_best(f, ARRAY_SIZE(f), &h));
	assert_true(h.proven);
	for (int i = 1; i <= 4; i++)
		assert_int_equal(h.message[i], i - 1);
	assert_int_equal(handshake_least(f, ARRAY_SIZE(f)), -1);
}

static void counters_have_to_agree(void **state)
{
	const struct key_frame f[] = {KEY(1, 2, 7, 0), KEY(2, 1, 8, 1), KEY(3, 3, 7, 2), KEY(4, 2, 0, 3)};
	struct handshake h;

	(void) state;
	assert_false(handshake_best(f, ARRAY_SIZE(f), &h));
}

static void what_comes_too_late_is_of_another(void **state)
{
	const struct key_frame late[] = {KEY(1, 1, 7, 0), KEY(2, 1, 8, 5001)};
	const struct key_frame soon[] = {KEY(1, 1, 7, 0), KEY(2, 1, 8, 5000)};
	struct handshake h;

	(void) state;
	assert_false(handshake_best(late, ARRAY_SIZE(late), &h));
	assert_true(handshake_best(soon, ARRAY_SIZE(soon), &h));
	assert_false(h.proven);
}

/* The counter begins anew with each association; the third message answers the last second one before it. */
static void a_wrong_passphrase_misleads(void **state)
{
	const struct key_frame f[] = {KEY(1, 1, 7, 0),    KEY(2, 1, 8, 1),    KEY(1, 1, 17, 900),
				      KEY(2, 1, 18, 901), KEY(3, 2, 17, 902), KEY(4, 2, 0, 903)};
	const bool wanted[] = {true, true, false, false, false, false};
	bool misleading[ARRAY_SIZE(f)];
	struct handshake h;

	(void) state;
	assert_true(handshake_best(f, ARRAY_SIZE(f), &h));
	assert_int_equal(handshake_signed(&h), 3);
	assert_int_equal(handshake_nonce(&h), 4);
	handshake_mark_misleading(f, ARRAY_SIZE(f), misleading);
	assert_memory_equal(misleading, wanted, sizeof(wanted));
	assert_int_equal(handshake_least(f, ARRAY_SIZE(f)), 0);
	handshake_mark_misleading(f, 2, misleading); /* it is unknown which is wrong */
	assert_false(misleading[0] || misleading[1]);
}

static void a_fourth_message_with_a_nonce_will_do(void **state)
{
	const struct key_frame with[] = {KEY(3, 2, 7, 0), KEY(4, 2, 8, 1)},
			       without[] = {KEY(3, 2, 7, 0), KEY(4, 2, 0, 1)};
	struct handshake h;

	(void) state;
	assert_true(handshake_best(with, 2, &h));
	assert_int_equal(handshake_signed(&h), 1);
	assert_int_equal(handshake_nonce(&h), 0);
	assert_false(handshake_best(without, 2, &h));
}

/* Repeats go first, then the oldest; the best handshake stays. */
static void what_is_needed_least_goes(void **state)
{
	struct key_frame f[] = {KEY(1, 1, 6, 0),  KEY(1, 5, 7, 10), KEY(2, 5, 8, 11),
				KEY(2, 5, 8, 12), KEY(3, 6, 7, 13), KEY(1, 7, 9, 20)};

	(void) state;
	assert_int_equal(handshake_least(f, ARRAY_SIZE(f)), 3);
	assert_int_equal(handshake_least(f, 3), 0);
	f[3].sum++;
	assert_int_equal(handshake_least(f, ARRAY_SIZE(f)), 0);
	assert_int_equal(handshake_least(f + 1, 2), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_handshake_is_one),
		cmocka_unit_test(counters_have_to_agree),
		cmocka_unit_test(what_comes_too_late_is_of_another),
		cmocka_unit_test(a_wrong_passphrase_misleads),
		cmocka_unit_test(a_fourth_message_with_a_nonce_will_do),
		cmocka_unit_test(what_is_needed_least_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
