/* The position that every packet reads, published by a few writers who hold a lock of theirs, read
 * by any number of threads without one (a sequence lock over atomic words). */
#pragma once
#include <stdatomic.h>
#include <stdbool.h>

#include "base/position.h"
#include "base/uuid.h"

struct published_position {
	struct position position;
	struct uuid gps;
	uint64_t until_sec; /* server second after which it is to be chosen anew */
};
#define PUBLISHED_WORDS (sizeof(struct published_position) / 8)
_Static_assert(sizeof(struct published_position) % 8 == 0, "whole words");

struct published {
	_Atomic uint32_t turn; /* odd while it is written */
	_Atomic uint64_t words[PUBLISHED_WORDS];
};

void published_set(struct published *p, const struct published_position *position);
struct published_position published_get(struct published *p);
