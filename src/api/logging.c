/* Logging and the KismetDB Packet Log: open logs, and logged packets. */
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "api/write.h"
#include "base/err.h"
#include "base/mem.h"
#include "serve/argument.h"
#include "serve/download.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"
#include "store/log/packet_query.h"

#define NO_KISMETDB "No log of class 'kismet' is open, or it is ephemeral."
#define SLICE_BYTES (128 * 1024)

static void drivers(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct log_driver d[LOG_DRIVERS_MAX];
	uint32_t n = logs_drivers(api->logs, d, ARRAY_SIZE(d));

	api_write_list(rq, rp, &log_driver_table, d, n);
}

static void active(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct log_record *r = xnew(struct log_record, LOGS_MAX);
	uint32_t n = logs_copy(api->logs, r, LOGS_MAX);

	api_write_list(rq, rp, &log_table, r, n);
	free(r);
}

static void start(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct log_record *r = xnew(struct log_record, 1);
	char error[256];
	int e = logs_start(api->logs, request_param(rq, "class"), request_text(rq, "title"), false, r, error);

	if (e < 0)
		reply_error(rp, e == ERR_NOT_FOUND ? 404 : e == ERR_MALFORMED ? 400 : 500, "%s.", error);
	else
		api_write_record(rq, rp, &log_table, r);
	free(r);
}

static void stop(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const char *text = request_param(rq, "uuid");
	struct uuid uuid;

	if (uuid_parse(text, strlen(text), &uuid) < 0)
		reply_error(rp, 400, "That is not a uuid.");
	else if (logs_stop(api->logs, &uuid) < 0)
		reply_error(rp, 404, "There is no open log of that uuid.");
	else
		api_done(rq, rp, "OK");
}

struct packet_reader {
	struct packet_query *query;
	struct buf out;
	size_t sent;
	bool ended;
};

static ssize_t read_packets(void *ctx, char *p, size_t max)
{
	struct packet_reader *r = ctx;
	size_t n;

	if (r->sent == r->out.len) {
		if (r->ended)
			return -1;
		buf_clear(&r->out);
		r->sent = 0;
		r->ended = !packet_query_next(r->query, &r->out, SLICE_BYTES);
		if (r->out.len == 0)
			return -1;
	}
	n = r->out.len - r->sent < max ? r->out.len - r->sent : max;
	memcpy(p, r->out.p + r->sent, n);
	r->sent += n;
	return (ssize_t) n;
}

static void destroy_reader(void *ctx)
{
	struct packet_reader *r = ctx;

	packet_query_close(r->query);
	buf_finish(&r->out);
	free(r);
}

/* Query variables, then the command's `filter`; unknown names are no error. */
static int read_filters(struct request *rq, struct packet_query *q, char error[256])
{
	const struct json_in *filter = json_in_get(request_command(rq), "filter"), *v;
	const char *name;
	void *cursor = NULL;
	int r = 0;

	for (size_t i = 0; i < request_variables(rq) && r != ERR_MALFORMED; i++) {
		const char *value = request_variable_at(rq, i, &name);

		r = packet_query_filter(q, name, value, error);
	}
	while (r != ERR_MALFORMED && json_in_is_object(filter) && (v = json_in_next(filter, &cursor, &name)) != NULL) {
		char number[64];
		double real;

		if (json_in_text(v)) {
			r = packet_query_filter(q, name, json_in_text(v), error);
		} else if (json_in_real(v, &real)) {
			(void) snprintf(number, sizeof(number), "%.*f", real == (double) (int64_t) real ? 0 : 9, real);
			r = packet_query_filter(q, name, number, error);
		} else {
			(void) snprintf(error, 256, "Invalid filter: '%.64s' must be a text or a number", name);
			r = ERR_MALFORMED;
		}
	}
	return r == ERR_NOT_FOUND ? 0 : r;
}

static void packets(struct request *rq, struct reply *rp)
{
	static const struct reply_source reader = {.read = read_packets, .destroy = destroy_reader};
	struct api *api = request_context(rq);
	struct packet_reader *r;
	struct packet_query *q;
	char path[LOG_PATH_SIZE], error[256];
	int e;

	if (!logs_kismetdb(api->logs, path)) {
		reply_error(rp, 404, NO_KISMETDB);
		return;
	}
	q = packet_query_open(path, error);
	if (!q) {
		reply_error(rp, 500, "%s.", error);
		return;
	}
	e = read_filters(rq, q, error);
	if (e >= 0)
		e = packet_query_begin(q, error);
	if (e < 0) {
		reply_error(rp, e == ERR_MALFORMED ? 400 : 500, "%s.", error);
		packet_query_close(q);
		return;
	}
	r = xnew(struct packet_reader, 1);
	r->query = q;
	reply_download(rq, rp);
	reply_stream(rp, &reader, r);
}

static void drop(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	char path[LOG_PATH_SIZE], error[256];
	int64_t before = 0;

	(void) json_in_whole(json_in_get(request_command(rq), "drop_before"), &before);
	if (!logs_kismetdb(api->logs, path))
		reply_error(rp, 404, NO_KISMETDB);
	else if (packet_query_drop(path, before, error) < 0)
		reply_error(rp, 500, "%s.", error);
	else
		api_done(rq, rp, "Packets dropped");
}

/* clang-format off */
static const struct argument start_arguments[] = {
	{.name = "title", .type = ARGUMENT_NAME, .doc = "Overrides log_title=."},
	{.name = NULL},
};
/* clang-format on */
/* clang-format off */
static const struct argument packet_arguments[] = {
	{.name = "filter", .type = ARGUMENT_OBJECT, .doc = "Filters by name; all of them must hold."},
	{.name = NULL},
};
/* clang-format on */
/* clang-format off */
static const struct argument drop_arguments[] = {
	{.name = "drop_before", .type = ARGUMENT_WHOLE, .needed = true, .doc = "Second before which packets are deleted."},
	{.name = NULL},
};
/* clang-format on */
#define BOTH METHOD_BOTH
#define COMMAND (ROUTE_COMMAND | ROUTE_WORK)
/* clang-format off */
static const struct route routes[] = {
	{.methods = BOTH, .path = "/logging/drivers", .formats = "*", .right = RIGHT_READ, .handle = drivers,
	 .record = &log_driver_table, .shape = SHAPE_LIST,
	 .doc = "Classes of logs."},
	{.methods = BOTH, .path = "/logging/active", .formats = "*", .right = RIGHT_READ, .handle = active,
	 .record = &log_table, .shape = SHAPE_LIST,
	 .doc = "Logs that are open."},
	{.methods = BOTH, .path = "/logging/by-class/{class}/start", .formats = "cmd,json", .right = RIGHT_ADMIN,
	 .handle = start, .record = &log_table, .shape = SHAPE_RECORD, .flags = COMMAND,
	 .arguments = start_arguments,
	 .refusals = {{404, "there is no such class of logs"}, {500, "the log cannot be opened"}},
	 .doc = "Opens a log."},
	{.methods = BOTH, .path = "/logging/by-uuid/{uuid}/stop", .formats = "cmd,json", .right = RIGHT_ADMIN,
	 .handle = stop, .record = &api_done_table, .shape = SHAPE_RECORD, .flags = COMMAND,
	 .refusals = {{404, "no open log has that uuid"}},
	 .doc = "Closes a log."},
	{.methods = METHOD_POST, .path = "/logging/kismetdb/pcap/drop", .formats = "cmd", .right = RIGHT_ADMIN,
	 .handle = drop, .record = &api_done_table, .shape = SHAPE_RECORD, .flags = COMMAND,
	 .arguments = drop_arguments,
	 .refusals = {{404, "no kismetdb log is open"}, {500, "the log cannot be written"}},
	 .doc = "Deletes packets up to a second."},
	{.methods = BOTH, .path = "/logging/kismetdb/pcap/{title}", .formats = "pcapng", .right = RIGHT_LOGIN,
	 .handle = packets, .shape = SHAPE_PCAPNG, .flags = ROUTE_WORK, .arguments = packet_arguments,
	 .refusals = {{404, "no kismetdb log is open"}, {500, "the log cannot be read"}},
	 .doc = "Packets of the open kismetdb, by filters."},
};
/* clang-format on */
const struct route_table api_logging_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
