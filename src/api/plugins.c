/* Plugins: which are active. */
#include "api/api.h"
#include "api/write.h"
#include "base/mem.h"
#include "plugin/plugin.h"
#include "serve/request.h"
#include "serve/route.h"

static void all_plugins(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const struct plugin_record *records;
	uint32_t n = plugins_records(api->plugins, &records);

	api_write_list(rq, rp, &plugin_table, records, n);
}

/* clang-format off */
static const struct route routes[] = {
	{.methods = METHOD_BOTH, .path = "/plugins/all_plugins", .formats = "*", .right = RIGHT_READ,
	 .handle = all_plugins, .record = &plugin_table, .shape = SHAPE_LIST,
	 .doc = "The plugins that are active."},
};
/* clang-format on */
const struct route_table api_plugin_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
