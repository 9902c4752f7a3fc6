/* Plugins: which are active. */
#include "api/api.h"
#include "base/mem.h"
#include "plugin/plugin.h"

static void all_plugins(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const struct plugin_record *records;
	uint32_t n = plugins_records(api->plugins, &records);

	api_write_list(rq, rp, &plugin_table, records, n);
}

static const struct route routes[] = {
	{METHOD_BOTH, "/plugins/all_plugins", "*", RIGHT_READ, all_plugins, &plugin_table,
	 "The plugins that are active.", SHAPE_LIST},
};
const struct route_table api_plugin_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
