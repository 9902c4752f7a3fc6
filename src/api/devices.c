/* Device Handling and Device Views: walks over the model, made while they are sent. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "base/clock.h"
#include "base/mem.h"

/* A walk that a reply reads from: slice by slice, so that memory does not depend on devices. */
struct device_reader {
	struct api *api;
	struct tracker_walk walk;
	struct arena arena;
	struct buf out;
	size_t sent;
	struct reply_format format;
	bool opened, ended, any;
};

static void write_slice(struct device_reader *r)
{
	struct device *devices[TRACK_SLICE];
	struct device_handle handles[TRACK_SLICE];
	struct field_ctx ctx = api_context(r->api, &r->arena);
	uint32_t n;

	buf_clear(&r->out);
	r->sent = 0;
	if (!r->opened && !r->format.lines)
		buf_char(&r->out, '[');
	r->opened = true;
	arena_reset(&r->arena);
	n = tracker_next(r->api->tracker, &r->walk, devices, handles);
	for (uint32_t i = 0; i < n; i++) {
		if (r->any && !r->format.lines)
			buf_char(&r->out, ',');
		r->any = true;
		field_write(&r->out, &device_table, devices[i], r->format.fields, &ctx);
		if (r->format.lines)
			buf_char(&r->out, '\n');
	}
	r->ended = n == 0;
	if (r->ended && !r->format.lines)
		buf_char(&r->out, ']');
}

static ssize_t read_devices(void *ctx, char *p, size_t max)
{
	struct device_reader *r = ctx;
	size_t n;

	while (r->sent == r->out.len) {
		if (r->ended)
			return -1;
		write_slice(r);
	}
	n = r->out.len - r->sent < max ? r->out.len - r->sent : max;
	memcpy(p, r->out.p + r->sent, n);
	r->sent += n;
	return (ssize_t) n;
}

static void destroy_reader(void *ctx)
{
	struct device_reader *r = ctx;

	arena_finish(&r->arena);
	buf_finish(&r->out);
	free(r);
}

static void reply_walk(struct request *rq, struct reply *rp, int view, uint32_t since_sec)
{
	struct device_reader *r = xnew(struct device_reader, 1);

	r->api = request_context(rq);
	r->format = request_format(rq);
	r->walk = (struct tracker_walk){.view = view, .since_sec = since_sec, .arena = &r->arena};
	reply_stream(rp, read_devices, r, destroy_reader);
}

/* "1700000000", or "-60" for seconds before now; false for anything else. */
static bool parse_since(const char *text, uint32_t *ret_sec)
{
	long long v;
	char *end;

	errno = 0;
	v = strtoll(text, &end, 10);
	if (end == text || *end || errno)
		return false;
	if (v < 0)
		v += (long long) clock_server_sec();
	*ret_sec = v < 0 ? 0 : v > UINT32_MAX ? UINT32_MAX : (uint32_t) v;
	return true;
}

static void all_devices(struct request *rq, struct reply *rp)
{
	reply_walk(rq, rp, -1, 0);
}

static void since_devices(struct request *rq, struct reply *rp)
{
	uint32_t since;

	if (!parse_since(request_param(rq, "time"), &since))
		reply_error(rp, 400, "The time is a number of seconds, negative for before now.");
	else
		reply_walk(rq, rp, -1, since);
}

static void view_devices(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const char *time = request_param(rq, "time");
	int view = tracker_view(api->tracker, request_param(rq, "view"));
	uint32_t since = 0;

	if (view < 0)
		reply_error(rp, 404, "There is no such view; /devices/views/all_views.json lists them.");
	else if (time && !parse_since(time, &since))
		reply_error(rp, 400, "The time is a number of seconds, negative for before now.");
	else
		reply_walk(rq, rp, view, since);
}

static void one_device(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const char *text = request_param(rq, "key");
	struct arena arena = {0};
	struct device *d = NULL;
	struct key key;

	if (key_parse(text, strlen(text), &key) < 0) {
		reply_error(rp, 400, "A device key is two hexadecimal numbers joined by '_'.");
		return;
	}
	d = tracker_get(api->tracker, &key, &arena);
	if (d)
		api_write_record(rq, rp, &device_table, d);
	else
		reply_error(rp, 404, "There is no device of that key.");
	arena_finish(&arena);
}

static void devices_of_mac(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const char *text = request_param(rq, "mac");
	struct arena arena = {0};
	struct device *found[32];
	struct mac mac;
	uint32_t n;

	if (mac_parse(text, strlen(text), &mac) < 0) {
		reply_error(rp, 400, "An address has the form AA:BB:CC:DD:EE:FF.");
		return;
	}
	n = tracker_by_mac(api->tracker, &mac, &arena, found, ARRAY_SIZE(found));
	api_write_list(rq, rp, &device_table, n ? found[0] : NULL, n > 0);
	arena_finish(&arena);
}

static void all_views(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct view_counts views[TRACK_VIEWS_MAX];
	uint32_t n = tracker_views(api->tracker, views, ARRAY_SIZE(views));

	api_write_list(rq, rp, &view_table, views, n);
}

static void all_phys(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct phy_counts phys[32];
	uint32_t n = tracker_phys(api->tracker, phys, ARRAY_SIZE(phys));

	api_write_list(rq, rp, &phy_table, phys, n);
}

#define GET METHOD_GET
static const struct route routes[] = {
	{GET, "/devices/all_devices", "ekjson,itjson", RIGHT_READ, all_devices, &device_table,
	 "Every device, one a line."},
	{GET, "/devices/last-time/{time}/devices", "*", RIGHT_READ, since_devices, &device_table,
	 "Devices that changed at or after a server second."},
	{GET, "/devices/by-key/{key}/device", "*", RIGHT_READ, one_device, &device_table,
	 "One device by its key."},
	{GET, "/devices/by-mac/{mac}/devices", "*", RIGHT_READ, devices_of_mac, &device_table,
	 "The devices of an address."},
	{GET, "/devices/views/all_views", "*", RIGHT_READ, all_views, &view_table,
	 "Every view and its size."},
	{GET, "/devices/views/{view}/devices", "*", RIGHT_READ, view_devices, &device_table,
	 "The devices of a view."},
	{GET, "/devices/views/{view}/by-time/{time}/devices", "*", RIGHT_READ, view_devices,
	 &device_table, "The devices of a view that changed at or after a server second."},
	{GET, "/devices/views/{view}/last-time/{time}/devices", "*", RIGHT_READ, view_devices,
	 &device_table, "The same by its later name."},
	{GET, "/phy/all_phys", "*", RIGHT_READ, all_phys, &phy_table, "Every phy and its counts."},
};
const struct route_table api_device_routes = {routes, ARRAY_SIZE(routes)};
