/* Points of interest that the user marks, kept for this run and in the kismetdb. */
#include <stdlib.h>

#include "api/api.h"
#include "api/write.h"
#include "base/clock.h"
#include "base/limit.h"
#include "base/mem.h"
#include "locate/locator.h"
#include "serve/argument.h"
#include "serve/request.h"
#include "serve/route.h"

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

/* clang-format off */
static const struct argument create_arguments[] = {
	{.name = "note", .type = ARGUMENT_NAME, .doc = "Note on what is there."},
	{.name = NULL},
};
/* clang-format on */
/* clang-format off */
static const struct route routes[] = {
	{.methods = METHOD_POST, .path = "/poi/create_poi", .formats = "cmd,json", .right = RIGHT_ADMIN,
	 .handle = create_poi, .record = &api_done_table, .shape = SHAPE_RECORD, .flags = ROUTE_COMMAND,
	 .arguments = create_arguments,
	 .doc = "Marks this moment and position, with or without a note."},
	{.methods = METHOD_BOTH, .path = "/poi/list_poi", .formats = "*", .right = RIGHT_READ, .handle = list_poi,
	 .record = &poi_table, .shape = SHAPE_LIST,
	 .doc = "The points of interest marked in this run."},
};
/* clang-format on */
const struct route_table api_poi_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
