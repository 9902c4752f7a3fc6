#include "query/best.h"

#include <stdlib.h>

#include "base/budget.h"
#include "base/mem.h"

#define HEAP_MOST 4096 /* beyond this all are kept and sorted */
#define CHECKED 1024   /* compares between two looks at the budget */

static int compare(const struct query_best *b, const struct query_candidate *x, const struct query_candidate *y)
{
	int r = field_sort_compare(&x->sort, &y->sort);

	if (r)
		return b->descending ? -r : r;
	for (size_t i = 0; i < 2; i++)
		if (x->id[i] != y->id[i])
			return x->id[i] < y->id[i] ? -1 : 1;
	return 0;
}

static void swap(struct query_best *b, uint64_t i, uint64_t k)
{
	struct query_candidate c = b->items[i];

	b->items[i] = b->items[k];
	b->items[k] = c;
}

/* The last in order is on top. */
static void sift_down(struct query_best *b)
{
	for (uint64_t i = 0, last;; i = last) {
		last = i;
		for (uint64_t k = 2 * i + 1; k <= 2 * i + 2 && k < b->n; k++)
			if (compare(b, &b->items[k], &b->items[last]) > 0)
				last = k;
		if (last == i)
			return;
		swap(b, i, last);
	}
}

static void sift_up(struct query_best *b)
{
	for (uint64_t i = b->n - 1; i && compare(b, &b->items[i], &b->items[(i - 1) / 2]) > 0; i = (i - 1) / 2)
		swap(b, i, (i - 1) / 2);
}

void query_best_add(struct query_best *b, const struct query_candidate *c)
{
	bool heap = b->most && b->most <= HEAP_MOST;

	b->matched++;
	if (b->after && compare(b, c, b->after) <= 0)
		return;
	b->left++;
	if (heap && b->n == b->most) {
		if (compare(b, c, &b->items[0]) < 0) {
			b->items[0] = *c;
			sift_down(b);
		}
		return;
	}
	if (b->n == b->cap) {
		b->cap = b->cap ? b->cap * 2 : 64;
		xgrow(b->items, b->cap);
	}
	b->items[b->n++] = *c;
	if (heap)
		sift_up(b);
}

static int compare_sorted(const void *x, const void *y, void *arg)
{
	struct query_best *b = arg;

	if (++b->compares % CHECKED == 0)
		b->over = budget_over();
	return b->over ? 0 : compare(b, x, y);
}

void query_best_sort(struct query_best *b)
{
	if (b->n)
		qsort_r(b->items, b->n, sizeof(*b->items), compare_sorted, b);
	if (b->most && b->n > b->most)
		b->n = b->most;
}
