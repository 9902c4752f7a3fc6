/* The first of many records in an order that never has two at one position: by a sort key, then by what names the
 * record. As many as are wanted are kept, so that a page of a large list costs no more than a look at each. */
#pragma once
#include "field/sort.h"

struct query_candidate {
	struct field_sort_key sort;
	uint64_t id[2];     /* names the record across time; ties go by it */
	uint32_t handle[3]; /* by which the caller finds it */
};
struct query_best {
	struct query_candidate *items;
	uint64_t n, cap;
	uint64_t most;                       /* 0: all are kept */
	const struct query_candidate *after; /* those up to it are left out; NULL: none are */
	uint64_t matched, left;              /* all that came, and those of them behind `after` */
	uint64_t compares;
	bool descending, over; /* over: the budget is, and the order no longer matters */
};

/* Adds one. */
void query_best_add(struct query_best *b, const struct query_candidate *c);
/* Brings what was kept into its order. */
void query_best_sort(struct query_best *b);
