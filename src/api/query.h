/* A request's selection of devices, or of records that are listed as devices are, and the replies that walk over them.
 */
#pragma once
#include "api/api.h"
#include "field/filter.h"
#include "field/sort.h"
#include "serve/argument.h"

/* Records that are walked, filtered, sorted and paged. */
struct record_kind {
	struct field_table *table;
	const char *const *searched; /* fields that a search looks at when the request names none; NULL terminated */
	/* As devices_next(), devices_fetch(). */
	uint32_t (*next)(const struct api *api, struct tracker_walk *walk, void *ret_records[TRACK_SLICE],
			 struct device_handle ret_handles[TRACK_SLICE]);
	void *(*fetch)(const struct api *api, struct device_handle h, struct arena *arena);
	/* As devices_page(). */
	void (*page)(const struct api *api, const struct page_query *q, struct record_page *ret);
	/* Identifies a record across time. */
	struct key (*key)(const void *record);
	bool devices; /* they are devices: they have views and signals */
};
extern const struct record_kind device_kind;

/* The arguments that query_read() and reply_page() read, as rows for routes. */
/* clang-format off */
#define QUERY_ARGUMENTS \
	{"fields", ARGUMENT_LIST, false, "Fields that are wanted: paths, or [path, name]."}, \
	{"regex", ARGUMENT_LIST, false, "[path, expression] of which one has to match."}, \
	{"last_time", ARGUMENT_NUMBER, false, "Second since which it changed; negative: before now."}, \
	{"norn.signal_min", ARGUMENT_WHOLE, false, "Least signal in dBm."}, \
	{"colmap", ARGUMENT_ANY, false, "Field paths of DataTables' columns, by number."}, \
	{"datatable", ARGUMENT_TRUTH, false, "The reply is a page as DataTables asks for it by form variables."}
/* clang-format on */
extern const struct argument query_arguments[];

struct device_query {
	const struct record_kind *kind;
	struct field_selection *selection; /* NULL: whole records */
	struct page_conditions conditions; /* the query's own */
	int view;                          /* devices_view(), or -1 */
	uint32_t since_sec;
};

/* A view by its name: its number for walks, or -1 and the filter that says what is in it, the caller's to destroy.
 * Replies 404 and returns false when there is none. */
bool api_view(struct request *rq, struct reply *rp, const char *name, int *ret_view, struct view_filter **ret_within);
/* Reads fields, regex and last_time from the command; negative, and replied, when they are wrong. */
int query_read(struct request *rq, struct reply *rp, struct device_query *ret_query);
int query_read_kind(struct request *rq, struct reply *rp, const struct record_kind *kind,
		    struct device_query *ret_query);
void query_finish(struct device_query *q);
/* What it selects is known: it has no conditions any more. */
void query_drop_conditions(struct device_query *q);

/* Replies with these devices, in their order; evicted ones are left out. Takes the handles.
 * keyed: as an object by device key. before and after are written around the list. */
struct handle_list {
	struct device_handle *items;
	uint32_t count, cap;
};
void handle_list_add(struct handle_list *l, struct device_handle h);
