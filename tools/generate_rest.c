#include <string.h>

#include "generate_rest.h"
#include "api/api.h"
#include "api/metrics.h"
#include "base/mem.h"
#include "generate.h"
#include "serve/argument.h"

static const char *right_text(enum right right)
{
	static const char *const texts[] = {
		[RIGHT_OPEN] = "anybody",  [RIGHT_READ] = "reader",       [RIGHT_LOGIN] = "login",
		[RIGHT_WEBGPS] = "WEBGPS", [RIGHT_REPORT] = "scanreport", [RIGHT_SOURCE] = "datasource",
		[RIGHT_ADSB] = "ADSB",     [RIGHT_ADMIN] = "admin",
	};

	return texts[right];
}

static const char *shape_text(uint8_t shape)
{
	static const char *const texts[] = {
		[SHAPE_LIST] = "list",           [SHAPE_RECORD] = "record",         [SHAPE_OBJECT] = "object",
		[SHAPE_PAGE] = "list or page",   [SHAPE_WRAPPED] = "list and time", [SHAPE_TEXT] = "text",
		[SHAPE_HTML] = "page of HTML",   [SHAPE_PCAPNG] = "pcapng",         [SHAPE_PCAP] = "pcap",
		[SHAPE_WEBSOCKET] = "websocket",
	};

	return texts[shape];
}

static void route_row(struct buf *out, const struct route *r)
{
	buf_printf(out, "| %s | `%s` | %s | %s | %s%s%s | %s | ",
		   r->methods == METHOD_BOTH   ? "GET, POST"
		   : r->methods == METHOD_POST ? "POST"
					       : "GET",
		   r->path,
		   r->formats ? (strcmp(r->formats, "*") == 0 ? "any"
				 : *r->formats == '*'         ? "any, csv"
							      : r->formats)
			      : "none",
		   right_text(r->right), shape_text(r->shape), r->record ? " of " : "",
		   r->record ? r->record->type : "", r->doc);
	for (size_t i = 0; i < ROUTE_REFUSALS && r->refusals[i].status; i++)
		buf_printf(out, "%s%u %s", i ? "; " : "", r->refusals[i].status, r->refusals[i].when);
	buf_str(out, " |\n");
}

static void describe_refusals(struct buf *out)
{
	buf_str(out, "\n## What any path may answer\n\n"
		     "The reply is then a sentence that says what is wrong. Beside these a path refuses what its "
		     "row says.\n\n"
		     "| status | when |\n|---|---|\n");
	for (const struct refusal *f = route_refusals; f->status; f++)
		buf_printf(out, "| %u | %s |\n", f->status, f->when);
}

static void describe_metrics(struct buf *out)
{
	buf_str(out, "\n## Metrics\n\n"
		     "`/metrics` is text that Prometheus reads (exposition format 0.0.4). In labels, octets beyond\n"
		     "printable ASCII, quotes and backslashes are `_`.\n\n"
		     "| name | type | labels | what it is |\n"
		     "|---|---|---|---|\n");
	for (size_t i = 0; i < api_metrics_n; i++)
		buf_printf(out, "| `%s` | %s | %s | %s |\n", api_metrics[i].name, api_metrics[i].type,
			   api_metric_labels(&api_metrics[i]), api_metrics[i].help);
}

/* True for the first route that has these arguments. */
static bool is_first(size_t number)
{
	const struct route *r = route_at(api_tables, number);

	for (size_t i = 0; i < number; i++)
		if (route_at(api_tables, i)->arguments == r->arguments)
			return false;
	return true;
}

/* The arguments of all routes that share them. */
static void arguments_of(struct buf *out, const struct argument *arguments)
{
	const struct route *r;

	buf_char(out, '\n');
	for (size_t i = 0; (r = route_at(api_tables, i)); i++)
		if (r->arguments == arguments)
			buf_printf(out, "- `%s`\n", r->path);
	buf_str(out, "\n| argument | needed | type | what it is |\n|---|---|---|---|\n");
	for (; arguments->name; arguments++)
		buf_printf(out, "| `%s` | %s | %s | %s |\n", arguments->name, arguments->needed ? "yes" : "no",
			   argument_words((enum argument_type) arguments->type), arguments->doc);
}

static void describe_commands(struct buf *out)
{
	const struct route *r;

	buf_str(out,
		"\n## Commands\n\n"
		"A command is a JSON object: the variable `json` of a form (`application/x-www-form-urlencoded` or\n"
		"`multipart/form-data`) or of the query, or the whole body. A form may hold JSON that is not encoded:\n"
		"it goes to its closing bracket, with what `&` and `+` it has. Texts may also be form variables of\n"
		"their own. `null` is as if the member were not there, unknown members are no error, and a\n"
		"value of another type than the one given here is refused with 400. `true` and `1` are the same, and a "
		"number\n"
		"may stand as its text. Every reply that is a record or a list of records also takes `fields`: a list\n"
		"of paths, or of `[path, name]`. A field that is there and has no value is `\"\"`, `{}`, `[]` or 0, "
		"by\n"
		"its type; a name that is unknown is 0.\n");
	for (size_t i = 0; (r = route_at(api_tables, i)); i++)
		if (r->arguments && is_first(i))
			arguments_of(out, r->arguments);
}

void generate_rest(struct buf *out)
{
	const struct route *r;

	buf_str(out,
		"# The REST interface\n\n"
		"Generated from the tables of routes; `make docs` writes it.\n\n"
		"A path ends in `.` and an extension, which says how the reply is written: `json`, `cmd` and `jcmd` "
		"are\n"
		"JSON, `prettyjson` has a description before each member, `ekjson` and `itjson` one record a line,\n"
		"`tjson` names with `_` for `.`. \"Any\" takes all of them, \"none\" is the bare path. What is in\n"
		"braces takes one step of the path.\n\n"
		"Who may ask: *anybody*; a *reader*, who needs a login only when the server is reached from beyond\n"
		"loopback; a *login* of any role; a login of the named role; *admin*, who may do all.\n\n"
		"| method | path | extensions | who | reply | what it is | refuses |\n"
		"|---|---|---|---|---|---|---|\n");
	for (size_t i = 0; (r = route_at(api_tables, i)); i++)
		route_row(out, r);
	describe_refusals(out);
	describe_commands(out);
	describe_metrics(out);
}
