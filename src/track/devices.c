/* The model behind the interface of devices.h. */
#include "track/devices.h"

#include "track/read.h"
#include "track/views.h"

static uint32_t next(void *ctx, struct tracker_walk *walk, struct device *ret_devices[TRACK_SLICE],
		     struct device_handle ret_handles[TRACK_SLICE])
{
	return tracker_next(ctx, walk, ret_devices, ret_handles);
}
static bool visit(void *ctx, struct tracker_walk *walk, tracker_visit_fn fn, void *fn_ctx)
{
	return tracker_visit(ctx, walk, fn, fn_ctx);
}
static void page(void *ctx, const struct page_query *q, struct record_page *ret)
{
	tracker_page(ctx, q, ret);
}
static bool find(void *ctx, const struct key *key, struct device_handle *ret_handle)
{
	return tracker_find(ctx, key, ret_handle);
}
static uint32_t find_mac(void *ctx, const struct mac *mac, struct device_handle *ret_handles, uint32_t max)
{
	return tracker_find_mac(ctx, mac, ret_handles, max);
}
static struct device *get(void *ctx, const struct key *key, struct arena *arena)
{
	return tracker_get(ctx, key, arena);
}
static struct device *fetch(void *ctx, struct device_handle h, struct arena *arena)
{
	return tracker_fetch(ctx, h, arena);
}
static int view(void *ctx, const char *id)
{
	return tracker_view(ctx, id);
}
static uint32_t views(void *ctx, struct view_counts *ret_views, uint32_t max)
{
	return tracker_views(ctx, ret_views, max);
}

struct devices tracker_devices(struct tracker *t)
{
	static const struct devices_ops ops = {.next = next,
					       .visit = visit,
					       .page = page,
					       .find = find,
					       .find_mac = find_mac,
					       .get = get,
					       .fetch = fetch,
					       .view = view,
					       .views = views};

	return (struct devices){&ops, t};
}
