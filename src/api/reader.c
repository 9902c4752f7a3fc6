#include <stdlib.h>
#include <string.h>

#include "api/reader.h"
#include "api/blocks.h"
#include "api/query.h"
#include "api/write.h"
#include "base/budget.h"
#include "base/mem.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"

struct device_reader {
	struct api *api;
	struct device_query query;
	struct tracker_walk walk;
	struct handle_list handles; /* instead of a walk */
	bool listed;
	uint32_t at;
	struct arena arena;
	struct blocks blocks;
	struct buf after;
	struct reply_format format;
	bool keyed, any;
};

static void write_record(struct device_reader *r, const void *record, struct field_ctx *ctx)
{
	char text[KEY_TEXT_SIZE];

	if (!page_match(&r->query.conditions, record, ctx))
		return;
	if (r->any && !r->format.lines)
		buf_char(&r->blocks.out, ',');
	r->any = true;
	if (r->keyed && !r->format.lines) {
		struct key key = r->query.kind->key(record);

		key_format(&key, text);
		buf_printf(&r->blocks.out, "\"%s\":", text);
	}
	if (r->query.selection)
		field_selection_write(&r->blocks.out, r->query.selection, record, r->format.fields, ctx);
	else
		field_write(&r->blocks.out, r->query.kind->table, record, r->format.fields, ctx);
	if (r->format.lines)
		buf_char(&r->blocks.out, '\n');
}

/* The next devices of the list; 0 at its end. */
static uint32_t next_listed(struct device_reader *r, void *records[TRACK_SLICE])
{
	uint32_t n = 0;

	while (n < TRACK_SLICE && r->at < r->handles.count && !budget_over()) {
		records[n] = r->query.kind->fetch(r->api, r->handles.items[r->at++], &r->arena);
		n += records[n] != NULL;
	}
	return n;
}

static void write_slice(void *reader)
{
	struct device_reader *r = reader;
	void *records[TRACK_SLICE];
	struct device_handle handles[TRACK_SLICE];
	struct field_ctx ctx;
	uint32_t n;

	arena_reset(&r->arena);
	n = r->listed ? next_listed(r, records) : r->query.kind->next(r->api, &r->walk, records, handles);
	ctx = api_context(r->api, &r->arena);
	for (uint32_t i = 0; i < n; i++)
		write_record(r, records[i], &ctx);
	r->blocks.ended = n == 0;
	if (r->blocks.ended)
		buf_add(&r->blocks.out, r->after.p, r->after.len);
}

static ssize_t read_devices(void *ctx, char *p, size_t max)
{
	return blocks_read(&((struct device_reader *) ctx)->blocks, p, max);
}

static void destroy_reader(void *ctx)
{
	struct device_reader *r = ctx;

	query_finish(&r->query);
	arena_finish(&r->arena);
	buf_finish(&r->blocks.out);
	buf_finish(&r->after);
	free(r->handles.items);
	free(r);
}

static const struct reply_source source = {.read = read_devices, .destroy = destroy_reader};

static struct device_reader *begin(struct request *rq, struct device_query *q, const char *before, const char *after)
{
	struct device_reader *r = xnew(struct device_reader, 1);

	r->blocks.next = write_slice;
	r->blocks.ctx = r;
	r->api = request_context(rq);
	r->format = request_format(rq);
	r->query = *q;
	*q = (struct device_query){.view = -1};
	if (!r->format.lines) {
		buf_str(&r->blocks.out, before);
		buf_str(&r->after, after);
	}
	return r;
}

void reply_walk(struct request *rq, struct reply *rp, struct device_query *q)
{
	struct device_reader *r = begin(rq, q, "[", "]");

	r->walk = (struct tracker_walk){.view = r->query.view, .since_sec = r->query.since_sec, .arena = &r->arena};
	reply_stream(rp, &source, r);
}

void reply_handles(struct request *rq, struct reply *rp, struct device_query *q, struct handle_list *handles,
		   bool keyed, const char *before, const char *after)
{
	struct device_reader *r = begin(rq, q, before, after);

	r->listed = true;
	r->keyed = keyed;
	r->handles = *handles;
	*handles = (struct handle_list){0};
	reply_stream(rp, &source, r);
}
