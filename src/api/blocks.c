#include "api/blocks.h"

#include <string.h>

ssize_t blocks_read(struct blocks *b, char *p, size_t max)
{
	size_t n;

	while (b->sent == b->out.len) {
		if (b->ended)
			return -1;
		buf_clear(&b->out);
		b->sent = 0;
		b->next(b->ctx);
	}
	n = b->out.len - b->sent < max ? b->out.len - b->sent : max;
	memcpy(p, b->out.p + b->sent, n);
	b->sent += n;
	return (ssize_t) n;
}
