/* Device Handling, Device Views and Phy Handling: which devices a request means. */
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "api/history.h"
#include "api/page.h"
#include "api/query.h"
#include "api/reader.h"
#include "api/write.h"
#include "base/limit.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "serve/argument.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"
#include "track/bounds.h"
#include "track/change.h"
#include "track/phys.h"
#include "track/views.h"

#define MASKS_MAX 1024 /* each is searched among all devices */
#define KEYS_MAX 65536

static void walk(struct request *rq, struct reply *rp, struct device_query *q)
{
	if (!reply_page(rq, rp, q))
		reply_walk(rq, rp, q);
	query_finish(q);
}

static void all_devices(struct request *rq, struct reply *rp)
{
	struct device_query q;

	if (query_read(rq, rp, &q) >= 0)
		walk(rq, rp, &q);
}

static void since_devices(struct request *rq, struct reply *rp)
{
	struct device_query q;
	uint32_t since;

	if (!api_since(rp, request_param(rq, "time"), &since) || query_read(rq, rp, &q) < 0)
		return;
	q.since_sec = since;
	walk(rq, rp, &q);
}

static void devices_of_view(struct request *rq, struct reply *rp, const char *id)
{
	const char *time = request_param(rq, "time");
	struct view_filter *within;
	struct device_query q;
	uint32_t since = 0;
	int view;

	if ((time && !api_since(rp, time, &since)) || !api_view(rq, rp, id, &view, &within))
		return;
	if (query_read(rq, rp, &q) < 0) {
		view_filter_destroy(within);
		return;
	}
	q.view = view;
	q.conditions.within = within;
	if (since > q.since_sec)
		q.since_sec = since;
	walk(rq, rp, &q);
}

static void view_devices(struct request *rq, struct reply *rp)
{
	devices_of_view(rq, rp, request_param(rq, "view"));
}

/* "phy/IEEE802.11" and "seenby-uuid/UUID" are other names of "phy-..." and "seenby-...". */
static void named_view_devices(struct request *rq, struct reply *rp)
{
	const char *kind = request_param(rq, "kind");
	char id[2 * SERVE_PARAM_SIZE];

	if (strcmp(kind, "seenby-uuid") == 0)
		kind = "seenby";
	(void) snprintf(id, sizeof(id), "%s-%s", kind, request_param(rq, "view"));
	devices_of_view(rq, rp, id);
}

static void phy_devices(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	char id[SERVE_PARAM_SIZE + 8];

	(void) snprintf(id, sizeof(id), "phy-%s", request_param(rq, "phy"));
	if (devices_view(&api->devices, id) < 0)
		reply_error(rp, 404, "There is no such phy; /phy/all_phys.json lists them.");
	else
		devices_of_view(rq, rp, id);
}

static void one_device(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct arena arena = {0};
	struct device *d;
	struct key key;

	if (request_text(rq, "at")) {
		api_device_at(rq, rp);
		return;
	}
	if (!api_key_param(rq, rp, &key))
		return;
	d = devices_get(&api->devices, &key, &arena);
	if (d)
		api_write_record(rq, rp, &device_table, d);
	else
		reply_error(rp, 404, "There is no device with that key.");
	arena_finish(&arena);
}

struct mask_scan {
	struct mac_mask mask;
	struct handle_list *to;
};

static void take_masked(void *ctx, const struct device *d, struct device_handle h)
{
	struct mask_scan *s = ctx;

	if (mac_matches(&d->key.mac, &s->mask))
		handle_list_add(s->to, h);
}

/* Adds the devices of the address; one with a mask is searched among all. */
static bool add_matching(struct api *api, const char *text, struct handle_list *to)
{
	struct mask_scan scan = {.to = to};
	struct device_handle found[32];
	struct tracker_walk all = {.view = -1};
	uint32_t n;

	if (mac_mask_parse(text, strlen(text), &scan.mask) < 0)
		return false;
	if (!strchr(text, '/')) {
		n = devices_find_mac(&api->devices, &scan.mask.mac, found, ARRAY_SIZE(found));
		for (uint32_t i = 0; i < n; i++)
			handle_list_add(to, found[i]);
		return true;
	}
	while (devices_visit(&api->devices, &all, take_masked, &scan))
		;
	return true;
}

static void devices_of_mac(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct handle_list found = {0};
	struct device_query q;

	if (!add_matching(api, request_param(rq, "mac"), &found)) {
		reply_error(rp, 400, "An address has the form AA:BB:CC:DD:EE:FF.");
		return;
	}
	if (query_read(rq, rp, &q) >= 0)
		reply_handles(rq, rp, &q, &found, false, "[", "]");
	query_finish(&q);
	free(found.items);
}

/* The command's list `devices`; replies 400 when it is not one of at most `most`. */
static const struct json_in *need_list(struct request *rq, struct reply *rp, size_t most)
{
	const struct json_in *list = json_in_get(request_command(rq), "devices");

	if (json_in_is_list(list) && json_in_count(list) <= most)
		return list;
	reply_error(rp, 400, "Invalid request: expected the list 'devices' in the command, at most %zu.", most);
	return NULL;
}

static void multimac(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const struct json_in *list = need_list(rq, rp, KEYS_MAX);
	struct handle_list found = {0};
	struct device_query q = {0};
	bool good = list != NULL;
	size_t masks = 0;

	for (size_t i = 0; good && i < json_in_count(list); i++) {
		const char *text = json_in_text(json_in_at(list, i));

		masks += text && strchr(text, '/');
		good = text && masks <= MASKS_MAX && add_matching(api, text, &found);
		if (!good)
			reply_error(rp, 400,
				    "Invalid request: device %zu is not an address like AA:BB:CC:DD:EE:FF or "
				    "AA:BB:CC:00:00:00/FF:FF:FF:00:00:00, or there are more than %d masks.",
				    i, MASKS_MAX);
	}
	if (good && query_read(rq, rp, &q) >= 0)
		reply_handles(rq, rp, &q, &found, false, "[", "]");
	query_finish(&q);
	free(found.items);
}

static void reply_keys(struct request *rq, struct reply *rp, bool keyed)
{
	struct api *api = request_context(rq);
	const struct json_in *list = need_list(rq, rp, KEYS_MAX);
	struct handle_list found = {0};
	struct device_query q = {0};
	bool good = list != NULL;

	for (size_t i = 0; good && i < json_in_count(list); i++) {
		const char *text = json_in_text(json_in_at(list, i));
		struct device_handle h;
		struct key key;

		int r = text ? key_parse(text, strlen(text), &key) : ERR_MALFORMED;

		good = r >= 0 || r == ERR_NOT_FOUND;
		if (!good)
			reply_error(rp, 400, "Invalid request: device %zu is not a device key.", i);
		else if (r >= 0 && devices_find(&api->devices, &key, &h))
			handle_list_add(&found, h);
	}
	if (good && query_read(rq, rp, &q) >= 0)
		reply_handles(rq, rp, &q, &found, keyed, keyed ? "{" : "[", keyed ? "}" : "]");
	query_finish(&q);
	free(found.items);
}

static void multikey(struct request *rq, struct reply *rp)
{
	reply_keys(rq, rp, false);
}

static void multikey_object(struct request *rq, struct reply *rp)
{
	reply_keys(rq, rp, true);
}

/* Replies to a change of a device and saves the annotations. */
static void reply_changed(struct request *rq, struct reply *rp, int r, const char *done)
{
	struct api *api = request_context(rq);

	if (r == ERR_NOT_FOUND)
		reply_error(rp, 404, "There is no device with that key.");
	else if (r < 0)
		reply_error(rp, 400, "Names and tags have at most %d octets, and a device %d tags.", DEVICE_TAG_BYTES,
			    (int) limit_of(LIMIT_TAGS));
	else if (api->save_annotations && api->save_annotations(api->ctx) < 0)
		reply_error(rp, 500,
			    "The device was changed, but the change could not be saved for the next run; the log says "
			    "why.");
	else
		api_done(rq, rp, "%s", done);
}

static void set_name(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const char *name = request_text(rq, "username");
	struct key key;
	int r = ERR_LIMIT;

	if (!api_key_param(rq, rp, &key))
		return;
	if (strlen(name) <= DEVICE_TAG_BYTES)
		r = tracker_set_name(api->tracker, &key, name, clock_server_sec());
	reply_changed(rq, rp, r, "Device name set");
}

static void set_tag(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const char *name = request_text(rq, "tagname"), *value = request_text(rq, "tagvalue");
	struct key key;

	if (!api_key_param(rq, rp, &key))
		return;
	if (!*name)
		reply_error(rp, 400, "Invalid request: 'tagname' is empty.");
	else
		reply_changed(rq, rp, tracker_set_tag(api->tracker, &key, name, value, clock_server_sec()),
			      "Device tag set");
}

static void all_views(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	uint32_t most = TRACK_VIEWS_MAX + (uint32_t) limit_of(LIMIT_VIEWS);
	struct view_counts *views = xnew(struct view_counts, most);
	uint32_t n = devices_views(&api->devices, views, TRACK_VIEWS_MAX);

	n += user_views_list(api->user_views, api->tracker, views + n, most - n);
	api_write_list(rq, rp, &view_table, views, n);
	free(views);
}

static void all_phys(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct phy_counts phys[32];
	uint32_t n = tracker_phys(api->tracker, phys, ARRAY_SIZE(phys));

	api_write_list(rq, rp, &phy_table, phys, n);
}

/* clang-format off */
static const struct argument name_arguments[] = {
	{.name = "username", .type = ARGUMENT_TEXT, .needed = true, .doc = "Name of the device; empty removes it."},
	{.name = NULL},
};
/* clang-format on */
/* clang-format off */
static const struct argument at_arguments[] = {
	{.name = "fields", .type = ARGUMENT_LIST, .doc = "Field paths, or pairs of a path and a name."},
	{.name = "at", .type = ARGUMENT_TEXT, .doc = "A time, or \"-2h\" before now: the device as the latest log had it that had begun by then."},
	{.name = NULL},
};
/* clang-format on */
/* clang-format off */
static const struct argument tag_arguments[] = {
	{.name = "tagname", .type = ARGUMENT_TEXT, .needed = true, .doc = "Name of the tag."},
	{.name = "tagvalue", .type = ARGUMENT_TEXT, .needed = true, .doc = "Its content; empty removes the tag."},
	{.name = NULL},
};
/* clang-format on */
/* clang-format off */
static const struct argument list_arguments[] = {
	{.name = "devices", .type = ARGUMENT_LIST, .needed = true,
	 .doc = "Addresses, whole or with a mask; or device keys."},
	QUERY_ARGUMENTS,
	{.name = NULL},
};
/* clang-format on */
#define QUERY .arguments = query_arguments
#define LISTED .arguments = list_arguments
#define POST METHOD_POST
#define BOTH METHOD_BOTH
#define EDIT (ROUTE_COMMAND | ROUTE_WORK)
/* clang-format off */
static const struct route routes[] = {
	{.methods = BOTH, .path = "/devices/all_devices", .formats = "ekjson,itjson", .right = RIGHT_READ,
	 .handle = all_devices, .record = &device_table, .shape = SHAPE_LIST, QUERY,
	 .doc = "Every device, one a line."},
	{.methods = POST, .path = "/devices/summary/devices", .formats = "*", .right = RIGHT_READ,
	 .handle = all_devices, .record = &device_table, .shape = SHAPE_PAGE, QUERY,
	 .doc = "Every device, with fields, expressions and pages as the command says."},
	{.methods = BOTH, .path = "/devices/last-time/{time}/devices", .formats = "*", .right = RIGHT_READ,
	 .handle = since_devices, .record = &device_table, .shape = SHAPE_LIST, QUERY,
	 .doc = "Devices that changed at or after a server second."},
	{.methods = BOTH, .path = "/devices/by-key/{key}/device", .formats = "*", .right = RIGHT_READ,
	 .handle = one_device, .record = &device_table, .shape = SHAPE_RECORD, .flags = ROUTE_SUBPATH,
	 .refusals = {{404, "no device has that key"}}, .arguments = at_arguments, .long_with = "at",
	 .doc = "One device by its key, or the part of it that a path behind the extension names."},
	{.methods = BOTH, .path = "/devices/by-mac/{mac}/devices", .formats = "*", .right = RIGHT_READ,
	 .handle = devices_of_mac, .record = &device_table, .shape = SHAPE_LIST, QUERY,
	 .doc = "The devices of an address."},
	{.methods = POST, .path = "/devices/multimac/devices", .formats = "*", .right = RIGHT_READ,
	 .handle = multimac, .record = &device_table, .shape = SHAPE_LIST, LISTED,
	 .doc = "The devices of several addresses or masks."},
	{.methods = POST, .path = "/devices/multikey/devices", .formats = "*", .right = RIGHT_READ,
	 .handle = multikey, .record = &device_table, .shape = SHAPE_LIST, LISTED,
	 .doc = "The devices of several keys."},
	{.methods = POST, .path = "/devices/multikey/as-object/devices", .formats = "*", .right = RIGHT_READ,
	 .handle = multikey_object, .record = &device_table, .shape = SHAPE_OBJECT, LISTED,
	 .doc = "The devices of several keys, by key."},
	{.methods = BOTH, .path = "/devices/by-phy/{phy}/devices", .formats = "*", .right = RIGHT_READ,
	 .handle = phy_devices, .record = &device_table, .shape = SHAPE_LIST, QUERY,
	 .refusals = {{404, "there is no such phy"}},
	 .doc = "The devices of a phy."},
	{.methods = BOTH, .path = "/devices/views/all_views", .formats = "*", .right = RIGHT_READ,
	 .handle = all_views, .record = &view_table, .shape = SHAPE_LIST,
	 .doc = "Every view and its size."},
	{.methods = BOTH, .path = "/devices/views/{view}/devices", .formats = "*", .right = RIGHT_READ,
	 .handle = view_devices, .record = &device_table, .shape = SHAPE_PAGE, QUERY,
	 .refusals = {{404, "there is no such view"}},
	 .doc = "The devices of a view, with fields, expressions and pages."},
	{.methods = BOTH, .path = "/devices/views/{view}/by-time/{time}/devices", .formats = "*",
	 .right = RIGHT_READ, .handle = view_devices, .record = &device_table, .shape = SHAPE_LIST, QUERY,
	 .refusals = {{404, "there is no such view"}},
	 .doc = "The devices of a view that changed at or after a server second."},
	{.methods = BOTH, .path = "/devices/views/{view}/last-time/{time}/devices", .formats = "*",
	 .right = RIGHT_READ, .handle = view_devices, .record = &device_table, .shape = SHAPE_LIST, QUERY,
	 .refusals = {{404, "there is no such view"}},
	 .doc = "The same by its later name."},
	{.methods = BOTH, .path = "/devices/views/{kind}/{view}/devices", .formats = "*", .right = RIGHT_READ,
	 .handle = named_view_devices, .record = &device_table, .shape = SHAPE_PAGE, QUERY,
	 .refusals = {{404, "there is no such view"}},
	 .doc = "The devices of a view, whose name is in two steps."},
	{.methods = BOTH, .path = "/devices/views/{kind}/{view}/last-time/{time}/devices", .formats = "*",
	 .right = RIGHT_READ, .handle = named_view_devices, .record = &device_table, .shape = SHAPE_LIST, QUERY,
	 .refusals = {{404, "there is no such view"}},
	 .doc = "The devices of such a view that changed at or after a server second."},
	{.methods = POST, .path = "/devices/by-key/{key}/set_name", .formats = "cmd,json", .right = RIGHT_ADMIN,
	 .handle = set_name, .record = &api_done_table, .shape = SHAPE_RECORD, .flags = EDIT,
	 .arguments = name_arguments,
	 .refusals = {{404, "no device has that key"}, {500, "it was changed, but could not be saved for the next run"}},
	 .doc = "Names a device."},
	{.methods = POST, .path = "/devices/by-key/{key}/set_tag", .formats = "cmd,json", .right = RIGHT_ADMIN,
	 .handle = set_tag, .record = &api_done_table, .shape = SHAPE_RECORD, .flags = EDIT,
	 .arguments = tag_arguments,
	 .refusals = {{404, "no device has that key"}, {500, "it was changed, but could not be saved for the next run"}},
	 .doc = "Sets a tag of a device; an empty value removes it."},
	{.methods = POST, .path = "/dev/by-key/{key}/set_name", .formats = "cmd,json", .right = RIGHT_ADMIN,
	 .handle = set_name, .record = &api_done_table, .shape = SHAPE_RECORD, .flags = EDIT,
	 .arguments = name_arguments,
	 .refusals = {{404, "no device has that key"}, {500, "it was changed, but could not be saved for the next run"}},
	 .doc = "Names a device, by another spelling."},
	{.methods = POST, .path = "/dev/by-key/{key}/set_tag", .formats = "cmd,json", .right = RIGHT_ADMIN,
	 .handle = set_tag, .record = &api_done_table, .shape = SHAPE_RECORD, .flags = EDIT,
	 .arguments = tag_arguments,
	 .refusals = {{404, "no device has that key"}, {500, "it was changed, but could not be saved for the next run"}},
	 .doc = "Sets a tag of a device, by another spelling."},
	{.methods = BOTH, .path = "/phy/all_phys", .formats = "*", .right = RIGHT_READ, .handle = all_phys,
	 .record = &phy_table, .shape = SHAPE_LIST,
	 .doc = "Every phy and its counts."},
};
/* clang-format on */
const struct route_table api_device_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
