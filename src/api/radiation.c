#include "api/radiation.h"
#include "api/api.h"

#include "api/write.h"
#include "base/mem.h"
#include "field/copy.h"
#include "phy/radiation/radiation.h"
#include "serve/request.h"
#include "serve/route.h"

static void all_sensors(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const struct radiation_sensor *sensors;
	struct arena arena = {0};
	uint32_t n = tracker_radiation(api->tracker, &arena, &sensors);

	api_write_list(rq, rp, &radiation_table, sensors, n);
	arena_finish(&arena);
}

struct reported {
	struct radiation_sensor sensor; /* first: what the event shows */
	struct arena arena;
};

static void release(void *record)
{
	struct reported *t = record;

	arena_finish(&t->arena);
	free(t);
}

void api_publish_radiation(struct api *api, uint16_t source)
{
	struct reported *t;

	if (!events_wanted(api->events, EVENT_RADIATION))
		return;
	t = xnew(struct reported, 1);
	if (tracker_radiation_of(api->tracker, source, &t->arena, &t->sensor))
		events_publish_owned(api->events, EVENT_RADIATION, &radiation_table, t, release);
	else
		release(t);
}

/* clang-format off */
static const struct route routes[] = {
	{.methods = METHOD_GET | METHOD_POST, .path = "/radiation/sensors/all_sensors", .formats = "*",
	 .right = RIGHT_READ, .handle = all_sensors, .record = &radiation_table, .shape = SHAPE_LIST,
	 .doc = "Every radiation sensor."},
};
/* clang-format on */
const struct route_table api_radiation_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
