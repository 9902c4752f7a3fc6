#include <stdlib.h>
#include <string.h>

#include "api/page.h"
#include "api/query.h"
#include "api/reader.h"
#include "api/write.h"
#include "base/budget.h"
#include "base/json_out.h"
#include "base/mem.h"
#include "serve/request.h"
#include "track/read.h"

#define LENGTH_USUAL 500 /* records of a page without a length */
#define HEAP_MAX 4096    /* beyond this the whole result is sorted */
#define COMPARES 1024    /* between two checks of the budget */

enum page_mode { PAGE_NONE, PAGE_DATATABLE, PAGE_TABULATOR };

struct page {
	enum page_mode mode;
	uint64_t start, length, draw;
	const char *search;
	const char *sort; /* field path, or NULL */
	bool descending;
};

struct candidate {
	struct field_sort_key sort;
	struct key key;
	struct device_handle handle;
};

/* Pass one: the best candidates, a heap with the worst on top while it is bounded. */
struct window {
	struct candidate *items;
	uint64_t n, cap, most; /* most 0: all are kept */
	uint64_t total, matched, compares;
	bool over; /* the budget is: the order no longer matters */
	const struct page *page;
	struct field_path path;
	struct field_ctx ctx;
};

static uint64_t number(const struct request *rq, const char *name, uint64_t standard)
{
	const char *text = request_variable(rq, name);
	char *end;
	long long v = text ? strtoll(text, &end, 10) : -1;

	return text && *text && !*end && v >= 0 ? (uint64_t) v : standard;
}

/* The first path of a column: a text, or the first of a nested list. */
static const char *first_path(const struct json_in *v)
{
	for (int depth = 0; depth < 3 && json_in_is_list(v); depth++)
		v = json_in_at(v, 0);
	return json_in_text(v);
}

static const char *column_path(const struct request *rq)
{
	const struct json_in *map = json_in_get(request_command(rq), "colmap");
	const char *column = request_variable(rq, "order[0][column]");

	if (!column || !map)
		return NULL;
	if (json_in_is_list(map))
		return first_path(json_in_at(map, (size_t) number(rq, "order[0][column]", SIZE_MAX)));
	return first_path(json_in_get(map, column));
}

static bool is(const char *text, const char *word)
{
	return text && strcmp(text, word) == 0;
}

/* Records of a page: -1 is all of them, as DataTables has it. Replies are made while they are sent, so that none is too
 * long. */
static uint64_t length_of(const struct request *rq, const char *name, uint64_t standard)
{
	uint64_t length = is(request_variable(rq, name), "-1") ? UINT32_MAX : number(rq, name, standard);

	return length == 0 ? standard : length < UINT32_MAX ? length : UINT32_MAX;
}

static struct page read_datatable(const struct request *rq)
{
	return (struct page){.mode = PAGE_DATATABLE,
			     .start = number(rq, "start", 0),
			     .length = length_of(rq, "length", LENGTH_USUAL),
			     .draw = number(rq, "draw", 0),
			     .search = request_variable(rq, "search[value]"),
			     .sort = column_path(rq),
			     .descending = is(request_variable(rq, "order[0][dir]"), "desc")};
}

static struct page read_tabulator(const struct request *rq)
{
	const char *dir = request_variable(rq, "sort_dir");
	struct page p = {.mode = request_variable(rq, "page") ? PAGE_TABULATOR : PAGE_NONE,
			 .search = request_variable(rq, "search"),
			 .sort = request_variable(rq, "sort"),
			 .descending = dir && !is(dir, "asc")};

	if (p.mode == PAGE_NONE)
		return p;
	p.length = length_of(rq, "length", length_of(rq, "size", LENGTH_USUAL));
	p.start = number(rq, "page", 0);
	p.start = p.start > UINT32_MAX ? UINT64_MAX / 2 : p.start * p.length;
	return p;
}

/* Ties go by key, so that pages are stable. */
static int compare(const struct window *w, const struct candidate *a, const struct candidate *b)
{
	int r = w->page->sort ? field_sort_compare(&a->sort, &b->sort) : 0;

	if (w->page->descending)
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

	if (w->page->sort)
		field_sort_take(&w->path, record, &w->ctx, &c.sort);
	keep(w, &c);
}

static void take_device(void *ctx, const struct device *d, struct device_handle h)
{
	take(ctx, d, &d->key, h);
}

/* Without search and expressions a visit under the lock is enough. */
static void scan(struct api *api, struct device_query *q, struct window *w)
{
	struct tracker_walk walk = {.view = q->view, .since_sec = q->since_sec};
	struct arena arena = {0};

	w->ctx = api_context(api, &arena);
	while (devices_visit(&api->devices, &walk, take_device, w))
		arena_reset(&arena);
	w->total = w->matched;
	arena_finish(&arena);
}

static void search(struct api *api, struct device_query *q, const struct field_selection *in, struct window *w)
{
	void *records[TRACK_SLICE];
	struct device_handle handles[TRACK_SLICE];
	struct arena arena = {0};
	struct tracker_walk walk = {.view = q->view, .since_sec = q->since_sec, .arena = &arena};
	uint32_t n;

	w->ctx = api_context(api, &arena);
	while ((n = q->kind->next(api, &walk, records, handles)) > 0) {
		for (uint32_t i = 0; i < n; i++) {
			struct key key = q->kind->key(records[i]);

			if (!query_within(q, records[i], &w->ctx))
				continue;
			w->total++;
			if (query_match(q, records[i], &w->ctx) &&
			    (!in || field_search(in, w->page->search, records[i], &w->ctx)))
				take(w, records[i], &key, handles[i]);
		}
		arena_reset(&arena);
	}
	arena_finish(&arena);
}

/* The fields that are searched when the request names none. */
static struct field_selection *search_fields(const struct record_kind *kind)
{
	struct field_selection *s = field_selection_create(kind->table);

	for (size_t i = 0; kind->searched[i]; i++)
		(void) field_selection_add(s, kind->searched[i], NULL);
	return s;
}

static void find_window(struct api *api, struct device_query *q, struct window *w)
{
	bool searching = w->page->search && *w->page->search;
	struct field_selection *own = searching && !q->selection ? search_fields(q->kind) : NULL;

	if (searching || q->filter || q->within || q->least_dbm || !q->kind->devices)
		search(api, q, searching ? (own ? own : q->selection) : NULL, w);
	else
		scan(api, q, w);
	field_selection_destroy(own);
	if (w->n)
		qsort_r(w->items, w->n, sizeof(*w->items), compare_sorted, w);
}

/* A comma goes before all but the first member. */
static void number_member(struct buf *out, const char *name, uint64_t number, const char *doc, enum field_format format)
{
	if (out->len > 1)
		buf_char(out, ',');
	field_write_name(out, name, "uint64_t", doc, format);
	json_u64(out, number);
}

/* What stands before the records of a page, and behind them. */
static void write_wrapper(const struct page *p, const struct window *w, enum field_format format, struct buf *before,
			  struct buf *after)
{
	buf_char(before, p->mode == PAGE_NONE ? '[' : '{');
	if (p->mode == PAGE_DATATABLE) {
		number_member(before, "draw", p->draw, "Number of the request, as it came.", format);
		number_member(before, "recordsTotal", w->total, "Records without the search.", format);
		number_member(before, "recordsFiltered", w->matched, "Records that match.", format);
	} else if (p->mode == PAGE_TABULATOR) {
		number_member(before, "last_page", p->length ? (w->matched + p->length - 1) / p->length : 0,
			      "How many pages there are.", format);
		number_member(before, "last_row", w->matched, "Records that match.", format);
		number_member(before, "total_row", w->total, "Records without the search.", format);
	}
	if (p->mode != PAGE_NONE) {
		buf_char(before, ',');
		field_write_name(before, "data", "vector[x]", "The records of the page.", format);
		buf_char(before, '[');
	}
	buf_str(after, p->mode == PAGE_NONE ? "]" : "]}");
}

static void reply_window(struct request *rq, struct reply *rp, struct device_query *q, const struct page *p,
			 const struct window *w)
{
	struct handle_list handles = {0};
	struct buf before = {0}, after = {0};
	uint64_t start = p->start, end;

	end = p->length ? start + p->length : w->n;
	for (uint64_t i = start; i < end && i < w->n; i++)
		handle_list_add(&handles, w->items[i].handle);
	write_wrapper(p, w, request_format(rq).fields, &before, &after);
	field_filter_destroy(q->filter); /* these matched */
	field_filter_destroy(q->within);
	q->filter = q->within = NULL;
	q->least_dbm = 0;
	reply_handles(rq, rp, q, &handles, false, buf_text(&before), buf_text(&after));
	buf_finish(&before);
	buf_finish(&after);
}

bool reply_page(struct request *rq, struct reply *rp, struct device_query *q)
{
	bool datatable = json_in_truth(json_in_get(request_command(rq), "datatable"));
	struct page p = datatable ? read_datatable(rq) : read_tabulator(rq);
	struct window w = {.page = &p};

	if (p.mode == PAGE_NONE && !p.sort && !p.search)
		return false;
	if (p.sort && field_path_compile(q->kind->table, p.sort, strlen(p.sort), &w.path) < 0)
		p.sort = NULL;
	w.most = p.length && p.start + p.length <= HEAP_MAX ? p.start + p.length : 0;
	find_window(request_context(rq), q, &w);
	reply_window(rq, rp, q, &p, &w);
	free(w.items);
	return true;
}
