/* Compressed captures: as the programs write them, cut at every octet, damaged, and one behind the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>

#include "base/mem.h"
#include "base/span.h"
#include "capture/unpack.h"

#define PLAIN 5000
#define ROOM 20000

static uint8_t plain[PLAIN];

static size_t by_gzip(uint8_t *out)
{
	z_stream z = {.next_in = plain, .avail_in = PLAIN, .next_out = out, .avail_out = ROOM};

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	(void) deflateEnd(&z);
	return z.total_out;
}

static size_t by_zstd(uint8_t *out)
{
	return ZSTD_compress(out, ROOM, plain, PLAIN, 3);
}

static size_t by_lz4(uint8_t *out)
{
	LZ4F_preferences_t p = {.frameInfo = {.blockChecksumFlag = LZ4F_blockChecksumEnabled,
					      .contentChecksumFlag = LZ4F_contentChecksumEnabled}};

	return LZ4F_compressFrame(out, ROOM, plain, PLAIN, &p);
}

static const struct {
	const char *name;
	size_t (*pack)(uint8_t *out);
} packers[] = {{"gzip", by_gzip}, {"zstd", by_zstd}, {"lz4", by_lz4}};

static int read_span(void *ctx, void *p, unsigned n)
{
	struct span *s = ctx;
	size_t k = s->left < n ? s->left : n;

	if (k)
		memcpy(p, span_take(s, k), k);
	return (int) k;
}

/* How much comes out, whose start is what went in; *ret_last is the last result. */
static size_t unpack_all(const uint8_t *p, size_t n, const char *kind, int *ret_last)
{
	struct span s = span_of(p, n);
	struct unpack *u = unpack_create(&(struct unpack_input){read_span, &s});
	static uint8_t out[4 * PLAIN];
	size_t got = 0;
	int r;

	while ((r = unpack_read(u, out + got, 777)) > 0)
		got += (size_t) r;
	for (size_t i = 0; i < got; i++)
		if (out[i] != plain[i % PLAIN])
			fail_msg("octet %zu of %zu differs", i, got);
	if (kind && n >= 4)
		assert_string_equal(unpack_kind(u), kind);
	assert_true(r == 0 || n < 4 || *unpack_error(u));
	unpack_destroy(u);
	*ret_last = r;
	return got;
}

static void every_cut(void **state)
{
	uint8_t packed[ROOM];

	(void) state;
	for (size_t k = 0; k < ARRAY_SIZE(packers); k++) {
		size_t n = packers[k].pack(packed), before = 0;
		int last;

		for (size_t cut = 4; cut < n; cut++) {
			size_t got = unpack_all(packed, cut, packers[k].name, &last);

			assert_true(got >= before && got <= PLAIN);
			assert_int_equal(last, -1);
			before = got;
		}
		assert_int_equal(unpack_all(packed, n, packers[k].name, &last), PLAIN);
		assert_int_equal(last, 0);
	}
}

static void one_behind_the_other(void **state)
{
	uint8_t packed[ROOM];

	(void) state;
	for (size_t k = 0; k < ARRAY_SIZE(packers); k++) {
		size_t n = packers[k].pack(packed);
		int last;

		memcpy(packed + n, packed, n);
		memset(packed + 2 * n, 0, 100);
		assert_int_equal(unpack_all(packed, 2 * n, packers[k].name, &last), 2 * PLAIN);
		assert_int_equal(last, 0);
		assert_int_equal(unpack_all(packed, 2 * n + 100, packers[k].name, &last), 2 * PLAIN);
		assert_int_equal(last, 0);
		packed[2 * n] = 'x';
		assert_int_equal(unpack_all(packed, 2 * n + 100, packers[k].name, &last), 2 * PLAIN);
		assert_int_equal(last, -1);
	}
}

/* What is not compressed passes, also when it is shorter than any magic number. */
static void plain_passes(void **state)
{
	int last;

	(void) state;
	for (size_t n = 0; n <= 6; n++) {
		assert_int_equal(unpack_all(plain, n, NULL, &last), n);
		assert_int_equal(last, 0);
	}
	assert_int_equal(unpack_all(plain, PLAIN, NULL, &last), PLAIN);
}

/* A window that would take more memory than a capture is worth is refused in words. */
static void a_window_too_large(void **state)
{
	static const uint8_t header[] = {0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 1, 0, 0}; /* 2 GB */
	struct span s = span_of(header, sizeof(header));
	struct unpack *u = unpack_create(&(struct unpack_input){read_span, &s});
	uint8_t out[16];

	(void) state;
	assert_int_equal(unpack_read(u, out, sizeof(out)), -1);
	assert_non_null(strstr(unpack_error(u), "memory"));
	unpack_destroy(u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cut),
		cmocka_unit_test(one_behind_the_other),
		cmocka_unit_test(plain_passes),
		cmocka_unit_test(a_window_too_large),
	};
	uint32_t x = 1;

	for (size_t i = 0; i < PLAIN; i++) {
		x = x * 1103515245 + 12345;
		plain[i] = (uint8_t) (x >> 16 & 0x1f);
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
