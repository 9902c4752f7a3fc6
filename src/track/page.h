/* Pages of devices, and of other records that are walked as they are: those that meet the conditions, in an order, from
 * one number to another. Any thread. */
#pragma once
#include "field/filter.h"
#include "field/sort.h"
#include "track/device.h"
#include "track/walk.h"

struct view_filter; /* track/user_views.h */

/* What a record has to be, besides what a walk decides. */
struct page_conditions {
	struct view_filter *within;  /* of a view that the user defined; NULL: none */
	struct field_filter *filter; /* expressions; NULL: none */
	int16_t least_dbm;           /* of a device's last signal; 0: any */
};
/* Whether a copy of a record meets them. */
bool page_match(const struct page_conditions *c, const void *record, struct field_ctx *ctx);

struct page_query {
	int view; /* as of a walk, and the next */
	uint32_t since_sec;
	struct page_conditions conditions;
	const char *search; /* a text that one of those fields has; NULL: any record */
	const struct field_selection *searched;
	const struct field_path *sort; /* NULL: by key alone, by which all go that sort alike */
	bool descending;
	uint64_t start, length; /* length 0: all */
};
/* The page: handles in order, the caller's to free. */
struct record_page {
	struct device_handle *items;
	uint64_t n;
	uint64_t total, matched; /* in the view; of them, those that meet the conditions */
};

/* How records are walked. */
struct page_source {
	uint32_t (*next)(void *ctx, struct tracker_walk *walk, void *ret_records[TRACK_SLICE],
			 struct device_handle ret_handles[TRACK_SLICE]);
	/* Where they lie, for what needs no copy; NULL: only copies are seen. */
	bool (*visit)(void *ctx, struct tracker_walk *walk, tracker_visit_fn visit, void *visit_ctx);
	/* Identifies a record across time. */
	struct key (*key)(const void *record);
	void *ctx;
};
/* Finds a page of them; rows are read with `fields`, whose arena is this function's. */
void page_find(const struct page_source *from, const struct page_query *q, const struct field_ctx *fields,
	       struct record_page *ret);

struct tracker;
/* A page of the model's devices. */
void tracker_page(struct tracker *t, const struct page_query *q, struct record_page *ret);
