#include "api/api.h"
#include "base/clock.h"

struct field_ctx api_context(const struct api *api, struct arena *arena)
{
	return (struct field_ctx){.now_us = clock_server_us(),
				  .model_now = tracker_now(api->tracker),
				  .arena = arena,
				  .env = tracker_env(api->tracker)};
}

void api_write_list(struct request *rq, struct reply *rp, const struct field_table *table,
		    const void *records, size_t n)
{
	struct reply_format format = request_format(rq);
	struct arena arena = {0};
	struct field_ctx ctx = api_context(request_context(rq), &arena);
	struct buf *out = reply_buf(rp);

	if (!format.lines)
		buf_char(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i && !format.lines)
			buf_char(out, ',');
		field_write(out, table, (const char *) records + i * table->size, format.fields, &ctx);
		if (format.lines)
			buf_char(out, '\n');
	}
	if (!format.lines)
		buf_char(out, ']');
	arena_finish(&arena);
}

void api_write_record(struct request *rq, struct reply *rp, const struct field_table *table,
		      const void *record)
{
	struct reply_format format = request_format(rq);
	struct arena arena = {0};
	struct field_ctx ctx = api_context(request_context(rq), &arena);

	field_write(reply_buf(rp), table, record, format.fields, &ctx);
	if (format.lines)
		buf_char(reply_buf(rp), '\n');
	arena_finish(&arena);
}
