/* The REST manual: every endpoint, as the tables of routes say. */
#include <string.h>

#include "api/api.h"
#include "api/metrics.h"
#include "base/mem.h"
#include "generate.h"

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
	buf_printf(out, "| %s | `%s` | %s | %s | %s%s%s | %s |\n",
		   r->methods == METHOD_BOTH   ? "GET, POST"
		   : r->methods == METHOD_POST ? "POST"
					       : "GET",
		   r->path, r->formats ? (*r->formats == '*' ? "any" : r->formats) : "none", right_text(r->right),
		   shape_text(r->shape), r->record ? " of " : "", r->record ? r->record->type : "", r->doc);
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

void generate_rest(struct buf *out)
{
	const struct route *r;

	buf_str(out,
		"# The REST interface\n\n"
		"Generated from the tables of routes; `make docs` writes it.\n\n"
		"A path ends in `.` and an extension, which says how the reply is written: `json`, `cmd` and `jcmd` "
		"are\n"
		"JSON, `prettyjson` has a description before each member, `ekjson` and `itjson` one record a line,\n"
		"`tjson` names with `_` for `.`. \"Any\" takes all of them, \"none\" is the bare path. What stands in\n"
		"braces takes one step of the path.\n\n"
		"Who may ask: *anybody*; a *reader*, who needs a login only when the server is reached from beyond\n"
		"loopback; a *login* of any role; a login of the named role; *admin*, who may do all.\n\n"
		"| method | path | extensions | who | reply | what it is |\n"
		"|---|---|---|---|---|---|\n");
	for (size_t i = 0; (r = route_at(api_tables, i)); i++)
		route_row(out, r);
	describe_metrics(out);
}
