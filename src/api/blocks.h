/* A reply that is made block by block while it is sent, whatever size the pieces have in which it is taken. */
#pragma once
#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"

struct blocks {
	struct buf out; /* the block at hand */
	size_t sent;    /* of it */
	bool ended;     /* it is the last */
	/* Fills `out`, which is empty, with the next block, or sets `ended`. */
	void (*next)(void *ctx);
	void *ctx;
};

/* As read() of struct reply_source (serve/reply.h). */
ssize_t blocks_read(struct blocks *b, char *p, size_t max);
