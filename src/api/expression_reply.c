#include "api/expression_reply.h"

#include <stdlib.h>
#include <string.h>

#include "api/csv.h"
#include "api/blocks.h"
#include "api/write.h"
#include "base/budget.h"
#include "base/json_out.h"
#include "base/mem.h"
#include "query/cursor.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"

#define SLICE 16 /* records that are written at once */

struct reader {
	struct api *api;
	struct expression e;
	struct found found;
	struct record_keeper *keeper; /* NULL: devices of the model */
	uint64_t at;
	struct arena arena;
	struct blocks blocks;
	struct reply_format format;
	bool any;
};

static void member(struct buf *out, const char *name, const char *doc, uint64_t number, enum field_format format)
{
	buf_char(out, ',');
	field_write_name(out, name, "uint64_t", doc, format);
	json_u64(out, number);
}

/* What stands behind the records. */
static void write_trailer(struct buf *out, const struct reader *r, struct field_ctx *ctx)
{
	const struct expression *e = &r->e;
	const struct query_best *b = &r->found.best;
	enum field_format format = r->format.fields;

	member(out, "norn.query.matched", "Records that match.", b->matched, format);
	member(out, "norn.query.scanned", "Records that were looked at; those that columns rule out are not.",
	       r->found.scanned, format);
	if (!e->groups && b->n && b->left > b->n) {
		buf_char(out, ',');
		field_write_name(out, "norn.query.after", "string", "Cursor of the next page.", format);
		buf_char(out, '"');
		query_cursor_write(out, e->hash, &b->items[b->n - 1]);
		buf_char(out, '"');
	}
	if (e->groups)
		member(out, "norn.query.left_out", "Records of groups that are too many.",
		       query_groups_left_out(e->groups), format);
	if (r->keeper && r->keeper->progress) {
		buf_char(out, ',');
		field_write_name(out, "norn.query.progress", "object", "What was searched of logs.", format);
		field_write(out, &archive_progress_table, r->keeper->progress, format, ctx);
	}
	buf_char(out, '}');
}

static void write_head(struct buf *out, struct reply_format format, const struct field_selection *fields)
{
	if (format.csv)
		csv_write_head(out, fields);
	if (format.lines)
		return;
	buf_char(out, '{');
	field_write_name(out, "data", "vector[x]", "The records.", format.fields);
	buf_char(out, '[');
}

static void write_record(struct reader *r, const void *record, struct field_ctx *ctx)
{
	if (r->any && !r->format.lines)
		buf_char(&r->blocks.out, ',');
	r->any = true;
	if (r->format.csv)
		csv_write_record(&r->blocks.out, r->e.selection, record, ctx);
	else if (r->e.selection)
		field_selection_write(&r->blocks.out, r->e.selection, record, r->format.fields, ctx);
	else
		field_write(&r->blocks.out, r->e.record->table, record, r->format.fields, ctx);
	if (r->format.lines && !r->format.csv)
		buf_char(&r->blocks.out, '\n');
}

/* The candidate's record; NULL when it was evicted meanwhile. */
static const void *record_of(struct reader *r, const struct query_candidate *c)
{
	if (r->keeper)
		return r->keeper->record(r->keeper, r->api, c, &r->arena);
	return devices_fetch(&r->api->devices, (struct device_handle){c->handle[0], c->handle[1], c->handle[2]},
			     &r->arena);
}

static void write_slice(void *reader)
{
	struct reader *r = reader;
	struct field_ctx ctx;

	arena_reset(&r->arena);
	ctx = api_context(r->api, &r->arena);
	for (unsigned n = 0; n < SLICE && r->at < r->found.best.n && !budget_over(); n++, r->at++) {
		const void *record = record_of(r, &r->found.best.items[r->at]);

		if (record)
			write_record(r, record, &ctx);
	}
	r->blocks.ended = r->at == r->found.best.n || budget_over();
	if (r->blocks.ended && !r->format.lines) {
		buf_char(&r->blocks.out, ']');
		write_trailer(&r->blocks.out, r, &ctx);
	}
}

static ssize_t read_records(void *ctx, char *p, size_t max)
{
	return blocks_read(&((struct reader *) ctx)->blocks, p, max);
}

static void destroy_reader(void *ctx)
{
	struct reader *r = ctx;

	expression_finish(&r->e);
	free(r->found.best.items);
	if (r->keeper)
		r->keeper->destroy(r->keeper);
	arena_finish(&r->arena);
	buf_finish(&r->blocks.out);
	free(r);
}

static const struct reply_source source = {.read = read_records, .destroy = destroy_reader};

static struct field_selection *group_columns(void)
{
	struct field_selection *s = field_selection_create(&query_group_table);

	for (size_t i = 0; i < query_group_table.n_rows; i++)
		(void) field_selection_add(s, query_group_table.rows[i].name, NULL);
	return s;
}

static void write_groups(struct buf *out, struct reader *r, struct field_ctx *ctx)
{
	struct field_selection *columns = group_columns();
	const struct expression *e = &r->e;
	struct reply_format format = r->format;
	size_t n;
	const struct query_group *groups = query_groups_sorted(e->groups, &n);

	n = e->limit && e->limit < n ? e->limit : n;
	write_head(out, format, columns);
	if (!format.lines) {
		buf_str(out, "],");
		field_write_name(out, "norn.query.groups", "vector[x]", "The groups.", format.fields);
		buf_char(out, '[');
	}
	for (size_t i = 0; i < n && !budget_over(); i++) {
		if (format.csv) {
			csv_write_record(out, columns, &groups[i], ctx);
			continue;
		}
		if (i && !format.lines)
			buf_char(out, ',');
		field_write(out, &query_group_table, &groups[i], format.fields, ctx);
		if (format.lines)
			buf_char(out, '\n');
	}
	if (!format.lines) {
		buf_char(out, ']');
		write_trailer(out, r, ctx);
	}
	field_selection_destroy(columns);
}

void expression_reply(struct request *rq, struct reply *rp, struct expression *e, struct found *found,
		      struct record_keeper *keeper)
{
	struct reader *r = xnew(struct reader, 1);
	struct field_ctx ctx;

	*r = (struct reader){.api = request_context(rq),
			     .e = *e,
			     .found = *found,
			     .keeper = keeper,
			     .format = request_format(rq),
			     .blocks = {.next = write_slice, .ctx = r}};
	*e = (struct expression){0};
	*found = (struct found){0};
	if (!r->e.groups) {
		write_head(&r->blocks.out, r->format, r->e.selection);
		reply_stream(rp, &source, r);
		return;
	}
	ctx = api_context(r->api, &r->arena);
	write_groups(reply_buf(rp), r, &ctx);
	destroy_reader(r);
}
