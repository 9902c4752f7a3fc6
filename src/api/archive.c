/* The archive: which logs there are, and what they cover. */
#include <stdlib.h>

#include "api/api.h"
#include "api/write.h"
#include "base/mem.h"
#include "serve/request.h"
#include "store/archive/catalogue.h"

#define LOOK_US UINT64_C(5000000) /* for what is new in the folders; what takes longer is in the next answer */

static void list(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct archived_log *logs;
	size_t n;

	(void) catalogue_refresh(api->catalogue, LOOK_US);
	n = catalogue_find(api->catalogue, 0, UINT64_MAX, &logs);
	api_write_list(rq, rp, &archived_log_table, logs, (uint32_t) n);
	free(logs);
}

/* clang-format off */
static const struct route routes[] = {
	{.methods = METHOD_GET | METHOD_POST, .path = "/logging/archive", .formats = "*", .right = RIGHT_READ, .handle = list,
	 .record = &archived_log_table, .shape = SHAPE_LIST, .flags = ROUTE_WORK,
	 .doc = "Kismetdb logs in the folders of logs, and the span of time that each covers."},
};
/* clang-format on */
const struct route_table api_archive_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
