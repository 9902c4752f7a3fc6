/* The ring between capture and connection: order, bounds, and the end of the memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ring.h"

static void keeps_order_round_the_end(void **state)
{
	struct ring *r = ring_create(100);
	struct buf out = {0};
	uint8_t next = 0, expected = 0;

	(void) state;
	for (int round = 0; round < 50; round++) {
		for (int i = 0; i < 3; i++) {
			uint8_t frame[13] = {next};

			assert_true(ring_put(r, frame, sizeof(frame), true));
			next++;
		}
		buf_clear(&out);
		assert_int_equal(ring_take(r, &out, 1000), 3);
		for (int i = 0; i < 3; i++)
			assert_int_equal((uint8_t) out.p[i * 13], expected++);
	}
	assert_true(ring_empty(r));
	buf_finish(&out);
	ring_destroy(r);
}

static void refuses_what_has_no_room(void **state)
{
	struct ring *r = ring_create(64);
	struct buf out = {0};
	uint8_t frame[28] = {0};

	(void) state;
	assert_true(ring_put(r, frame, 28, true));
	assert_true(ring_put(r, frame, 28, true));
	assert_false(ring_put(r, frame, 1, false));
	assert_int_equal(ring_take(r, &out, 1), 1); /* whole frames */
	assert_int_equal(out.len, 28);
	assert_true(ring_put(r, frame, 28, true));
	assert_int_equal(ring_packets(r), 2);
	assert_int_equal(ring_clear(r), 2);
	assert_true(ring_empty(r));
	buf_finish(&out);
	ring_destroy(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_order_round_the_end),
		cmocka_unit_test(refuses_what_has_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
