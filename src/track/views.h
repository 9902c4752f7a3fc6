/* Views: named subsets of the devices, each a bit. */
#pragma once
#include "track/device.h"

struct tracker;

struct view_counts {
	char id[64], description[96];
	uint64_t devices;
	bool indexed;
};
extern struct field_table view_table;
/* All views with the count of each, at most max: how many. Any thread. */
uint32_t tracker_views(struct tracker *t, struct view_counts *ret_views, uint32_t max);
/* The number of the view, or ERR_NOT_FOUND. */
int tracker_view(struct tracker *t, const char *id);

/* For the model itself. */
/* The number of a new view, or ERR_LIMIT. Under views_lock once other threads run. */
int views_add(struct tracker *t, const char *id, const char *description, bool indexed);
/* The devices that are in the view. No shard is locked. */
uint64_t count_view(struct tracker *t, uint32_t view);
/* The views that the device is in. Under its shard's lock, or before it is in one. */
uint64_t views_of(const struct tracker *t, const struct device *d);
