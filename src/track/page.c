#include "track/page.h"

#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/mem.h"
#include "track/read.h"
#include "track/tracker.h"
#include "track/user_views.h"

#define HEAP_MAX 4096 /* beyond this the whole result is sorted */
#define COMPARES 1024 /* between two checks of the budget */

struct candidate {
	struct field_sort_key sort;
	struct key key;
	struct device_handle handle;
};

/* The best candidates, a heap with the worst on top while it is bounded. */
struct window {
	struct candidate *items;
	uint64_t n, cap, most; /* most 0: all are kept */
	uint64_t total, matched, compares;
	bool over; /* the budget is: the order no longer matters */
	const struct page_query *query;
	struct field_ctx ctx;
};

/* Whether it is in the view, as far as a walk does not decide that. */
static bool is_within(const struct page_conditions *c, const void *record, struct field_ctx *ctx)
{
	return !c->within || view_filter_match(c->within, record, ctx);
}

static bool is_strong(const struct device *d, int16_t least_dbm)
{
	return d->signal.type == SIGNAL_DBM && d->signal.last_signal && d->signal.last_signal >= least_dbm;
}

bool page_match(const struct page_conditions *c, const void *record, struct field_ctx *ctx)
{
	if (!is_within(c, record, ctx) || (c->least_dbm && !is_strong(record, c->least_dbm)))
		return false;
	return !c->filter || field_filter_match(c->filter, record, ctx);
}

/* Ties go by key, so that pages are stable. */
static int compare(const struct window *w, const struct candidate *a, const struct candidate *b)
{
	int r = w->query->sort ? field_sort_compare(&a->sort, &b->sort) : 0;

	if (w->query->descending)
		r = -r;
	if (r == 0)
		r = a->key.phy_hash < b->key.phy_hash ? -1 : a->key.phy_hash > b->key.phy_hash;
	return r ? r : memcmp(&a->key.mac, &b->key.mac, sizeof(a->key.mac));
}

static int compare_sorted(const void *a, const void *b, void *arg)
{
	struct window *w = arg;

	if (++w->compares % COMPARES == 0)
		w->over = budget_over();
	return w->over ? 0 : compare(w, a, b);
}

static void swap(struct candidate *a, struct candidate *b)
{
	struct candidate c = *a;

	*a = *b;
	*b = c;
}

static void sift_down(struct window *w)
{
	for (uint64_t i = 0;;) {
		uint64_t worst = i;

		for (uint64_t k = 2 * i + 1; k <= 2 * i + 2 && k < w->n; k++)
			if (compare(w, &w->items[k], &w->items[worst]) > 0)
				worst = k;
		if (worst == i)
			return;
		swap(&w->items[i], &w->items[worst]);
		i = worst;
	}
}

static void sift_up(struct window *w)
{
	for (uint64_t i = w->n - 1; i && compare(w, &w->items[i], &w->items[(i - 1) / 2]) > 0; i = (i - 1) / 2)
		swap(&w->items[i], &w->items[(i - 1) / 2]);
}

static void keep(struct window *w, const struct candidate *c)
{
	w->matched++;
	if (w->most && w->n == w->most) {
		if (compare(w, c, &w->items[0]) < 0) {
			w->items[0] = *c;
			sift_down(w);
		}
		return;
	}
	if (w->n == w->cap) {
		w->cap = w->cap ? w->cap * 2 : 64;
		xgrow(w->items, w->cap);
	}
	w->items[w->n++] = *c;
	if (w->most)
		sift_up(w);
}

static void take(struct window *w, const void *record, const struct key *key, struct device_handle h)
{
	struct candidate c = {.key = *key, .handle = h};

	if (w->query->sort)
		field_sort_take(w->query->sort, record, &w->ctx, &c.sort);
	keep(w, &c);
}

static void take_device(void *ctx, const struct device *d, struct device_handle h)
{
	take(ctx, d, &d->key, h);
}

/* Without search and expressions a visit under the lock is enough. */
static void scan(const struct page_source *from, struct window *w)
{
	struct tracker_walk walk = {.view = w->query->view, .since_sec = w->query->since_sec};
	struct arena arena = {0};

	w->ctx.arena = &arena;
	while (from->visit(from->ctx, &walk, take_device, w))
		arena_reset(&arena);
	w->total = w->matched;
	arena_finish(&arena);
}

static void search(const struct page_source *from, struct window *w)
{
	const struct page_query *q = w->query;
	void *records[TRACK_SLICE];
	struct device_handle handles[TRACK_SLICE];
	struct arena arena = {0};
	struct tracker_walk walk = {.view = q->view, .since_sec = q->since_sec, .arena = &arena};
	uint32_t n;

	w->ctx.arena = &arena;
	while ((n = from->next(from->ctx, &walk, records, handles)) > 0) {
		for (uint32_t i = 0; i < n; i++) {
			struct key key = from->key(records[i]);

			if (!is_within(&q->conditions, records[i], &w->ctx))
				continue;
			w->total++;
			if (page_match(&q->conditions, records[i], &w->ctx) &&
			    (!q->search || field_search(q->searched, q->search, records[i], &w->ctx)))
				take(w, records[i], &key, handles[i]);
		}
		arena_reset(&arena);
	}
	arena_finish(&arena);
}

void page_find(const struct page_source *from, const struct page_query *q, const struct field_ctx *fields,
	       struct record_page *ret)
{
	const struct page_conditions *c = &q->conditions;
	struct window w = {.query = q, .ctx = *fields};
	uint64_t end = q->length ? q->start + q->length : UINT64_MAX;

	w.most = q->length && end <= HEAP_MAX ? end : 0;
	if (q->search || c->filter || c->within || c->least_dbm || !from->visit)
		search(from, &w);
	else
		scan(from, &w);
	if (w.n)
		qsort_r(w.items, w.n, sizeof(*w.items), compare_sorted, &w);
	*ret = (struct record_page){.total = w.total, .matched = w.matched};
	if (q->start < w.n) {
		ret->n = (end < w.n ? end : w.n) - q->start;
		ret->items = xnew(struct device_handle, ret->n);
	}
	for (uint64_t i = 0; i < ret->n; i++)
		ret->items[i] = w.items[q->start + i].handle;
	free(w.items);
}

static uint32_t next_devices(void *ctx, struct tracker_walk *walk, void *ret_records[TRACK_SLICE],
			     struct device_handle ret_handles[TRACK_SLICE])
{
	return tracker_next(ctx, walk, (struct device **) ret_records, ret_handles);
}

static bool visit_devices(void *ctx, struct tracker_walk *walk, tracker_visit_fn visit, void *visit_ctx)
{
	return tracker_visit(ctx, walk, visit, visit_ctx);
}

static struct key key_of_device(const void *record)
{
	return ((const struct device *) record)->key;
}

void tracker_page(struct tracker *t, const struct page_query *q, struct record_page *ret)
{
	const struct page_source from = {next_devices, visit_devices, key_of_device, t};
	const struct field_ctx fields = tracker_fields(t, NULL);

	page_find(&from, q, &fields, ret);
}
