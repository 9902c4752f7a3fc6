/* Writing JSON text into a buffer: numbers and strings by one rule each. Strict JSON always. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

void json_u64(struct buf *b, uint64_t v);
void json_i64(struct buf *b, int64_t v);
/* Whole values without a point, others with six decimals, NaN and infinity as 0. */
void json_real(struct buf *b, double v);
/* A quoted string; quotes, backslash and control bytes are escaped, and of bytes that are not
 * valid UTF-8 each becomes "\\xHH", so that the result is valid whatever the bytes were. */
void json_text(struct buf *b, const char *s, size_t n);
/* Upper-case hex in quotes. */
void json_hex(struct buf *b, const uint8_t *p, size_t n);

/* How octets from the air are shown, so that no two texts are alike: valid UTF-8 stays, quotes and backslash get a
 * backslash, control characters (C0, DEL, C1) become \b \f \n \r \t or \u00XX; when it is not UTF-8, every byte outside
 * 32..126 becomes \xHH, and backslash gets one. Writes at most max bytes with the NUL; the length written. */
size_t air_octets(const uint8_t *p, size_t n, char *ret_text, size_t max);
/* The same of text that ends at its first NUL. */
size_t air_text(const uint8_t *p, size_t n, char *ret_text, size_t max);
/* The length of the well-formed UTF-8 sequence at p (1..4), 0 if there is none (RFC 3629). */
size_t utf8_sequence(const uint8_t *p, size_t n);
