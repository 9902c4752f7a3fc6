#include "base/limit.h"

#include <stdatomic.h>

#define X(id, name, normal, least, most, doc) normal,
static uint64_t values[LIMIT_COUNT] = {LIMITS(X)};
#undef X
#define X(id, name, normal, least, most, doc) name,
static const char *const names[LIMIT_COUNT] = {LIMITS(X)};
#undef X
static _Atomic uint64_t hits[LIMIT_COUNT];

uint64_t limit_of(enum limit l)
{
	return values[l];
}

bool limit_full(enum limit l, uint64_t have)
{
	if (have < values[l])
		return false;
	limit_hit(l);
	return true;
}

void limit_hit(enum limit l)
{
	atomic_fetch_add_explicit(&hits[l], 1, memory_order_relaxed);
}

uint64_t limit_hits(enum limit l)
{
	return atomic_load_explicit(&hits[l], memory_order_relaxed);
}

const char *limit_name(enum limit l)
{
	return names[l];
}

void limit_set(enum limit l, uint64_t value)
{
	values[l] = value;
}
