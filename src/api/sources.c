/* Datasources: what the server listens to. */
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "base/mem.h"

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
	api_write_list(rq, rp, &source_table, NULL, 0);
}

#define BOTH METHOD_BOTH
static const struct route routes[] = {
	{BOTH, "/datasource/all_sources", "*", RIGHT_READ, all_sources, &source_table,
	 "Every datasource.", SHAPE_LIST},
	{BOTH, "/datasource/by-uuid/{uuid}/source", "*", RIGHT_READ, one_source, &source_table,
	 "One datasource.", SHAPE_RECORD},
	{BOTH, "/alerts/all_alerts", "*", RIGHT_READ, all_alerts, NULL, "The backlog of alerts.",
	 SHAPE_LIST},
};
const struct route_table api_source_routes = {routes, ARRAY_SIZE(routes)};
