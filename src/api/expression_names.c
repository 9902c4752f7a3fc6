/* /query/names and /query/complete: the manual of the language, and what may stand where a user types. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/expression_find.h"
#include "api/write.h"
#include "base/clock.h"
#include "base/mem.h"
#include "detect/alert_names.h"
#include "feed/message_names.h"
#include "feed/packet_names.h"
#include "query/complete.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"
#include "track/device_names.h"
#include "track/sighting_names.h"

#define CANDIDATES_MOST 32 /* of a completion */

static const struct query_record *const records[] = {&device_query, &sighting_query, &alert_query, &message_query,
						     &packet_query};

struct name_shown {
	const char *record, *name, *kind, *doc, *example;
	struct list fields;
	bool bare;
};
#define N struct name_shown
static const struct field path_elem = FIELD_ELEM_KIND(FIELD_STRING);
static const struct field name_rows[] = {
	{.name = "norn.query.record",
	 .doc = "Kind of records.",
	 .kind = FIELD_STRING,
	 .flags = FIELD_VIEW,
	 .offset = offsetof(N, record)},
	{.name = "norn.query.name",
	 .doc = "The name.",
	 .kind = FIELD_STRING,
	 .flags = FIELD_VIEW,
	 .offset = offsetof(N, name)},
	{.name = "norn.query.kind",
	 .doc = "What its values are.",
	 .kind = FIELD_STRING,
	 .flags = FIELD_VIEW,
	 .offset = offsetof(N, kind)},
	{.name = "norn.query.description",
	 .doc = "What it means.",
	 .kind = FIELD_STRING,
	 .flags = FIELD_VIEW,
	 .offset = offsetof(N, doc)},
	{.name = "norn.query.example",
	 .doc = "A term.",
	 .kind = FIELD_STRING,
	 .flags = FIELD_VIEW,
	 .offset = offsetof(N, example)},
	{.name = "norn.query.fields",
	 .doc = "Field paths that it looks at.",
	 .kind = FIELD_LIST,
	 .flags = FIELD_VIEW,
	 .offset = offsetof(N, fields),
	 .size = sizeof(char *),
	 .elem = &path_elem},
	FIELD(N, "norn.query.bare", bare, "A word without a name is looked for in it."),
};
static struct field_table name_table = FIELD_TABLE(N, "query name", name_rows);

/* Paths without an extension, too. */
static void show_json(struct request *rq, struct reply *rp)
{
	if (!request_route(rq)->formats)
		reply_type(rp, "application/json");
}

static N shown(const struct query_record *record, const struct query_name *row)
{
	uint32_t n = 0;

	while (n < QUERY_PATHS_MAX && row->paths[n])
		n++;
	return (N){.record = record->name,
		   .name = row->name,
		   .kind = query_kind_text(row->kind),
		   .doc = row->doc,
		   .example = row->example,
		   .fields = {(void *) (uintptr_t) row->paths, n, n},
		   .bare = row->bare};
}

static void names(struct request *rq, struct reply *rp)
{
	N *all = NULL;
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(records); i++) {
		const struct query_name *row;

		for (size_t k = 0; (row = query_names_at(records[i], k)); k++) {
			xgrow(all, n + 1);
			all[n++] = shown(records[i], row);
		}
	}
	show_json(rq, rp);
	api_write_list(rq, rp, &name_table, all, n);
	free(all);
}

/* One text that may stand at the position. */
struct candidate {
	char text[QUERY_VALUE_SIZE + 4];
	const char *kind, *doc;
	uint64_t count;
};
struct completion {
	uint64_t from, at, error_at, error_length;
	const char *want;
	char error[QUERY_ERROR_SIZE];
	LIST(struct candidate) candidates;
};
#define C struct candidate
static const struct field candidate_rows[] = {
	FIELD(C, "norn.query.text", text, "What may stand there."),
	{.name = "norn.query.kind",
	 .doc = "What it is: name, word, operator or value.",
	 .kind = FIELD_STRING,
	 .flags = FIELD_VIEW,
	 .offset = offsetof(C, kind)},
	{.name = "norn.query.description",
	 .doc = "What it means.",
	 .kind = FIELD_STRING,
	 .flags = FIELD_VIEW,
	 .offset = offsetof(C, doc)},
	FIELD(C, "norn.query.count", count, "How many devices have the value."),
};
static struct field_table candidate_table = FIELD_TABLE(C, "query candidate", candidate_rows);
static const struct field candidate_self = FIELD_ELEM_SELF(&candidate_table);
#define X struct completion
static bool has_error(const void *obj)
{
	return *((const X *) obj)->error;
}
static const struct field completion_rows[] = {
	FIELD(X, "norn.query.from", from, "Octet at which what is typed begins."),
	FIELD(X, "norn.query.at", at, "Octet at which it is completed."),
	{.name = "norn.query.want",
	 .doc = "What may stand there: term, operator or value.",
	 .kind = FIELD_STRING,
	 .flags = FIELD_VIEW,
	 .offset = offsetof(X, want)},
	FIELD_MANY(X, "norn.query.candidates", candidates, &candidate_self,
		   "What may stand there, the likeliest first."),
	FIELD(X, "norn.query.error", error, "What is wrong with the whole expression.", .present = has_error),
	FIELD(X, "norn.query.error_at", error_at, "Octet at which that is.", .present = has_error),
	FIELD(X, "norn.query.error_length", error_length, "Octets that it is about.", .present = has_error),
};
static struct field_table completion_table = FIELD_TABLE(X, "query completion", completion_rows);

static void add(X *x, const char *typed, size_t n, C c)
{
	if (x->candidates.count == CANDIDATES_MOST || strncasecmp(c.text, typed, n) != 0)
		return;
	xgrow(x->candidates.items, x->candidates.count + 1);
	x->candidates.items[x->candidates.count++] = c;
}

static void add_text(X *x, const char *typed, size_t n, const char *text, const char *kind, const char *doc)
{
	C c = {.kind = kind, .doc = doc};

	(void) snprintf(c.text, sizeof(c.text), "%s", text);
	add(x, typed, n, c);
}

static void complete_term(X *x, const struct query_record *record, bool behind, const char *typed, size_t n)
{
	const struct query_name *row;

	if (behind) {
		add_text(x, typed, n, "and", "word", "Both have to match, as without it.");
		add_text(x, typed, n, "or", "word", "Either is enough.");
	}
	add_text(x, typed, n, "not", "word", "What follows must not match.");
	for (size_t i = 0; (row = query_names_at(record, i)); i++)
		add_text(x, typed, n, row->name, "name", row->doc);
}

/* A value as it is written: in quotation marks where it has more than letters. */
static void quote(const char *value, char ret[QUERY_VALUE_SIZE + 4])
{
	size_t n = 0;

	if (*value && !value[strcspn(value, " \t()\",\\*?/")]) {
		(void) snprintf(ret, QUERY_VALUE_SIZE + 4, "%s", value);
		return;
	}
	ret[n++] = '"';
	for (; *value && n < QUERY_VALUE_SIZE; value++) {
		if (*value == '"' || *value == '\\')
			ret[n++] = '\\';
		ret[n++] = *value;
	}
	ret[n++] = '"';
	ret[n] = '\0';
}

/* Values of a name that devices have, the most frequent first. */
static void complete_values(struct request *rq, struct reply *rp, X *x, const struct query_name *name,
			    const char *typed, size_t n)
{
	struct expression e = {.record = &device_query};
	struct query_error error;
	struct found found;
	const struct query_group *groups;
	size_t n_groups, quoted = n && *typed == '"';

	e.program = query_compile(&device_query, "", 0, clock_server_sec(), &error);
	e.run = query_run_create(e.program);
	e.groups = query_groups_create(&device_query, query_shown_path(&device_query, name->name), 0);
	if (expression_find_devices(rq, rp, &e, &found) >= 0) {
		groups = query_groups_sorted(e.groups, &n_groups);
		for (size_t i = 0; i < n_groups; i++) {
			C c = {.kind = "value", .count = groups[i].count};

			if (!*groups[i].value || strncasecmp(groups[i].value, typed + quoted, n - quoted) != 0)
				continue;
			quote(groups[i].value, c.text);
			add(x, "", 0, c);
		}
	}
	free(found.best.items);
	expression_finish(&e);
}

static void complete_value(struct request *rq, struct reply *rp, X *x, const struct query_record *record,
			   const struct query_name *name, const char *typed, size_t n)
{
	bool texts = name->kind == QUERY_TEXT || name->kind == QUERY_WORDS || name->kind == QUERY_EXACT ||
		     name->kind == QUERY_CHANNEL;

	for (const struct query_word *w = name->words; w && w->text; w++)
		add_text(x, typed, n, w->text, "value", "");
	if (name->kind == QUERY_FLAG) {
		add_text(x, typed, n, "yes", "value", "");
		add_text(x, typed, n, "no", "value", "");
	}
	if (texts && record == &device_query)
		complete_values(rq, rp, x, name, typed, n);
	if (name->example && !x->candidates.count)
		add_text(x, "", 0, name->example + strcspn(name->example, ":=<>~") + 1, "value",
			 query_kind_text(name->kind));
}

static const struct query_record *record_of(struct request *rq, struct reply *rp)
{
	const char *name = request_text(rq, "record");

	for (size_t i = 0; i < ARRAY_SIZE(records); i++)
		if (!name || !*name || strcmp(records[i]->name, name) == 0)
			return records[i];
	reply_error(rp, 400, "Invalid request: 'record' is devices, sightings, alerts, messages or packets.");
	return NULL;
}

static void check(X *x, const struct query_record *record, const char *q)
{
	struct query_error error;
	struct query_program *p = query_compile(record, q, strlen(q), clock_server_sec(), &error);

	if (!p) {
		(void) snprintf(x->error, sizeof(x->error), "%s", error.text);
		x->error_at = error.at;
		x->error_length = error.n;
	}
	query_program_destroy(p);
}

static void complete(struct request *rq, struct reply *rp)
{
	static const char *const wants[] = {[WANT_TERM] = "term", [WANT_OP] = "operator", [WANT_VALUE] = "value"};
	const struct query_record *record = record_of(rq, rp);
	const char *q = request_text(rq, "q"), *at = request_text(rq, "at");
	struct query_position p;
	X x = {0};
	char *end;

	q = q ? q : "";
	x.at = at && *at ? strtoull(at, &end, 10) : strlen(q);
	if (!record)
		return;
	if (strlen(q) > QUERY_TEXT_MAX || x.at > strlen(q) || (at && *at && (*at < '0' || *at > '9' || *end))) {
		reply_error(rp, 400, "Invalid request: 'at' is an octet of 'q', which has at most %d.", QUERY_TEXT_MAX);
		return;
	}
	query_position_find(record, q, x.at, &p);
	x.from = p.from;
	x.want = wants[p.want];
	if (p.want == WANT_VALUE && p.name)
		complete_value(rq, rp, &x, record, p.name, q + p.from, x.at - p.from);
	else if (p.want != WANT_VALUE)
		complete_term(&x, record, p.behind, q + p.from, x.at - p.from);
	check(&x, record, q);
	show_json(rq, rp);
	api_write_record(rq, rp, &completion_table, &x);
	free(x.candidates.items);
}

/* clang-format off */
static const struct argument complete_arguments[] = {
	{.name = "q", .type = ARGUMENT_TEXT, .doc = "The expression."},
	{.name = "at", .type = ARGUMENT_WHOLE, .doc = "Octet at which it is to be completed; its end where there is none."},
	{.name = "record", .type = ARGUMENT_NAME, .doc = "devices, sightings, alerts, messages or packets; devices where there is none."},
	{.name = NULL},
};
#define COMPLETE(...) {.methods = METHOD_BOTH, .path = "/query/complete", .right = RIGHT_READ, .handle = complete, \
	.record = &completion_table, .shape = SHAPE_RECORD, .flags = ROUTE_WORK, .arguments = complete_arguments, __VA_ARGS__}
#define NAMES(...) {.methods = METHOD_BOTH, .path = "/query/names", .right = RIGHT_READ, .handle = names, \
	.record = &name_table, .shape = SHAPE_LIST, __VA_ARGS__}
static const struct route routes[] = {
	NAMES(.formats = "*", .doc = "The names that expressions may use, with what they mean."),
	NAMES(.doc = "The same as JSON."),
	COMPLETE(.formats = "*", .doc = "What may stand at a position of an expression."),
	COMPLETE(.doc = "The same as JSON."),
};
/* clang-format on */
const struct route_table api_query_name_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
