/* Views: named subsets of the devices. Those of phys are a bit of each device; a source's has the devices whose seen-by
 * list names it. */
#pragma once
#include "base/uuid.h"
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
/* The number of a new view, which is its bit, or ERR_LIMIT, which is counted. Under views_lock once other threads run.
 */
int views_add(struct tracker *t, const char *id, const char *description, bool indexed);
/* Adds the view of the source of that number in seen-by lists, or names it anew. Under views_lock as well. */
void views_add_source(struct tracker *t, uint16_t seen_as, const struct uuid *uuid);
void views_free(struct tracker *t);
/* What of a device puts it into a view. */
struct view_test {
	uint64_t bits; /* one of these; 0: a source */
	uint16_t seen_as;
};
/* Of the view of that number; negative: all devices. */
struct view_test view_test_of(int view);
bool view_has(const struct view_test *test, uint64_t bits, const struct device *d);
/* The devices that are in the view. No shard is locked. */
uint64_t count_view(struct tracker *t, uint32_t view);
/* The bits of the views that the device is in. Under its shard's lock, or before it is in one. */
uint64_t views_of(const struct tracker *t, const struct device *d);
