/* A growing byte buffer. Appends cannot fail (see mem.h); who fills one from outside bounds it. */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buf {
	char *p; /* NULL while empty; not NUL terminated, see buf_text() */
	size_t len, cap;
};

void buf_finish(struct buf *b); /* frees the bytes and empties the buffer */
void buf_reserve_slow(struct buf *b, size_t more);

/* Room for `more` bytes behind the end; the pointer to them. */
static inline char *buf_reserve(struct buf *b, size_t more)
{
	if (b->cap - b->len < more)
		buf_reserve_slow(b, more);
	return b->p + b->len;
}
static inline void buf_add(struct buf *b, const void *p, size_t n)
{
	if (n == 0)
		return;
	memcpy(buf_reserve(b, n), p, n);
	b->len += n;
}
static inline void buf_char(struct buf *b, char c)
{
	*buf_reserve(b, 1) = c;
	b->len++;
}
static inline void buf_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}
static inline void buf_clear(struct buf *b)
{
	b->len = 0;
}
__attribute__((format(printf, 2, 3))) void buf_printf(struct buf *b, const char *format, ...);
/* The bytes with a NUL behind them; valid until the next change. Never NULL. */
const char *buf_text(struct buf *b);
/* Removes n bytes from the front. */
void buf_drop(struct buf *b, size_t n);
