#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/write.h"
#include "api/api.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json_out.h"
#include "field/select.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"
#include "track/tracker.h"

struct field_ctx api_context(const struct api *api, struct arena *arena)
{
	return tracker_fields(api->tracker, arena);
}

/* One entry of `fields`: a path, or a path and the name it is to have. */
static int add_field(struct field_selection *s, const struct json_in *v)
{
	const char *path = json_in_text(v), *alias = NULL;

	if (json_in_is_list(v) && json_in_count(v) == 2) {
		path = json_in_text(json_in_at(v, 0));
		alias = json_in_text(json_in_at(v, 1));
		if (!alias)
			return ERR_MALFORMED;
	}
	return path ? field_selection_add(s, path, alias) : ERR_MALFORMED;
}

int api_fields(struct request *rq, struct reply *rp, const struct field_table *table,
	       struct field_selection **ret_selection)
{
	const struct json_in *fields = json_in_get(request_command(rq), "fields");
	struct field_selection *s;
	int r = 0;

	*ret_selection = NULL;
	if (!fields || (json_in_is_list(fields) && json_in_count(fields) == 0))
		return 0;
	if (!json_in_is_list(fields)) {
		reply_error(rp, 400, "Invalid request: 'fields' is a list of field paths.");
		return ERR_MALFORMED;
	}
	s = field_selection_create(table);
	for (size_t i = 0; i < json_in_count(fields) && r >= 0; i++)
		r = add_field(s, json_in_at(fields, i));
	if (r < 0) {
		field_selection_destroy(s);
		reply_error(rp, 400,
			    "Invalid request: a field is a path or [path, name], at most %d of "
			    "them and %d octets each.",
			    FIELD_SELECT_MAX, FIELD_PATH_BYTES - 1);
		return r;
	}
	*ret_selection = s;
	return 0;
}

static void write_one(struct buf *out, const struct field_table *table, const struct field_selection *s,
		      const void *record, struct reply_format format, struct field_ctx *ctx)
{
	if (s)
		field_selection_write(out, s, record, format.fields, ctx);
	else
		field_write(out, table, record, format.fields, ctx);
}

static void write_all(struct buf *out, const struct field_table *table, const struct field_selection *s,
		      const void *records, size_t n, struct reply_format format, struct field_ctx *ctx)
{
	if (!format.lines)
		buf_char(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i && !format.lines)
			buf_char(out, ',');
		write_one(out, table, s, (const char *) records + i * table->size, format, ctx);
		if (format.lines)
			buf_char(out, '\n');
	}
	if (!format.lines)
		buf_char(out, ']');
}

void api_write_list(struct request *rq, struct reply *rp, const struct field_table *table, const void *records,
		    size_t n)
{
	struct arena arena = {0};
	struct field_ctx ctx = api_context(request_context(rq), &arena);
	struct field_selection *s;

	if (api_fields(rq, rp, table, &s) < 0)
		return;
	write_all(reply_buf(rp), table, s, records, n, request_format(rq), &ctx);
	field_selection_destroy(s);
	arena_finish(&arena);
}

/* Writes the part that the path behind the extension names; 404 when there is none. */
static void write_subpath(struct request *rq, struct reply *rp, const struct field_table *table, const void *record,
			  struct field_ctx *ctx)
{
	const char *path = request_subpath(rq);
	struct field_path compiled;
	struct field_value v;

	if (field_path_compile(table, path, strlen(path), &compiled) < 0 || !compiled.row)
		reply_error(rp, 404, "The record has no such field.");
	else if (!field_path_first(&compiled, record, ctx, &v))
		field_write_empty(reply_buf(rp), compiled.row);
	else
		field_write_value(reply_buf(rp), &v, request_format(rq).fields, ctx);
}

void api_write_record(struct request *rq, struct reply *rp, const struct field_table *table, const void *record)
{
	struct reply_format format = request_format(rq);
	struct arena arena = {0};
	struct field_ctx ctx = api_context(request_context(rq), &arena);
	struct field_selection *s;

	if (*request_subpath(rq)) {
		write_subpath(rq, rp, table, record, &ctx);
	} else if (api_fields(rq, rp, table, &s) >= 0) {
		write_one(reply_buf(rp), table, s, record, format, &ctx);
		if (format.lines)
			buf_char(reply_buf(rp), '\n');
		field_selection_destroy(s);
	}
	arena_finish(&arena);
}

void api_write_wrapped(struct request *rq, struct reply *rp, const char *list_name, const struct field_table *table,
		       const void *records, size_t n, const char *time_name, double time)
{
	struct reply_format format = request_format(rq);
	struct arena arena = {0};
	struct field_ctx ctx = api_context(request_context(rq), &arena);
	struct buf *out = reply_buf(rp);
	struct field_selection *s;

	if (api_fields(rq, rp, table, &s) < 0)
		return;
	if (!format.lines) {
		buf_char(out, '{');
		field_write_name(out, list_name, "vector[x]", "The records.", format.fields);
	}
	write_all(out, table, s, records, n, format, &ctx);
	if (!format.lines) {
		buf_char(out, ',');
		field_write_name(out, time_name, "double", "Server second of this reply.", format.fields);
		json_real(out, time);
		buf_char(out, '}');
	}
	field_selection_destroy(s);
	arena_finish(&arena);
}

struct done {
	char result[256];
};
static const struct field done_rows[] = {
	FIELD(struct done, "norn.result", result, "What the command did, in words."),
};
struct field_table api_done_table = FIELD_TABLE(struct done, "done", done_rows);

void api_done(struct request *rq, struct reply *rp, const char *format, ...)
{
	struct done d;
	va_list args;

	va_start(args, format);
	(void) vsnprintf(d.result, sizeof(d.result), format, args);
	va_end(args);
	api_write_record(rq, rp, &api_done_table, &d);
}

bool api_since(struct reply *rp, const char *text, uint32_t *ret_sec)
{
	long long v;
	char *end;

	errno = 0;
	v = strtoll(text, &end, 10);
	if (end != text && *end == '.') /* seconds with a fraction are whole seconds here */
		(void) strtod(text, &end);
	if (end == text || *end || errno) {
		reply_error(rp, 400, "The time must be a number of seconds; negative: before now.");
		return false;
	}
	if (v < 0)
		v += (long long) clock_server_sec();
	*ret_sec = v < 0 ? 0 : v > UINT32_MAX ? UINT32_MAX : (uint32_t) v;
	return true;
}

bool api_key_param(struct request *rq, struct reply *rp, struct key *ret_key)
{
	const char *text = request_param(rq, "key");

	int r = key_parse(text, strlen(text), ret_key);

	if (r >= 0)
		return true;
	if (r == ERR_NOT_FOUND) {
		reply_error(rp, 404, "There is no device with that key.");
		return false;
	}
	reply_error(rp, 400, "A device key must be two hexadecimal numbers joined by '_'.");
	return false;
}
