/* Running a program over records, a thread each. Records that lie under a lock are looked at in two halves:
 * query_look() answers what is cheap where the record lies, and copies the texts that expressions are to be compared
 * with, which query_later() does when the lock is no longer held. */
#pragma once
#include "query/compile.h"

struct query_run;
/* The program outlives it. */
struct query_run *query_run_create(const struct query_program *p);
void query_run_destroy(struct query_run *r);

/* Whether the record matches; none does once the thread's budget is over (base/budget.h). */
bool query_matches(struct query_run *r, const void *record, struct field_ctx *ctx);

enum query_answer { QUERY_MISS, QUERY_HIT, QUERY_LATER };
/* QUERY_LATER: what is still to be compared is kept as number *ret_number, until query_later_reset(). */
enum query_answer query_look(struct query_run *r, const void *record, struct field_ctx *ctx, uint32_t *ret_number);
bool query_later(struct query_run *r, uint32_t number);
void query_later_reset(struct query_run *r);
