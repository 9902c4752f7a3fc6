/* Datagrams of TZSP: tags, keep-alives, and every cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/err.h"
#include "capture/tzsp.h"

static const uint8_t beacon[] = {1, 0, 0, 18, 10, 1, 0xc4, 18, 1, 6, 0, 41, 2, 1, 0, 1, 0x80, 0, 0, 0, 0xff};
#define HEADER 16 /* up to and with the end tag */

static void reads_tags_and_frame(void **state)
{
	struct packet p = {.source = 7};

	(void) state;
	assert_int_equal(tzsp_read(span_of(beacon, sizeof(beacon)), &p), 1);
	assert_int_equal(p.linktype, LINKTYPE_IEEE802_11);
	assert_int_equal(p.radio.signal_dbm, -60);
	assert_true(p.radio.have & RADIO_HAS_SIGNAL);
	assert_int_equal(p.radio.freq_khz, 2437000);
	assert_int_equal(p.length, 256);
	assert_int_equal(p.data.left, sizeof(beacon) - HEADER);
	assert_int_equal(p.source, 7);
}

static void every_cut(void **state)
{
	(void) state;
	for (size_t n = 0; n < sizeof(beacon); n++) {
		uint8_t *copy = malloc(n ? n : 1);
		struct packet p = {0};
		int r;

		memcpy(copy, beacon, n);
		r = tzsp_read(span_of(copy, n), &p);
		assert_int_equal(r, n < 4 ? ERR_TRUNCATED : n < HEADER ? ERR_MALFORMED : n > HEADER);
		free(copy);
	}
}

static void what_is_no_frame(void **state)
{
	static const uint8_t alive[] = {1, 4, 0, 0}, version[] = {2, 0, 0, 18, 1, 0}, ethernet[] = {1, 0, 0, 1, 1, 0};
	struct packet p = {0};

	(void) state;
	assert_int_equal(tzsp_read(span_of(alive, sizeof(alive)), &p), 0);
	assert_int_equal(tzsp_read(span_of(version, sizeof(version)), &p), ERR_MALFORMED);
	assert_int_equal(tzsp_read(span_of(ethernet, sizeof(ethernet)), &p), ERR_UNSUPPORTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_tags_and_frame),
		cmocka_unit_test(every_cut),
		cmocka_unit_test(what_is_no_frame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
