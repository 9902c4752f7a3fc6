/* phy80211: names of networks over all devices. */
#include <stdlib.h>
#include <string.h>

#include "api/query.h"
#include "api/page.h"
#include "api/reader.h"
#include "api/write.h"
#include "base/mem.h"
#include "phy/dot11/ssids.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"

static uint32_t next_ssids(const struct api *api, struct tracker_walk *walk, void *ret_records[TRACK_SLICE],
			   struct device_handle ret_handles[TRACK_SLICE])
{
	return tracker_next_ssids(api->tracker, walk, (struct ssid_group **) ret_records, ret_handles);
}

static void *fetch_ssid(const struct api *api, struct device_handle h, struct arena *arena)
{
	return tracker_fetch_ssid(api->tracker, h, arena);
}

static void page_of_ssids(const struct api *api, const struct page_query *q, struct record_page *ret)
{
	tracker_page_ssids(api->tracker, q, ret);
}

static const char *const searched[] = {"dot11.ssidgroup.ssid", "dot11.ssidgroup.crypt_string", NULL};
static const struct record_kind ssid_kind = {&ssid_group_table, searched, next_ssids, fetch_ssid,
					     page_of_ssids,     ssid_key, false};

static bool kept(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);

	if (tracker_has_ssids(api->tracker))
		return true;
	reply_error(rp, 404, "Names of networks are not kept; dot11_view_ssids=true keeps them.");
	return false;
}

static void all_ssids(struct request *rq, struct reply *rp)
{
	struct device_query q;

	if (!kept(rq, rp) || query_read_kind(rq, rp, &ssid_kind, &q) < 0)
		return;
	if (!reply_page(rq, rp, &q))
		reply_walk(rq, rp, &q);
	query_finish(&q);
}

static bool read_hash(const char *text, uint32_t *ret_hash)
{
	size_t n = strlen(text);
	unsigned long long v;

	if (n == 0 || n > 10 || strspn(text, "0123456789") != n)
		return false;
	v = strtoull(text, NULL, 10);
	*ret_hash = (uint32_t) v;
	return v <= UINT32_MAX;
}

static void one_ssid(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct arena arena = {0};
	struct ssid_group *g;
	uint32_t hash;

	if (!kept(rq, rp))
		return;
	if (!read_hash(request_param(rq, "hash"), &hash)) {
		reply_error(rp, 400, "The hash of a name must be a whole number from 0 to 4294967295.");
		return;
	}
	g = tracker_get_ssid(api->tracker, hash, &arena);
	if (g)
		api_write_record(rq, rp, &ssid_group_table, g);
	else
		reply_error(rp, 404, "There is no name with that hash.");
	arena_finish(&arena);
}

#define BOTH METHOD_BOTH
/* clang-format off */
static const struct route routes[] = {
	{.methods = BOTH, .path = "/phy/phy80211/ssids/views/ssids", .formats = "*", .right = RIGHT_READ,
	 .handle = all_ssids, .record = &ssid_group_table, .shape = SHAPE_PAGE, .arguments = query_arguments,
	 .refusals = {{404, "names are not kept (dot11_view_ssids=false)"}},
	 .doc = "The names of networks over all devices, with fields, expressions and pages."},
	{.methods = BOTH, .path = "/phy/phy80211/ssids/by-hash/{hash}/ssid", .formats = "*", .right = RIGHT_READ,
	 .handle = one_ssid, .record = &ssid_group_table, .shape = SHAPE_RECORD,
	 .refusals = {{404, "names are not kept, or none has that hash"}},
	 .doc = "One name by its hash."},
};
/* clang-format on */
const struct route_table api_ssid_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
