/* A bounded reader over captured bytes with a sticky error. A dissector never touches a raw
 * pointer: a read beyond the end sets `bad`, returns zero, and every later read does nothing, so
 * one check of s.bad at the end covers all the reads before it. A child span cannot leave its
 * parent. Read once a statement: C does not fix the order in which arguments are evaluated. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
	const uint8_t *p;
	size_t left;
	bool bad;
};

static inline struct span span_of(const void *p, size_t n)
{
	return (struct span){.p = p, .left = n};
}

/* The next n bytes, or zeros (n at most 16) and `bad`; NULL when a longer read is torn. */
static inline const uint8_t *span_take(struct span *s, size_t n)
{
	static const uint8_t zeros[16];
	const uint8_t *p = s->p;

	if (s->bad || n > s->left) {
		s->bad = true;
		s->left = 0; /* so that a loop over what is left ends */
		return n <= sizeof(zeros) ? zeros : NULL;
	}
	s->p += n;
	s->left -= n;
	return p;
}

static inline void span_skip(struct span *s, size_t n)
{
	(void) span_take(s, n);
}

static inline uint8_t span_u8(struct span *s)
{
	return span_take(s, 1)[0];
}

static inline int8_t span_i8(struct span *s)
{
	return (int8_t) span_u8(s);
}

static inline uint16_t span_le16(struct span *s)
{
	const uint8_t *p = span_take(s, 2);

	return (uint16_t) (p[0] | p[1] << 8);
}

static inline uint16_t span_be16(struct span *s)
{
	const uint8_t *p = span_take(s, 2);

	return (uint16_t) (p[0] << 8 | p[1]);
}

static inline uint32_t span_le24(struct span *s)
{
	const uint8_t *p = span_take(s, 3);

	return (uint32_t) p[0] | (uint32_t) p[1] << 8 | (uint32_t) p[2] << 16;
}

static inline uint32_t span_be24(struct span *s)
{
	const uint8_t *p = span_take(s, 3);

	return (uint32_t) p[0] << 16 | (uint32_t) p[1] << 8 | p[2];
}

static inline uint32_t span_le32(struct span *s)
{
	const uint8_t *p = span_take(s, 4);

	return (uint32_t) p[0] | (uint32_t) p[1] << 8 | (uint32_t) p[2] << 16 | (uint32_t) p[3] << 24;
}

static inline uint32_t span_be32(struct span *s)
{
	const uint8_t *p = span_take(s, 4);

	return (uint32_t) p[0] << 24 | (uint32_t) p[1] << 16 | (uint32_t) p[2] << 8 | p[3];
}

static inline uint64_t span_le64(struct span *s)
{
	uint64_t low = span_le32(s);

	return low | (uint64_t) span_le32(s) << 32;
}

static inline uint64_t span_be64(struct span *s)
{
	uint64_t high = span_be32(s);

	return high << 32 | span_be32(s);
}

/* A child of n bytes that cannot read past its parent; empty and bad when there are not n left. */
static inline struct span span_sub(struct span *s, size_t n)
{
	if (s->bad || n > s->left) {
		s->bad = true;
		s->left = 0;
		return (struct span){.bad = true};
	}
	return span_of(span_take(s, n), n);
}

/* The next n bytes, or as many as there are: what a cut capture still holds. */
static inline struct span span_up_to(struct span *s, size_t n)
{
	return span_sub(s, n < s->left ? n : s->left);
}
