/* Memory that is given out piece by piece and taken back all at once: a reader's scratch. */
#pragma once
#include <stddef.h>

struct arena_block;
struct arena {
	struct arena_block *now; /* the block in use; earlier ones behind it */
	size_t used;
};

/* n bytes aligned to 8, not cleared; aborts when there is no memory. */
void *arena_alloc(struct arena *a, size_t n);
void *arena_copy(struct arena *a, const void *p, size_t n);
/* Takes everything back and keeps one block for the next use. */
void arena_reset(struct arena *a);
void arena_finish(struct arena *a);
