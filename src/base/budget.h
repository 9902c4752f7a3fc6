/* A budget of processor time for work that somebody waits for: a request. The thread that works on it enters the
 * budget, and whatever walks far asks budget_over() at each step and ends when it is true. Threads without a budget,
 * such as those of sources and logs, are never over. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct budget {
	uint64_t left_ns;            /* of processor time */
	bool (*vain)(const void *x); /* the result is unused by now; asked every BUDGET_CHECK_MS. NULL: never */
	const void *x;
	bool spent;        /* somebody asked, and the time was used up: the result is not whole */
	bool abandoned;    /* somebody asked, and the work was in vain */
	uint64_t cpu_ns;   /* of the thread, when it was last looked at */
	uint64_t check_ns; /* of the coarse clock: nothing has to be looked at before */
};
#define BUDGET_CHECK_MS 100

/* The calling thread works on it from now on, until it leaves. One at a time. */
void budget_enter(struct budget *b);
void budget_leave(void);
/* True when the calling thread's budget is used up or its work in vain; once true it stays so. Costs a few
 * nanoseconds. */
bool budget_over(void);
