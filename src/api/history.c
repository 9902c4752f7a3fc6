/* What a device did, and how it was, at some time. */
#include "api/history.h"

#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "api/span.h"
#include "api/write.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "serve/argument.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"
#include "store/archive/history.h"
#include "track/device_fields.h"

#define DAY_SEC 86400
#define LOOK_US UINT64_C(1000000) /* for logs that came a moment ago */

static const struct {
	const char *name;
	uint32_t sec, most_sec; /* most_sec: of a span for which it is taken where none is asked for */
} buckets[] = {{"minute", 60, 3 * 3600}, {"hour", 3600, 4 * DAY_SEC}, {"day", DAY_SEC, UINT32_MAX}};

static bool read_bucket(struct request *rq, struct reply *rp, uint32_t span_sec, uint32_t *ret_sec)
{
	const char *name = request_text(rq, "per");

	for (size_t i = 0; i < ARRAY_SIZE(buckets); i++)
		if (name ? strcmp(name, buckets[i].name) == 0 : span_sec <= buckets[i].most_sec) {
			*ret_sec = buckets[i].sec;
			return true;
		}
	reply_error(rp, 400, "Invalid request: 'per' is minute, hour or day, not '%.64s'.", name);
	return false;
}

static void history(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct device_history h = {0};
	struct arena arena = {0};

	if (!api_key_param(rq, rp, &h.key) || !api_span(rq, rp, DAY_SEC, &h.from_sec, &h.to_sec) ||
	    !read_bucket(rq, rp, h.to_sec - h.from_sec, &h.bucket_sec))
		return;
	(void) catalogue_refresh(api->catalogue, LOOK_US);
	if (device_history_read(&h, api->catalogue, api->tracker, devices_get(&api->devices, &h.key, &arena)))
		api_write_record(rq, rp, &device_history_table, &h);
	else
		reply_error(rp, 404, "Neither the model nor a log has that device in that span.");
	device_history_finish(&h);
	arena_finish(&arena);
}

/* The model's record holds as of then when the device was not seen since; or when nothing older is known. */
static void write_as_of(struct request *rq, struct reply *rp, const struct key *key, uint32_t at)
{
	struct api *api = request_context(rq);
	struct archived_device *d = xnew(struct archived_device, 1);
	struct arena arena = {0};
	struct device *live = devices_get(&api->devices, key, &arena);
	bool since = live && live->last_sec > at;

	if (live)
		live->archived = true; /* the copy */
	if ((!live || since) && archive_device_at(api->catalogue, api->tracker, key, at, d) >= 0)
		api_write_record(rq, rp, &device_table, &d->device);
	else if (live && live->first_sec <= at)
		api_write_record(rq, rp, &device_table, live);
	else
		reply_error(rp, 404, "Neither a log nor the model has that device at or before that time.");
	archived_device_finish(d);
	free(d);
	arena_finish(&arena);
}

void api_device_at(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct key key;
	uint32_t at;

	if (!api_key_param(rq, rp, &key) || !api_time(rq, rp, "at", clock_server_sec(), &at))
		return;
	(void) catalogue_refresh(api->catalogue, LOOK_US);
	write_as_of(rq, rp, &key, at);
}

/* clang-format off */
static const struct argument arguments[] = {
	{.name = "fields", .type = ARGUMENT_LIST, .doc = "Field paths, or pairs of a path and a name."},
	{.name = "from", .type = ARGUMENT_TEXT, .doc = "Where the span begins: a time, or \"-2h\" before now; a day before `to` when it is missing."},
	{.name = "to", .type = ARGUMENT_TEXT, .doc = "Where it ends; now when it is missing."},
	{.name = "per", .type = ARGUMENT_NAME, .doc = "minute, hour or day: what presence is by; by the span's length when it is missing."},
	{.name = NULL},
};
static const struct route routes[] = {
	{.methods = METHOD_BOTH, .path = "/query/devices/{key}/history", .formats = "*", .right = RIGHT_READ,
	 .handle = history, .record = &device_history_table, .shape = SHAPE_RECORD, .flags = ROUTE_WORK,
	 .refusals = {{404, "neither the model nor a log has that device in that span"}}, .arguments = arguments,
	 .doc = "When a device was seen in a span of time, and what changed, from memory and logs."},
};
/* clang-format on */
const struct route_table api_history_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
