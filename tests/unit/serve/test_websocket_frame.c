/* RFC 6455 frames: every cut, masks, fragments, control frames, codes, and what must be refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "serve/websocket_frame.h"

#define MAX 70000

/* A client's frame: masked. */
static void add(struct buf *b, uint8_t first, const void *p, size_t n)
{
	static const uint8_t mask[4] = {0x37, 0xfa, 0x21, 0x3d};

	buf_char(b, (char) first);
	if (n < 126) {
		buf_char(b, (char) (0x80 | n));
	} else if (n < 65536) {
		buf_char(b, (char) (0x80 | 126));
		buf_char(b, (char) (n >> 8));
		buf_char(b, (char) n);
	} else {
		buf_char(b, (char) (0x80 | 127));
		for (int shift = 56; shift >= 0; shift -= 8)
			buf_char(b, (char) ((uint64_t) n >> shift));
	}
	buf_add(b, mask, 4);
	for (size_t i = 0; i < n; i++)
		buf_char(b, (char) (((const uint8_t *) p)[i] ^ mask[i % 4]));
}

/* Events as letters: T text, B binary, p ping, q pong, C close, F fault; and the octets behind. */
struct seen {
	char kinds[16];
	uint16_t code;
	struct buf octets;
};

static void observe(struct websocket_reader *r, const uint8_t *p, size_t n, struct seen *h)
{
	static const char letters[] = {0, 'T', 'p', 'q', 'C', 'F'};

	while (n) {
		struct websocket_event e;
		size_t used = websocket_read(r, p, n, &e), k = strlen(h->kinds);

		assert_true(used > 0 && used <= n);
		p += used;
		n -= used;
		if (e.kind == WEBSOCKET_EVENT_NONE)
			continue;
		assert_true(k + 1 < sizeof(h->kinds));
		h->kinds[k] = e.kind == WEBSOCKET_EVENT_MESSAGE && e.binary ? 'B' : letters[e.kind];
		h->code = e.code;
		buf_add(&h->octets, e.p, e.n);
	}
}

/* Reads the bytes in two parts, and in single octets: always the same. */
static void expect_max(struct buf *b, size_t max, const char *kinds, uint16_t code, const void *octets, size_t n)
{
	for (size_t cut = 0; cut <= b->len + 1; cut++) {
		struct websocket_reader r = {.max = max};
		struct seen h = {0};
		uint8_t *copy = malloc(b->len); /* of that size, so that a sanitizer sees the end */

		memcpy(copy, b->p, b->len);
		if (cut <= b->len) {
			observe(&r, copy, cut, &h);
			observe(&r, copy + cut, b->len - cut, &h);
		}
		for (size_t i = 0; cut > b->len && i < b->len; i++)
			observe(&r, copy + i, 1, &h);
		assert_string_equal(h.kinds, kinds);
		assert_int_equal(h.code, code);
		assert_int_equal(h.octets.len, n);
		if (n)
			assert_memory_equal(h.octets.p, octets, n);
		websocket_reader_finish(&r);
		buf_finish(&h.octets);
		free(copy);
		if (b->len > 2000 && cut > 20 && cut + 20 < b->len)
			cut += 997;
	}
	buf_finish(b);
}

static void expect(struct buf *b, const char *kinds, uint16_t code, const void *octets, size_t n)
{
	expect_max(b, MAX, kinds, code, octets, n);
}

static void test_text_and_binary(void **state)
{
	struct buf b = {0};

	(void) state;
	add(&b, 0x81, "Hello", 5);
	add(&b, 0x82, "\xff\0", 2);
	add(&b, 0x81, "", 0);
	expect(&b, "TBT", 0, "Hello\xff\0", 7);
}

static void test_example_of_the_standard(void **state)
{
	/* RFC 6455 5.7: a single-frame masked text message */
	static const uint8_t hello[] = {0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58};
	struct buf b = {0};

	(void) state;
	buf_add(&b, hello, sizeof(hello));
	expect(&b, "T", 0, "Hello", 5);
}

static void test_lengths_of_each_form(void **state)
{
	static const size_t sizes[] = {125, 126, 127, 65535, 65536, MAX};
	char *text = malloc(MAX);

	(void) state;
	memset(text, 'x', MAX);
	for (size_t i = 0; i < 6; i++) {
		struct buf b = {0};

		add(&b, 0x82, text, sizes[i]);
		expect(&b, "B", 0, text, sizes[i]);
	}
	free(text);
}

static void test_fragments_with_control_frames_between(void **state)
{
	struct buf b = {0};

	(void) state;
	add(&b, 0x01, "\xe2\x82", 2); /* half a letter */
	add(&b, 0x89, "hey", 3);
	add(&b, 0x00, "\xac", 1);
	add(&b, 0x8a, "", 0);
	add(&b, 0x80, "!", 1);
	add(&b, 0x81, "next", 4);
	expect(&b, "pqTT", 0, "hey\xe2\x82\xac!next", 11);
}

static void test_close(void **state)
{
	struct buf b = {0};

	(void) state;
	add(&b, 0x88, "", 0);
	expect(&b, "C", 1005, "", 0);
	add(&b, 0x88,
	    "\x03\xe9"
	    "bye",
	    5);
	expect(&b, "C", 1001,
	       "\x03\xe9"
	       "bye",
	       5);
}

/* Each is one frame that ends the connection. */
static void test_what_is_refused(void **state)
{
	static const struct {
		uint8_t first;
		const char *p;
		size_t n;
		uint16_t code;
	} rows[] = {
		{0xc1, "a", 1, 1002}, /* a reserved bit without extension */
		{0x83, "a", 1, 1002}, /* a reserved opcode */
		{0x8b, "a", 1, 1002},
		{0x09, "a", 1, 1002},            /* a control frame in fragments */
		{0x80, "a", 1, 1002},            /* goes on with nothing */
		{0x81, "\xc3\x28", 2, 1007},     /* not UTF-8 */
		{0x81, "\xed\xa0\x80", 3, 1007}, /* a surrogate */
		{0x81, "\xe2\x82", 2, 1007},     /* cut short */
		{0x88, "\x03", 1, 1002},         /* half a code */
		{0x88, "\x03\xed", 2, 1002},     /* 1005 is never sent */
		{0x88, "\x03\xe7", 2, 1002},     /* 999 */
		{0x88, "\x13\x88", 2, 1002},     /* 5000 */
		{0x88, "\x03\xe8\xff", 3, 1007},
	};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf b = {0};

		add(&b, rows[i].first, rows[i].p, rows[i].n);
		add(&b, 0x81, "not read", 8);
		expect(&b, "F", rows[i].code, "", 0);
	}
}

static void raw(struct buf *b, const char *p, size_t n, uint16_t code)
{
	buf_add(b, p, n);
	expect_max(b, 1000, "F", code, "", 0);
}

static void test_bad_headers(void **state)
{
	struct buf b = {0};

	(void) state;
	raw(&b,
	    "\x81\x01"
	    "a",
	    3, 1002); /* not masked */
	raw(&b,
	    "\x89\xfe\x00\x7e"
	    "mask",
	    8, 1002); /* a long ping */
	raw(&b,
	    "\x81\xfe\x00\x05"
	    "mask",
	    8, 1002); /* 5 in the form for 126 */
	raw(&b,
	    "\x81\xff\0\0\0\0\0\0\xff\xff"
	    "mask",
	    14, 1002); /* 65535 in 64 bits */
	raw(&b,
	    "\x81\xff\x80\0\0\0\0\0\0\0"
	    "mask",
	    14, 1002); /* the highest bit */
	raw(&b,
	    "\x82\xff\x7f\0\0\0\0\0\0\0"
	    "mask",
	    14, 1009); /* more than may be */
	raw(&b,
	    "\x82\xfe\x03\xe9"
	    "mask",
	    8, 1009); /* one more than 1,000 */
}

static void test_sum_of_fragments_is_bounded(void **state)
{
	struct buf b = {0};
	char text[600] = {0};

	(void) state;
	add(&b, 0x02, text, 600);
	add(&b, 0x80, text, 401);
	expect_max(&b, 1000, "F", 1009, "", 0);
	add(&b, 0x01, "a", 1);
	add(&b, 0x81, "a", 1); /* a message within another */
	expect(&b, "F", 1002, "", 0);
}

static void test_memory_follows_what_arrived(void **state)
{
	struct websocket_reader r = {.max = (size_t) 1 << 40};
	struct websocket_event e;

	(void) state;
	(void) websocket_read(&r, (const uint8_t *) "\x82\xff\0\0\0\xff\0\0\0\0maskx", 15, &e);
	assert_int_equal(e.kind, WEBSOCKET_EVENT_NONE);
	assert_true(r.message.cap < 4096);
	websocket_reader_finish(&r);
}

static void test_written_frames(void **state)
{
	struct buf b = {0};
	char text[65536] = {0}, reason[300];

	(void) state;
	websocket_write(&b, WEBSOCKET_TEXT, "Hello", 5);
	assert_int_equal(b.len, 7);
	assert_memory_equal(b.p, "\x81\x05Hello", 7);
	buf_clear(&b);
	websocket_write(&b, WEBSOCKET_BINARY, text, 126);
	assert_memory_equal(b.p, "\x82\x7e\x00\x7e", 4);
	buf_clear(&b);
	websocket_write(&b, WEBSOCKET_BINARY, text, 65536);
	assert_memory_equal(b.p, "\x82\x7f\0\0\0\0\0\x01\0\0", 10);
	assert_int_equal(b.len, 65546);
	buf_clear(&b);
	memset(reason, 'e', sizeof(reason));
	memcpy(reason + 122, "\xe2\x82\xac", 4); /* a letter across the 123rd octet */
	websocket_write_close(&b, WEBSOCKET_TOO_BIG, reason);
	assert_int_equal(b.len, 2 + 2 + 122);
	assert_memory_equal(b.p,
			    "\x88\x7c\x03\xf1"
			    "e",
			    5);
	buf_finish(&b);
}

static void test_handshake(void **state)
{
	char accept[WEBSOCKET_ACCEPT_SIZE];

	(void) state;
	/* RFC 6455 1.3 */
	assert_true(websocket_accept("dGhlIHNhbXBsZSBub25jZQ==", accept));
	assert_string_equal(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
	assert_false(websocket_accept(NULL, accept));
	assert_false(websocket_accept("", accept));
	assert_false(websocket_accept("dGhlIHNhbXBsZSBub25jZQ=", accept));
	assert_false(websocket_accept("dGhlIHNhbXBsZSBub25jZXh4", accept)); /* 18 octets */
	assert_false(websocket_accept("!!!!!!!!!!!!!!!!!!!!!!==", accept));
	assert_true(websocket_header_has("keep-alive, Upgrade", "upgrade"));
	assert_true(websocket_header_has("Upgrade", "Upgrade"));
	assert_false(websocket_header_has("Upgrades", "Upgrade"));
	assert_false(websocket_header_has("close", "Upgrade"));
	assert_false(websocket_header_has(NULL, "Upgrade"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_and_binary),
		cmocka_unit_test(test_example_of_the_standard),
		cmocka_unit_test(test_lengths_of_each_form),
		cmocka_unit_test(test_fragments_with_control_frames_between),
		cmocka_unit_test(test_close),
		cmocka_unit_test(test_what_is_refused),
		cmocka_unit_test(test_bad_headers),
		cmocka_unit_test(test_sum_of_fragments_is_bounded),
		cmocka_unit_test(test_memory_follows_what_arrived),
		cmocka_unit_test(test_written_frames),
		cmocka_unit_test(test_handshake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
