#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/mem.h"

void buf_finish(struct buf *b)
{
	free(b->p);
	*b = (struct buf){0};
}

void buf_reserve_slow(struct buf *b, size_t more)
{
	size_t cap = b->cap ? b->cap : 256;

	while (cap - b->len < more)
		cap *= 2;
	xgrow(b->p, cap);
	b->cap = cap;
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, format);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	if (n > 0) {
		(void) vsnprintf(buf_reserve(b, (size_t) n + 1), (size_t) n + 1, format, again);
		b->len += (size_t) n;
	}
	va_end(again);
}

const char *buf_text(struct buf *b)
{
	*buf_reserve(b, 1) = '\0';
	return b->p;
}

void buf_drop(struct buf *b, size_t n)
{
	if (n == 0)
		return; /* it may be empty, without memory */
	memmove(b->p, b->p + n, b->len - n);
	b->len -= n;
}
