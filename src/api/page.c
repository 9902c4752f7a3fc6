#include <stdlib.h>
#include <string.h>

#include "api/page.h"
#include "api/query.h"
#include "api/reader.h"
#include "api/write.h"
#include "base/json_out.h"
#include "base/mem.h"
#include "serve/request.h"

#define LENGTH_USUAL 500 /* records of a page without a length */

enum page_mode { PAGE_NONE, PAGE_DATATABLE, PAGE_TABULATOR };

/* What the table asks for. */
struct table_request {
	enum page_mode mode;
	uint64_t start, length, draw;
	const char *search;
	const char *sort; /* field path, or NULL */
	bool descending;
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

static struct table_request read_datatable(const struct request *rq)
{
	return (struct table_request){.mode = PAGE_DATATABLE,
				      .start = number(rq, "start", 0),
				      .length = length_of(rq, "length", LENGTH_USUAL),
				      .draw = number(rq, "draw", 0),
				      .search = request_variable(rq, "search[value]"),
				      .sort = column_path(rq),
				      .descending = is(request_variable(rq, "order[0][dir]"), "desc")};
}

static struct table_request read_tabulator(const struct request *rq)
{
	const char *dir = request_variable(rq, "sort_dir");
	struct table_request p = {.mode = request_variable(rq, "page") ? PAGE_TABULATOR : PAGE_NONE,
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

/* The fields that are searched when the request names none. */
static struct field_selection *search_fields(const struct record_kind *kind)
{
	struct field_selection *s = field_selection_create(kind->table);

	for (size_t i = 0; kind->searched[i]; i++)
		(void) field_selection_add(s, kind->searched[i], NULL);
	return s;
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
static void write_wrapper(const struct table_request *p, const struct record_page *found, enum field_format format,
			  struct buf *before, struct buf *after)
{
	buf_char(before, p->mode == PAGE_NONE ? '[' : '{');
	if (p->mode == PAGE_DATATABLE) {
		number_member(before, "draw", p->draw, "Number of the request, as it came.", format);
		number_member(before, "recordsTotal", found->total, "Records without the search.", format);
		number_member(before, "recordsFiltered", found->matched, "Records that match.", format);
	} else if (p->mode == PAGE_TABULATOR) {
		number_member(before, "last_page", p->length ? (found->matched + p->length - 1) / p->length : 0,
			      "How many pages there are.", format);
		number_member(before, "last_row", found->matched, "Records that match.", format);
		number_member(before, "total_row", found->total, "Records without the search.", format);
	}
	if (p->mode != PAGE_NONE) {
		buf_char(before, ',');
		field_write_name(before, "data", "vector[x]", "The records of the page.", format);
		buf_char(before, '[');
	}
	buf_str(after, p->mode == PAGE_NONE ? "]" : "]}");
}

static void reply_found(struct request *rq, struct reply *rp, struct device_query *q, const struct table_request *p,
			struct record_page *found)
{
	struct handle_list handles = {TAKE(found->items), (uint32_t) found->n, (uint32_t) found->n};
	struct buf before = {0}, after = {0};

	write_wrapper(p, found, request_format(rq).fields, &before, &after);
	query_drop_conditions(q); /* these matched */
	reply_handles(rq, rp, q, &handles, false, buf_text(&before), buf_text(&after));
	buf_finish(&before);
	buf_finish(&after);
}

bool reply_page(struct request *rq, struct reply *rp, struct device_query *q)
{
	bool datatable = json_in_truth(json_in_get(request_command(rq), "datatable"));
	struct table_request p = datatable ? read_datatable(rq) : read_tabulator(rq);
	bool searching = p.search && *p.search;
	struct field_selection *own = searching && !q->selection ? search_fields(q->kind) : NULL;
	struct field_path path;
	struct page_query query = {.view = q->view,
				   .since_sec = q->since_sec,
				   .conditions = q->conditions,
				   .search = searching ? p.search : NULL,
				   .searched = own ? own : q->selection,
				   .descending = p.descending,
				   .start = p.start,
				   .length = p.length};
	struct record_page found;

	if (p.mode == PAGE_NONE && !p.sort && !p.search)
		return false;
	if (p.sort && field_path_compile(q->kind->table, p.sort, strlen(p.sort), &path) >= 0)
		query.sort = &path;
	q->kind->page(request_context(rq), &query, &found);
	field_selection_destroy(own);
	reply_found(rq, rp, q, &p, &found);
	return true;
}
