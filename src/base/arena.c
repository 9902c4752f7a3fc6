#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define BLOCK_BYTES ((size_t) 32 * 1024)

struct arena_block {
	struct arena_block *before;
	size_t size;
	_Alignas(16) char bytes[];
};

static void add_block(struct arena *a, size_t n)
{
	size_t size = n > BLOCK_BYTES ? n : BLOCK_BYTES;
	struct arena_block *b = xalloc(sizeof(*b) + size);

	b->before = a->now;
	b->size = size;
	a->now = b;
	a->used = 0;
}

void *arena_alloc(struct arena *a, size_t n)
{
	void *p;

	n = (n + 7) & ~(size_t) 7;
	if (!a->now || a->now->size - a->used < n)
		add_block(a, n);
	p = a->now->bytes + a->used;
	a->used += n;
	return p;
}

void *arena_copy(struct arena *a, const void *p, size_t n)
{
	void *to = arena_alloc(a, n);

	if (n)
		memcpy(to, p, n);
	return to;
}

void arena_reset(struct arena *a)
{
	while (a->now && a->now->before) {
		struct arena_block *b = a->now;

		a->now = b->before;
		free(b);
	}
	a->used = 0;
}

void arena_finish(struct arena *a)
{
	arena_reset(a);
	free(a->now);
	*a = (struct arena){0};
}
