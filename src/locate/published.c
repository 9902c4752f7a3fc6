#include "locate/published.h"

#include <string.h>

void published_set(struct published *p, const struct published_position *position)
{
	uint64_t words[PUBLISHED_WORDS];
	uint32_t turn = atomic_load_explicit(&p->turn, memory_order_relaxed);

	memcpy(words, position, sizeof(words));
	atomic_store(&p->turn, turn + 1);
	for (size_t i = 0; i < PUBLISHED_WORDS; i++)
		atomic_store(&p->words[i], words[i]);
	atomic_store(&p->turn, turn + 2);
}

struct published_position published_get(struct published *p)
{
	struct published_position position;
	uint64_t words[PUBLISHED_WORDS];
	uint32_t before;

	do {
		before = atomic_load(&p->turn);
		for (size_t i = 0; i < PUBLISHED_WORDS; i++)
			words[i] = atomic_load(&p->words[i]);
	} while ((before & 1) || before != atomic_load(&p->turn));
	memcpy(&position, words, sizeof(position));
	return position;
}
