/* phyuav: the makers' rules by which drones are recognised. */
#include "api/api.h"
#include "api/write.h"
#include "base/mem.h"
#include "phy/uav/uav.h"
#include "serve/request.h"
#include "serve/route.h"

static void manuf_matchers(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const struct uav_conf *uav = uav_rules(api->tracker);

	api_write_list(rq, rp, &uav_rule_table, uav->rules, uav->n_rules);
}

/* clang-format off */
static const struct route routes[] = {
	{.methods = METHOD_BOTH, .path = "/phy/phyuav/manuf_matchers", .formats = "*", .right = RIGHT_READ,
	 .handle = manuf_matchers, .record = &uav_rule_table, .shape = SHAPE_LIST,
	 .doc = "The rules that recognise drones by address and name."},
};
/* clang-format on */
const struct route_table api_uav_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
