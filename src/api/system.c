/* System Status, Messages and Datasources: what the server says of itself. */
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "base/clock.h"
#include "base/mem.h"

struct timestamp {
	uint64_t sec, usec;
};
static const struct field timestamp_rows[] = {
	FIELD(struct timestamp, "kismet.system.timestamp.sec", sec, "Server time, seconds."),
	FIELD(struct timestamp, "kismet.system.timestamp.usec", usec,
	      "Server time, microseconds."),
};
static struct field_table timestamp_table =
	FIELD_TABLE(struct timestamp, "system timestamp", timestamp_rows);

static void timestamp(struct request *rq, struct reply *rp)
{
	uint64_t us = clock_server_us();
	struct timestamp t = {us / 1000000, us % 1000000};

	field_prepare(&timestamp_table);
	api_write_record(rq, rp, &timestamp_table, &t);
}

static void all_messages(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct message *m = xnew(struct message, MESSAGE_BACKLOG);
	size_t n = message_copy(api->messages, 0, m);

	api_write_list(rq, rp, &message_fields, m, n);
	free(m);
}

static void all_sources(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct source_record *s = xnew(struct source_record, SOURCES_MAX);
	uint32_t n = 0;

	while (n < SOURCES_MAX && capture_snapshot(api->sources, n, &s[n]))
		n++;
	api_write_list(rq, rp, &source_table, s, n);
	free(s);
}

static void one_source(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const char *text = request_param(rq, "uuid");
	struct source_record s;
	struct uuid uuid;

	if (uuid_parse(text, strlen(text), &uuid) < 0)
		reply_error(rp, 400, "That is not a uuid.");
	else if (!capture_find(api->sources, &uuid, &s))
		reply_error(rp, 404, "There is no datasource of that uuid.");
	else
		api_write_record(rq, rp, &source_table, &s);
}

/* Until rules raise alerts the backlog is empty. */
static void all_alerts(struct request *rq, struct reply *rp)
{
	api_write_list(rq, rp, &timestamp_table, NULL, 0);
}

static void health(struct request *rq, struct reply *rp)
{
	(void) rq;
	reply_type(rp, "text/plain; charset=utf-8");
	buf_str(reply_buf(rp), "ok\n");
}

#define GET METHOD_GET
static const struct route routes[] = {
	{GET, "/healthz", NULL, RIGHT_OPEN, health, NULL, "Answers while the server runs."},
	{GET, "/system/timestamp", "*", RIGHT_READ, timestamp, &timestamp_table,
	 "The server's time."},
	{GET, "/messagebus/all_messages", "*", RIGHT_READ, all_messages, &message_fields,
	 "The latest messages."},
	{GET, "/datasource/all_sources", "*", RIGHT_READ, all_sources, &source_table,
	 "Every datasource."},
	{GET, "/datasource/by-uuid/{uuid}/source", "*", RIGHT_READ, one_source, &source_table,
	 "One datasource."},
	{GET, "/alerts/all_alerts", "*", RIGHT_READ, all_alerts, NULL, "The backlog of alerts."},
};
static const struct route_table system_routes = {routes, ARRAY_SIZE(routes)};

extern const struct route_table api_device_routes;
const struct route_table *const api_tables[] = {&system_routes, &api_device_routes, NULL};
