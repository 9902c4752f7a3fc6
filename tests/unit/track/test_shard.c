#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "track/model.h"

static struct key key_of(uint32_t n)
{
	return (struct key){1, mac_of_u64(n)};
}

static const uint8_t lasting[PHYS_MAX] = {DEVICE_AP};

static void devices_come_go_and_are_found(void **state)
{
	struct shard s;
	struct key k;
	uint32_t slot;

	(void) state;
	shard_init(&s, 99, lasting);
	for (uint32_t i = 0; i < 5000; i++) {
		k = key_of(i);
		(void) shard_add(&s, &k, &slot);
		shard_touch(&s, slot, 1, i % 2);
	}
	for (uint32_t i = 0; i < 5000; i += 3) {
		k = key_of(i);
		assert_non_null(shard_find(&s, &k, &slot));
		shard_remove(&s, slot);
		assert_null(shard_find(&s, &k, &slot));
	}
	for (uint32_t i = 0; i < 5000; i++) {
		k = key_of(i);
		assert_int_equal(shard_find(&s, &k, &slot) != NULL, i % 3 != 0);
	}
	assert_int_equal(s.count, 5000 - 1667);
	assert_int_equal(s.view_count[0], 1666 + 1); /* odd and not a multiple of three */
	k = key_of(1000000);
	(void) shard_add(&s, &k, &slot);
	assert_int_not_equal(s.generation[slot], 0); /* a hole is used again */
	shard_finish(&s);
}

static void the_last_thousand_frames_are_known(void **state)
{
	struct dedup *d = calloc(1, sizeof(*d));

	(void) state;
	for (uint32_t i = 0; i < 100000; i++)
		assert_false(dedup_seen(d, i * 2654435761u));
	for (uint32_t i = 100000 - DEDUP_OWN; i < 100000; i++)
		assert_true(dedup_seen(d, i * 2654435761u));
	assert_false(dedup_seen(d, (100000 - DEDUP_OWN - 1) * 2654435761u));
	free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(devices_come_go_and_are_found),
		cmocka_unit_test(the_last_thousand_frames_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
