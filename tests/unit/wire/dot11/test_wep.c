/* WEP: a frame that was made by the standard's rule, with its key, with another, and cut everywhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "wire/dot11/wep.h"

/* "a frame in clear" under the key 1F1F1F1F1F and the IV 010203. */
static const uint8_t body[] = {0x01, 0x02, 0x03, 0x00, 0xac, 0x9c, 0x34, 0x15, 0x43, 0x07, 0x75, 0xae,
			       0xf2, 0x70, 0x0f, 0x48, 0xff, 0xb4, 0xe4, 0xf5, 0xcc, 0xdb, 0x33, 0x82};

static void a_frame_opens_with_its_key_alone(void **state)
{
	struct wep_key key = {{0x1f, 0x1f, 0x1f, 0x1f, 0x1f}, 5};
	uint8_t scratch[WEP_BODY_MAX];
	struct span clear;

	(void) state;
	assert_true(wep_decrypt(span_of(body, sizeof(body)), &key, scratch, &clear));
	assert_int_equal(clear.left, 16);
	assert_memory_equal(clear.p, "a frame in clear", 16);
	key.b[4] = 0;
	assert_false(wep_decrypt(span_of(body, sizeof(body)), &key, scratch, &clear));
	key.n = 0;
	assert_false(wep_decrypt(span_of(body, sizeof(body)), &key, scratch, &clear));
}

static void no_cut_frame_opens(void **state)
{
	struct wep_key key = {{0x1f, 0x1f, 0x1f, 0x1f, 0x1f}, 5};
	uint8_t scratch[WEP_BODY_MAX];
	struct span clear;

	(void) state;
	for (size_t n = 0; n < sizeof(body); n++) {
		uint8_t *exact = malloc(n ? n : 1);

		memcpy(exact, body, n);
		assert_false(wep_decrypt(span_of(exact, n), &key, scratch, &clear));
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frame_opens_with_its_key_alone),
		cmocka_unit_test(no_cut_frame_opens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
