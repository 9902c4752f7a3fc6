#include "track/page.h"

#include <stdlib.h>

#include "base/mem.h"
#include "query/best.h"
#include "track/read.h"
#include "track/tracker.h"
#include "track/user_views.h"

struct window {
	const struct page_query *query;
	struct query_best best;
	uint64_t total;
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
static void take(struct window *w, const void *record, const struct key *key, struct device_handle h)
{
	struct query_candidate c = {.id = {key->phy_hash, mac_u64(&key->mac)},
				    .handle = {h.shard, h.slot, h.generation}};

	if (w->query->sort)
		field_sort_take(w->query->sort, record, &w->ctx, &c.sort);
	query_best_add(&w->best, &c);
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
	w->total = w->best.matched;
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
	struct window w = {.query = q,
			   .best = {.most = q->length ? q->start + q->length : 0, .descending = q->descending},
			   .ctx = *fields};
	const struct query_best *best = &w.best;

	if (q->search || c->filter || c->within || c->least_dbm || (q->sort && q->sort->locks) || !from->visit)
		search(from, &w);
	else
		scan(from, &w);
	query_best_sort(&w.best);
	*ret = (struct record_page){.total = w.total, .matched = best->matched};
	if (q->start < best->n) {
		ret->n = best->n - q->start;
		ret->items = xnew(struct device_handle, ret->n);
	}
	for (uint64_t i = 0; i < ret->n; i++) {
		const uint32_t *h = best->items[q->start + i].handle;

		ret->items[i] = (struct device_handle){h[0], h[1], h[2]};
	}
	free(w.best.items);
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
