/* phyuav: the makers' rules by which drones are known. */
#include "api/api.h"
#include "base/mem.h"
#include "phy/uav/uav.h"

static void manuf_matchers(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const struct track_env *env = tracker_env(api->tracker);

	api_write_list(rq, rp, &uav_rule_table, env->uav_rules, env->n_uav_rules);
}

static const struct route routes[] = {
	{METHOD_BOTH, "/phy/phyuav/manuf_matchers", "*", RIGHT_READ, manuf_matchers, &uav_rule_table,
	 "The rules that know drones by address and name.", SHAPE_LIST},
};
const struct route_table api_uav_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
