#include "base/budget.h"

#include <stddef.h>
#include <time.h>

static _Thread_local struct budget *current;

static uint64_t read_ns(clockid_t id)
{
	struct timespec t;

	(void) clock_gettime(id, &t);
	return (uint64_t) t.tv_sec * 1000000000 + (uint64_t) t.tv_nsec;
}

/* A thread has at most as much processor time as passes on the clock: no check is needed before that. */
static void check_later(struct budget *b, uint64_t now)
{
	uint64_t pause = BUDGET_CHECK_MS * UINT64_C(1000000);

	b->check_ns = now + (b->left_ns < pause ? b->left_ns : pause);
}

/* Takes off what was used since the last check. */
static void settle(struct budget *b)
{
	uint64_t cpu = read_ns(CLOCK_THREAD_CPUTIME_ID), used = cpu - b->cpu_ns;

	b->left_ns -= used < b->left_ns ? used : b->left_ns;
	b->cpu_ns = cpu;
}

void budget_enter(struct budget *b)
{
	current = b;
	b->cpu_ns = read_ns(CLOCK_THREAD_CPUTIME_ID);
	check_later(b, read_ns(CLOCK_MONOTONIC_COARSE));
}

void budget_leave(void)
{
	settle(current);
	current = NULL;
}

bool budget_over(void)
{
	struct budget *b = current;
	uint64_t now;

	if (!b)
		return false;
	if (b->spent || b->abandoned)
		return true;
	now = read_ns(CLOCK_MONOTONIC_COARSE);
	if (now < b->check_ns)
		return false;
	settle(b);
	check_later(b, now);
	b->spent = b->left_ns == 0;
	b->abandoned = b->vain && b->vain(b->x);
	return b->spent || b->abandoned;
}
