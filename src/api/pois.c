/* Points of interest: marks of the user, kept for this run and in the kismetdb. */
#include <stdlib.h>

#include "api/api.h"
#include "base/clock.h"
#include "base/limit.h"
#include "base/mem.h"

static void create_poi(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const char *note = request_text(rq, "note");
	struct position here = locator_best(api->locator, clock_server_sec(), NULL);

	pois_add(api->pois, &here, note ? note : "");
	api_done(rq, rp, "POI created");
}

static void list_poi(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct poi *p = xnew(struct poi, limit_of(LIMIT_POIS));

	api_write_list(rq, rp, &poi_table, p, pois_copy(api->pois, 0, p));
	free(p);
}

static const struct argument create_arguments[] = {
	{"note", ARGUMENT_NAME, false, "What is there."},
	{NULL},
};
static const struct route routes[] = {
	{METHOD_POST, "/poi/create_poi", "cmd,json", RIGHT_ADMIN, create_poi, &api_done_table,
	 "Marks this moment and place, with a note or without.", SHAPE_RECORD, ROUTE_COMMAND,
	 .arguments = create_arguments},
	{METHOD_BOTH, "/poi/list_poi", "*", RIGHT_READ, list_poi, &poi_table, "What was marked in this run.",
	 SHAPE_LIST},
};
const struct route_table api_poi_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
