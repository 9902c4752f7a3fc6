/* The interface as an OpenAPI 3.1 document, from the tables of routes and of fields. */
#include <stdio.h>
#include <string.h>

#include "api/api.h"
#include "base/json_out.h"
#include "field/table.h"
#include "serve/argument.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"
#include "serve/server.h"

#define SERIALIZERS "json,prettyjson,ekjson,itjson,tjson,cmd,jcmd"
#define PATH_SIZE 256

static void text(struct buf *out, const char *s)
{
	json_text(out, s, strlen(s));
}

/* "name": "value" behind a comma. */
static void member(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, ",\"%s\":", name);
	text(out, value);
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static void words(struct buf *out, const char *s)
{
	for (; *s; s++)
		buf_char(out, is_word(*s) ? *s : '_');
}

/* A component's name: the record's type, numbered when tables share it. */
static void component(struct buf *out, const struct field_table *table)
{
	const struct field_table *const *tables;
	size_t n = field_tables(&tables), same = 1;

	words(out, table->type);
	for (size_t i = 0; i < n && tables[i] != table; i++)
		same += strcmp(tables[i]->type, table->type) == 0;
	if (same > 1)
		buf_printf(out, "_%zu", same);
}

static void reference(struct buf *out, const struct field_table *table)
{
	buf_str(out, "{\"$ref\":\"#/components/schemas/");
	component(out, table);
	buf_str(out, "\"}");
}

/* The schema of what a kind writes, for those that nest nothing. */
static const char *plain_schema(enum field_kind kind)
{
	switch (kind) {
	case FIELD_BOOL: return "\"type\":\"integer\",\"enum\":[0,1]";
	case FIELD_U8:
	case FIELD_U16:
	case FIELD_U32:
	case FIELD_U64:
	case FIELD_GET_U64: return "\"type\":\"integer\",\"minimum\":0";
	case FIELD_I8:
	case FIELD_I16:
	case FIELD_I32:
	case FIELD_I64:
	case FIELD_GET_I64: return "\"type\":\"integer\"";
	case FIELD_FLOAT:
	case FIELD_REAL:
	case FIELD_GET_REAL: return "\"type\":\"number\"";
	default: return "\"type\":\"string\"";
	}
}

static void row_schema(struct buf *out, const struct field *row);

static void row_schema(struct buf *out, const struct field *row)
{
	buf_char(out, '{');
	switch ((enum field_kind) row->kind) {
	case FIELD_OBJECT:
	case FIELD_POINTER:
	case FIELD_GET_OBJECT:
		buf_str(out, "\"$ref\":\"#/components/schemas/");
		component(out, row->table);
		buf_char(out, '"');
		break;
	case FIELD_ARRAY:
	case FIELD_LIST:
	case FIELD_GET_LIST:
		buf_str(out, "\"type\":\"array\",\"items\":");
		row_schema(out, row->elem);
		break;
	case FIELD_MAP:
		buf_str(out, "\"type\":\"object\",\"additionalProperties\":");
		row_schema(out, row->elem);
		break;
	default: buf_str(out, plain_schema(row->kind));
	}
	if (row->doc && *row->doc)
		member(out, "description", row->doc);
	if (*row->name)
		member(out, "x-norn-type", field_type_name(row));
	buf_char(out, '}');
}

static void table_schema(struct buf *out, const struct field_table *table)
{
	bool any = false;

	buf_char(out, '"');
	component(out, table);
	buf_str(out, "\":{\"type\":\"object\"");
	member(out, "title", table->type);
	buf_str(out, ",\"properties\":{");
	for (size_t i = 0; i < table->n_rows; i++) {
		const struct field *row = &table->rows[i];

		if ((row->flags & FIELD_HIDDEN) || !*row->name)
			continue;
		if (any)
			buf_char(out, ',');
		any = true;
		text(out, row->name);
		buf_char(out, ':');
		row_schema(out, row);
	}
	buf_str(out, "}}");
}

static void item_schema(struct buf *out, const struct route *r)
{
	if (r->record)
		reference(out, r->record);
	else
		buf_str(out, "{}");
}

static void list_schema(struct buf *out, const struct route *r)
{
	buf_str(out, "{\"type\":\"array\",\"items\":");
	item_schema(out, r);
	buf_char(out, '}');
}

/* A list, or in paged modes an object with it as `data`. */
static void page_schema(struct buf *out, const struct route *r)
{
	buf_str(out, "{\"anyOf\":[");
	list_schema(out, r);
	buf_str(out, ",{\"type\":\"object\",\"required\":[\"data\"],\"properties\":{\"data\":");
	list_schema(out, r);
	buf_str(out, "}}]}");
}

static void object_schema(struct buf *out, const struct route *r)
{
	buf_str(out, "{\"type\":\"object\",\"additionalProperties\":");
	item_schema(out, r);
	buf_char(out, '}');
}

/* One list and one number, whose names are the section's. */
static void wrapped_schema(struct buf *out, const struct route *r)
{
	buf_str(out, "{\"type\":\"object\",\"minProperties\":2,\"maxProperties\":2,"
		     "\"additionalProperties\":{\"anyOf\":[{\"type\":\"number\"},");
	list_schema(out, r);
	buf_str(out, "]}}");
}

static void text_schema(struct buf *out, const struct route *r)
{
	(void) r;
	buf_str(out, "{\"type\":\"string\"}");
}

static void bytes_schema(struct buf *out, const struct route *r)
{
	(void) r;
	buf_str(out, "{}");
}

static const struct shape {
	const char *mime; /* NULL: no content */
	void (*schema)(struct buf *out, const struct route *r);
} shapes[] = {
	[SHAPE_LIST] = {"application/json", list_schema},
	[SHAPE_RECORD] = {"application/json", item_schema},
	[SHAPE_OBJECT] = {"application/json", object_schema},
	[SHAPE_PAGE] = {"application/json", page_schema},
	[SHAPE_WRAPPED] = {"application/json", wrapped_schema},
	[SHAPE_TEXT] = {"*/*", text_schema},
	[SHAPE_HTML] = {"text/html", text_schema},
	[SHAPE_PCAPNG] = {"application/vnd.tcpdump.pcap", bytes_schema},
	[SHAPE_PCAP] = {"application/vnd.tcpdump.pcap", bytes_schema},
	[SHAPE_WEBSOCKET] = {NULL, NULL},
};

static void responses(struct buf *out, const struct route *r)
{
	const struct shape *s = &shapes[r->shape];

	if (s->mime) {
		buf_printf(out,
			   ",\"responses\":{\"200\":{\"description\":\"The reply.\",\"content\":{\"%s\":"
			   "{\"schema\":",
			   s->mime);
		s->schema(out, r);
		buf_str(out, "}}}");
	} else {
		buf_str(out, ",\"responses\":{\"101\":{\"description\":\"A websocket with messages of JSON.\"}");
	}
	for (size_t i = 0; i < ROUTE_REFUSALS && r->refusals[i].status; i++) {
		buf_printf(out, ",\"%u\":{\"$ref\":\"#/components/responses/refusal\",\"description\":",
			   r->refusals[i].status);
		text(out, r->refusals[i].when);
		buf_char(out, '}');
	}
	buf_str(out, ",\"4XX\":{\"$ref\":\"#/components/responses/refusal\"},"
		     "\"5XX\":{\"$ref\":\"#/components/responses/refusal\"}}");
}

/* The right that a route needs: `roles` are those that a cookie or key must have, as a JSON list. */
static void security(struct buf *out, enum right right)
{
	static const char *const roles[] = {
		[RIGHT_READ] = "[]",
		[RIGHT_LOGIN] = "[]",
		[RIGHT_WEBGPS] = "[\"WEBGPS\"]",
		[RIGHT_REPORT] = "[\"scanreport\"]",
		[RIGHT_SOURCE] = "[\"datasource\"]",
		[RIGHT_ADSB] = "[\"ADSB\"]",
		[RIGHT_ADMIN] = "[\"admin\"]",
	};

	buf_str(out, ",\"security\":[");
	if (right != RIGHT_OPEN)
		buf_printf(out, "%s{\"basic\":[]},{\"cookie\":%s},{\"key\":%s}", right == RIGHT_READ ? "{}," : "",
			   roles[right], roles[right]);
	buf_char(out, ']');
}

static void path_text(const struct route *r, char *ret, size_t size)
{
	bool several = r->formats && (*r->formats == '*' || strchr(r->formats, ','));

	(void) snprintf(ret, size, "%s%s%s", r->path, r->formats ? "." : "",
			!r->formats ? ""
			: several   ? "{extension}"
				    : r->formats);
}

static void extensions(struct buf *out, const struct route *r)
{
	const char *list = *r->formats == '*' ? SERIALIZERS : r->formats;

	buf_str(out, "\"enum\":[\"");
	for (; *list; list++)
		buf_str(out, *list == ',' ? "\",\"" : (char[]){*list, '\0'});
	if (strcmp(r->formats, "*,csv") == 0)
		buf_str(out, "\",\"csv");
	buf_str(out, "\"]");
}

static void parameters(struct buf *out, const struct route *r, const char *path)
{
	bool any = false;

	buf_str(out, ",\"parameters\":[");
	for (const char *p = strchr(path, '{'); p; p = strchr(p, '{')) {
		size_t n = strcspn(++p, "}");

		buf_printf(out,
			   "%s{\"name\":\"%.*s\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"string\"",
			   any ? "," : "", (int) n, p);
		any = true;
		if (n == 9 && strncmp(p, "extension", n) == 0) {
			buf_char(out, ',');
			extensions(out, r);
		}
		buf_str(out, "}}");
	}
	buf_char(out, ']');
}

static void argument_schema(struct buf *out, const struct argument *a)
{
	static const char *const schemas[] = {
		[ARGUMENT_NAME] = "\"type\":\"string\"",
		[ARGUMENT_TEXT] = "\"type\":[\"string\",\"number\"]",
		[ARGUMENT_NUMBER] = "\"type\":[\"number\",\"string\"]",
		[ARGUMENT_WHOLE] = "\"type\":[\"integer\",\"string\"]",
		[ARGUMENT_TRUTH] = "\"enum\":[true,false,1,0]",
		[ARGUMENT_ADDRESS] = "\"type\":\"string\"",
		[ARGUMENT_LIST] = "\"type\":\"array\"",
		[ARGUMENT_TEXTS] = "\"type\":\"array\",\"items\":{\"type\":[\"string\",\"number\"]}",
		[ARGUMENT_OBJECT] = "\"type\":\"object\"",
	};

	text(out, a->name);
	buf_str(out, ":{");
	if (a->type != ARGUMENT_ANY)
		buf_printf(out, "%s,", schemas[a->type]);
	buf_str(out, "\"description\":");
	text(out, a->doc);
	buf_char(out, '}');
}

/* What POST takes: a command with the route's arguments. */
static void command_body(struct buf *out, const struct argument *arguments)
{
	bool any = false;

	if (!arguments) {
		buf_str(out, ",\"requestBody\":{\"$ref\":\"#/components/requestBodies/command\"}");
		return;
	}
	buf_str(out, ",\"requestBody\":{\"content\":{\"application/"
		     "json\":{\"schema\":{\"type\":\"object\",\"properties\":{");
	for (const struct argument *a = arguments; a->name; a++) {
		if (a != arguments)
			buf_char(out, ',');
		argument_schema(out, a);
	}
	buf_str(out, "},\"required\":[");
	for (const struct argument *a = arguments; a->name; a++) {
		if (!a->needed)
			continue;
		if (any)
			buf_char(out, ',');
		any = true;
		text(out, a->name);
	}
	buf_str(out, "]}},\"application/x-www-form-urlencoded\":{\"schema\":{\"type\":\"object\",\"properties\":"
		     "{\"json\":{\"type\":\"string\"}}}}}}");
}

static void operation(struct buf *out, const struct route *r, const char *method, const char *path)
{
	buf_printf(out, "\"%s\":{\"operationId\":\"%s", method, method);
	words(out, path);
	buf_char(out, '"');
	member(out, "summary", r->doc);
	parameters(out, r, path);
	if (strcmp(method, "post") == 0)
		command_body(out, r->arguments);
	security(out, r->right);
	responses(out, r);
	buf_char(out, '}');
}

/* The routes of one path, each method by the first that takes it, as requests find them. */
static void path_item(struct buf *out, const struct route_table *const *tables, const char *path)
{
	const struct route *r;
	uint8_t done = 0;

	text(out, path);
	buf_str(out, ":{");
	for (size_t i = 0; (r = route_at(tables, i)); i++) {
		char own[PATH_SIZE];
		uint8_t fresh = r->methods & (uint8_t) ~done;

		path_text(r, own, sizeof(own));
		if (!fresh || strcmp(own, path) != 0)
			continue;
		if (done)
			buf_char(out, ',');
		if (fresh & METHOD_GET)
			operation(out, r, "get", path);
		if (fresh == METHOD_BOTH)
			buf_char(out, ',');
		if (fresh & METHOD_POST)
			operation(out, r, "post", path);
		done |= fresh;
	}
	buf_char(out, '}');
}

/* True if no route before that number has the path. */
static bool is_first(const struct route_table *const *tables, size_t number, const char *path)
{
	char other[PATH_SIZE];

	for (size_t i = 0; i < number; i++) {
		path_text(route_at(tables, i), other, sizeof(other));
		if (strcmp(other, path) == 0)
			return false;
	}
	return true;
}

static void all_paths(struct buf *out, const struct route_table *const *tables)
{
	const struct route *r;
	char path[PATH_SIZE];

	for (size_t i = 0; (r = route_at(tables, i)); i++) {
		path_text(r, path, sizeof(path));
		if (!is_first(tables, i, path))
			continue;
		if (i)
			buf_char(out, ',');
		path_item(out, tables, path);
	}
}

static void all_schemas(struct buf *out)
{
	const struct field_table *const *tables;
	size_t n = field_tables(&tables);

	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_char(out, ',');
		table_schema(out, tables[i]);
	}
}

static const char head[] =
	"{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"norn\",\"version\":\"" NORN_VERSION "\",\"description\":\""
	"The extension of a path says how the reply is written: json, cmd and jcmd are JSON, prettyjson has a "
	"description before each member, ekjson and itjson one record a line, tjson names with _ for a dot. "
	"Members that say nothing are absent; `fields` of a command selects and renames them.\","
	"\"license\":{\"name\":\"MIT\",\"identifier\":\"MIT\"}},"
	"\"servers\":[{\"url\":\".\"}],\"paths\":{";
static const char tail[] =
	"},\"responses\":{\"refusal\":{\"description\":\"A sentence that says what is wrong.\","
	"\"content\":{\"text/plain\":{\"schema\":{\"type\":\"string\"}}}}},"
	"\"requestBodies\":{\"command\":{\"description\":\"The command, as a body or the form variable json.\","
	"\"content\":{\"application/json\":{\"schema\":{\"type\":\"object\"}},"
	"\"application/x-www-form-urlencoded\":{\"schema\":{\"type\":\"object\",\"properties\":"
	"{\"json\":{\"type\":\"string\"}}}}}}},"
	"\"securitySchemes\":{\"basic\":{\"type\":\"http\",\"scheme\":\"basic\"},"
	"\"cookie\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"KISMET\"},"
	"\"key\":{\"type\":\"apiKey\",\"in\":\"query\",\"name\":\"KISMET\"}}}}";

static void openapi(struct request *rq, struct reply *rp)
{
	struct buf *out = reply_buf(rp);

	reply_type(rp, "application/json");
	buf_str(out, head);
	all_paths(out, serve_tables(request_serve(rq)));
	buf_str(out, "},\"components\":{\"schemas\":{");
	all_schemas(out);
	buf_str(out, tail);
}

/* clang-format off */
static const struct route routes[] = {
	{.methods = METHOD_GET, .path = "/openapi.json", .right = RIGHT_READ, .handle = openapi, .shape = SHAPE_TEXT,
	 .doc = "This interface as an OpenAPI 3.1 document."},
};
/* clang-format on */
const struct route_table api_openapi_routes = {.routes = routes, .n = sizeof(routes) / sizeof(routes[0])};
