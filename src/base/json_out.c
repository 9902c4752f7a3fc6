#include "base/json_out.h"
#include "base/hex.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

void json_u64(struct buf *b, uint64_t v)
{
	char t[20];
	size_t i = sizeof(t);

	if (v < 10) {
		buf_char(b, (char) ('0' + v));
		return;
	}
	do
		t[--i] = (char) ('0' + v % 10);
	while (v /= 10);
	buf_add(b, t + i, sizeof(t) - i);
}

void json_i64(struct buf *b, int64_t v)
{
	if (v < 0)
		buf_char(b, '-');
	json_u64(b, v < 0 ? 0 - (uint64_t) v : (uint64_t) v);
}

static void add_micros(struct buf *b, uint32_t micros)
{
	char t[7] = ".";

	for (size_t i = 6; i > 0; i--, micros /= 10)
		t[i] = (char) ('0' + micros % 10);
	buf_add(b, t, sizeof(t));
}

void json_real(struct buf *b, double v)
{
	double scaled = fabs(v) * 1e6;

	if (v == 0 || !isfinite(v)) {
		buf_char(b, '0');
		return;
	}
	if (fabs(v) < 9e18 && (double) (int64_t) v == v) {
		json_i64(b, (int64_t) v);
		return;
	}
	if (scaled >= 9e18) { /* beyond 64 bits: rare, and libc's text has no locale before setlocale() */
		buf_printf(b, "%.6f", v);
		return;
	}
	if (v < 0)
		buf_char(b, '-');
	json_u64(b, (uint64_t) (scaled + 0.5) / 1000000);
	add_micros(b, (uint32_t) ((uint64_t) (scaled + 0.5) % 1000000));
}

size_t utf8_sequence(const uint8_t *p, size_t n)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t len = p[0] < 0x80 ? 1 : p[0] >> 5 == 6 ? 2 : p[0] >> 4 == 14 ? 3 : p[0] >> 3 == 30 ? 4 : 0;
	uint32_t c;

	if (len == 0 || len > n)
		return 0;
	if (len == 1)
		return 1;
	c = p[0] & (0x7fU >> len);
	for (size_t i = 1; i < len; i++) {
		if (p[i] >> 6 != 2)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	return c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) ? 0 : len;
}

static char short_escape(uint8_t c)
{
	switch (c) {
	case '\b': return 'b';
	case '\f': return 'f';
	case '\n': return 'n';
	case '\r': return 'r';
	case '\t': return 't';
	case '"': return '"';
	case '\\': return '\\';
	default: return 0;
	}
}

/* What one byte that cannot stand as it is becomes; the length, at most 7. */
static size_t escape(uint8_t c, char t[7])
{
	char e = short_escape(c);

	t[0] = '\\';
	if (e) {
		t[1] = e;
		return 2;
	}
	if (c < 0x20) {
		memcpy(t + 1, "u00", 3);
		t[4] = (char) ('0' + (c >> 4));
		t[5] = hex_lower[c & 15];
		return 6;
	}
	memcpy(t + 1, "\\x", 2);
	t[3] = hex_upper[c >> 4];
	t[4] = hex_upper[c & 15];
	return 5;
}

void json_text(struct buf *b, const char *s, size_t n)
{
	const uint8_t *p = (const uint8_t *) s;
	size_t done = 0, i = 0;

	buf_char(b, '"');
	while (i < n) {
		size_t len = p[i] < 0x20 || p[i] == '"' || p[i] == '\\' ? 0 : utf8_sequence(p + i, n - i);
		char t[7];

		if (len) {
			i += len;
			continue;
		}
		buf_add(b, s + done, i - done);
		buf_add(b, t, escape(p[i], t));
		done = ++i;
	}
	buf_add(b, s + done, n - done);
	buf_char(b, '"');
}

void json_hex(struct buf *b, const uint8_t *p, size_t n)
{
	char *t = buf_reserve(b, n * 2 + 2);

	*t++ = '"';
	*hex_write(t, hex_upper, p, n) = '"';
	b->len += n * 2 + 2;
}

static bool is_utf8(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t len = utf8_sequence(p + i, n - i);

		if (len == 0)
			return false;
		i += len;
	}
	return true;
}

/* A control character of one or, in UTF-8, two bytes as \u00XX. */
static size_t control(uint8_t c, char t[7])
{
	memcpy(t, "\\u00", 4);
	t[4] = hex_lower[c >> 4];
	t[5] = hex_lower[c & 15];
	return 6;
}

/* What stands at p of a string that is (utf8) or is not UTF-8; *ret_taken of its bytes are in t. */
static size_t air_part(const uint8_t *p, size_t n, bool utf8, char t[7], size_t *ret_taken)
{
	*ret_taken = 1;
	if (utf8 && n > 1 && p[0] == 0xc2 && p[1] < 0xa0) { /* U+0080 to U+009F */
		*ret_taken = 2;
		return control(p[1], t);
	}
	if (utf8 && *p == 0x7f)
		return control(*p, t);
	if ((utf8 && (*p < 0x20 || *p == '"')) || *p == '\\')
		return escape(*p, t);
	if (utf8 || (*p >= 32 && *p <= 126)) {
		t[0] = (char) *p;
		return 1;
	}
	memcpy(t, "\\x", 2);
	t[2] = hex_upper[*p >> 4];
	t[3] = hex_upper[*p & 15];
	return 4;
}

size_t air_text(const uint8_t *p, size_t n, char *ret_text, size_t max)
{
	const uint8_t *nul = n ? memchr(p, 0, n) : NULL;

	return air_octets(p, nul ? (size_t) (nul - p) : n, ret_text, max);
}

size_t air_octets(const uint8_t *p, size_t n, char *ret_text, size_t max)
{
	bool utf8 = is_utf8(p, n);
	size_t out = 0, taken;

	for (size_t i = 0; i < n; i += taken) {
		char t[7];
		size_t add = air_part(p + i, n - i, utf8, t, &taken);

		if (out + add >= max)
			break;
		memcpy(ret_text + out, t, add);
		out += add;
	}
	ret_text[out] = '\0';
	return out;
}
