/* The interface for reading devices: find by key or address, walk by view and time, visit in place, a page of those
 * that meet conditions in an order, count. The model is the first implementation (tracker_devices()); a store of
 * earlier devices may be another.
 *
 * All calls: any thread. Copies live in the caller's arena. */
#pragma once
#include "track/page.h"
#include "track/views.h"

struct tracker;

struct devices_ops {
	/* As tracker_next(), tracker_visit(), tracker_page(), tracker_find(), tracker_find_mac(), tracker_get() and
	 * tracker_fetch(). */
	uint32_t (*next)(void *ctx, struct tracker_walk *walk, struct device *ret_devices[TRACK_SLICE],
			 struct device_handle ret_handles[TRACK_SLICE]);
	bool (*visit)(void *ctx, struct tracker_walk *walk, tracker_visit_fn visit, void *visit_ctx);
	void (*page)(void *ctx, const struct page_query *q, struct record_page *ret);
	bool (*find)(void *ctx, const struct key *key, struct device_handle *ret_handle);
	uint32_t (*find_mac)(void *ctx, const struct mac *mac, struct device_handle *ret_handles, uint32_t max);
	struct device *(*get)(void *ctx, const struct key *key, struct arena *arena);
	struct device *(*fetch)(void *ctx, struct device_handle h, struct arena *arena);
	/* As tracker_view() and tracker_views(), which counts. */
	int (*view)(void *ctx, const char *id);
	uint32_t (*views)(void *ctx, struct view_counts *ret_views, uint32_t max);
};
struct devices {
	const struct devices_ops *ops;
	void *ctx;
};

/* The devices that the model has now. */
struct devices tracker_devices(struct tracker *t);

/* Copies the next devices of a walk, at most TRACK_SLICE: how many, 0 at the end. */
static inline uint32_t devices_next(const struct devices *s, struct tracker_walk *walk,
				    struct device *ret_devices[TRACK_SLICE],
				    struct device_handle ret_handles[TRACK_SLICE])
{
	return s->ops->next(s->ctx, walk, ret_devices, ret_handles);
}
/* Shows the next devices where they lie: visit() takes a number or the beginning of a text. False at the end. */
static inline bool devices_visit(const struct devices *s, struct tracker_walk *walk, tracker_visit_fn visit, void *ctx)
{
	return s->ops->visit(s->ctx, walk, visit, ctx);
}
/* Finds a page; the caller frees its items. */
static inline void devices_page(const struct devices *s, const struct page_query *q, struct record_page *ret)
{
	s->ops->page(s->ctx, q, ret);
}
/* The handle of the device of that key; false when there is none. */
static inline bool devices_find(const struct devices *s, const struct key *key, struct device_handle *ret_handle)
{
	return s->ops->find(s->ctx, key, ret_handle);
}
/* The handles of the devices of all phys with that address, at most max: how many. */
static inline uint32_t devices_find_mac(const struct devices *s, const struct mac *mac,
					struct device_handle *ret_handles, uint32_t max)
{
	return s->ops->find_mac(s->ctx, mac, ret_handles, max);
}
/* Copies one device by key or handle; NULL when it is evicted. */
static inline struct device *devices_get(const struct devices *s, const struct key *key, struct arena *arena)
{
	return s->ops->get(s->ctx, key, arena);
}
static inline struct device *devices_fetch(const struct devices *s, struct device_handle h, struct arena *arena)
{
	return s->ops->fetch(s->ctx, h, arena);
}
/* The number of the view for walks, or ERR_NOT_FOUND; all views with the count of each. */
static inline int devices_view(const struct devices *s, const char *id)
{
	return s->ops->view(s->ctx, id);
}
static inline uint32_t devices_views(const struct devices *s, struct view_counts *ret_views, uint32_t max)
{
	return s->ops->views(s->ctx, ret_views, max);
}
