#include "api/expression.h"

#include <stdlib.h>
#include <string.h>

#include "api/span.h"
#include "api/write.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "query/cursor.h"
#include "query/times.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"

#define SPAN_SEC 3600 /* where only its end is said */

/* clang-format off */
const struct argument expression_arguments[] = {
	{.name = "q", .type = ARGUMENT_TEXT, .doc = "Expression; without one all match."},
	{.name = "fields", .type = ARGUMENT_ANY, .doc = "Names and field paths that are wanted: a list, or a text with commas."},
	{.name = "sort", .type = ARGUMENT_NAME, .doc = "Name or field path that orders them; - before it: the greatest first."},
	{.name = "limit", .type = ARGUMENT_WHOLE, .doc = "Most records of a reply."},
	{.name = "after", .type = ARGUMENT_NAME, .doc = "Cursor of the page before."},
	{.name = "group", .type = ARGUMENT_NAME, .doc = "Name or field path by whose values records are counted."},
	{.name = "from", .type = ARGUMENT_TEXT, .doc = "Where a span of time begins, of which memory and logs are asked: a time, or \"-2h\" before now; an hour before `to` when it is missing. Devices and sightings."},
	{.name = "to", .type = ARGUMENT_TEXT, .doc = "Where it ends; now when it is missing."},
	{.name = "histogram", .type = ARGUMENT_NAME, .doc = "Span of time by which records are counted, such as 60s."},
	{.name = NULL},
};
/* clang-format on */

static int fail_name(struct reply *rp, const struct query_record *record, const char *argument, const char *name)
{
	const char *like = query_names_like(record, name);

	reply_error(rp, 400,
		    "Invalid request: '%s' names '%.64s', which %s do not have%s%s; /query/names.json lists them.",
		    argument, name, record->name, like ? "; there is " : "", like ? like : "");
	return ERR_MALFORMED;
}

/* Adds a name or field path, under the name that the caller used; false for an unknown one. */
static bool select_one(struct field_selection *to, const struct query_record *record, const char *name,
		       const char *alias)
{
	const char *path = query_shown_path(record, name);

	if (!path && strchr(name, '.')) /* a path that names nothing finds nothing, as in other lists */
		path = name;
	return path && field_selection_add(to, path, alias ? alias : path == name ? NULL : name) >= 0;
}

/* "name,mac,kismet.device.base.type" */
static int select_text(struct reply *rp, struct expression *e, const char *text)
{
	char *names = xstrdup(text), *save = NULL;
	int r = 0;

	for (char *name = strtok_r(names, ", ", &save); name && r >= 0; name = strtok_r(NULL, ", ", &save))
		if (!select_one(e->selection, e->record, name, NULL))
			r = fail_name(rp, e->record, "fields", name);
	free(names);
	return r;
}

/* A list of names, or of [name, name that it is to have]. */
static int select_list(struct reply *rp, struct expression *e, const struct json_in *list)
{
	for (size_t i = 0; i < json_in_count(list); i++) {
		const struct json_in *item = json_in_at(list, i);
		bool pair = json_in_is_list(item) && json_in_count(item) == 2;
		const char *name = json_in_text(pair ? json_in_at(item, 0) : item);
		const char *alias = pair ? json_in_text(json_in_at(item, 1)) : NULL;

		if (!name || (pair && !alias)) {
			reply_error(rp, 400, "Invalid request: a field is a name or [name, name in the reply].");
			return ERR_MALFORMED;
		}
		if (!select_one(e->selection, e->record, name, alias))
			return fail_name(rp, e->record, "fields", name);
	}
	return 0;
}

static int read_fields(struct request *rq, struct reply *rp, struct expression *e)
{
	const struct json_in *list = json_in_get(request_command(rq), "fields");
	const char *text = json_in_is_list(list) ? NULL : request_text(rq, "fields");
	int r;

	if (request_format(rq).csv && (!text || !*text) && json_in_count(list) == 0)
		text = e->record->columns;
	if ((!text || !*text) && json_in_count(list) == 0)
		return 0;
	e->selection = field_selection_create(e->record->table);
	r = text && *text ? select_text(rp, e, text) : select_list(rp, e, list);
	if (r >= 0 && field_selection_count(e->selection) == 0)
		field_selection_destroy(TAKE(e->selection));
	return r;
}

static int read_program(struct request *rq, struct reply *rp, struct expression *e)
{
	const char *q = request_text(rq, "q");
	const char *order = request_text(rq, "sort");
	struct query_error error;

	q = q ? q : "";
	e->program = query_compile(e->record, q, strlen(q), clock_server_sec(), &error);
	if (!e->program) {
		reply_error(rp, 400, "Invalid query. %s.", error.text);
		return ERR_MALFORMED;
	}
	e->hash = query_cursor_hash(e->record->name, q, strlen(q), order ? order : "");
	return 0;
}

static int read_order(struct request *rq, struct reply *rp, struct expression *e)
{
	const char *name = request_text(rq, "sort"), *path;

	if (!name || !*name)
		return 0;
	e->descending = *name == '-';
	name += e->descending;
	path = query_shown_path(e->record, name);
	if (!path || field_path_compile(e->record->table, path, strlen(path), &e->sort) < 0)
		return fail_name(rp, e->record, "sort", name);
	e->sorted = true;
	return 0;
}

static int read_page(struct request *rq, struct reply *rp, struct expression *e)
{
	const char *limit = request_text(rq, "limit"), *after = request_text(rq, "after");
	char *end = NULL;
	int r;

	if (limit && *limit) {
		e->limit = strtoull(limit, &end, 10);
		if (*limit < '0' || *limit > '9' || *end || e->limit < 1 || e->limit > EXPRESSION_LIMIT_MOST) {
			reply_error(rp, 400, "Invalid request: 'limit' is a number from 1 to %d.",
				    EXPRESSION_LIMIT_MOST);
			return ERR_MALFORMED;
		}
	}
	if (!after || !*after)
		return 0;
	r = query_cursor_read(after, e->hash, &e->after);
	if (r < 0)
		reply_error(rp, 400, "Invalid request: 'after' is %s.",
			    r == ERR_DENIED ? "the cursor of another query: it goes with the q and sort that it came of"
					    : "no cursor, which is norn.query.after of the page before");
	e->has_after = r >= 0;
	return r;
}

static int read_groups(struct request *rq, struct reply *rp, struct expression *e)
{
	const char *group = request_text(rq, "group"), *width = request_text(rq, "histogram"), *path = NULL;
	double sec = 0;

	if (group && *group) {
		path = query_shown_path(e->record, group);
		if (!path)
			return fail_name(rp, e->record, "group", group);
	}
	if (width && *width && (!query_duration_read(width, &sec) || sec < 1)) {
		reply_error(rp, 400,
			    "Invalid request: 'histogram' is a duration of a second or more: 60s, 5m, 1h, 1d.");
		return ERR_MALFORMED;
	}
	if (path || sec > 0)
		e->groups = query_groups_create(e->record, path, sec);
	return 0;
}

/* Views are of the model as it is now. */
static int read_span(struct request *rq, struct reply *rp, bool spans, struct expression *e)
{
	e->has_span = request_text(rq, "from") || request_text(rq, "to");
	if (!e->has_span)
		return 0;
	if (!spans) {
		reply_error(rp, 400,
			    "Invalid request: 'from' and 'to' are not taken of %s; the expression may name times.",
			    e->record->name);
		return ERR_UNSUPPORTED;
	}
	if (query_program_view(e->program)) {
		reply_error(rp, 400, "Invalid request: views are of now; leave out 'view:', or 'from' and 'to'.");
		return ERR_UNSUPPORTED;
	}
	return api_span(rq, rp, SPAN_SEC, &e->from_sec, &e->to_sec) ? 0 : ERR_MALFORMED;
}

int expression_read(struct request *rq, struct reply *rp, const struct query_record *record, bool spans,
		    struct expression *ret)
{
	int r;

	*ret = (struct expression){.record = record};
	r = read_program(rq, rp, ret);
	if (r >= 0)
		r = read_span(rq, rp, spans, ret);
	if (r >= 0)
		r = read_fields(rq, rp, ret);
	if (r >= 0)
		r = read_order(rq, rp, ret);
	if (r >= 0)
		r = read_page(rq, rp, ret);
	if (r >= 0)
		r = read_groups(rq, rp, ret);
	if (r >= 0)
		ret->run = query_run_create(ret->program);
	return r;
}

void expression_finish(struct expression *e)
{
	query_groups_destroy(e->groups);
	query_run_destroy(e->run);
	query_program_destroy(e->program);
	field_selection_destroy(e->selection);
	*e = (struct expression){0};
}
