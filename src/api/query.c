#include "api/query.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "api/write.h"
#include "base/err.h"
#include "base/mem.h"
#include "serve/reply.h"
#include "serve/request.h"

/* clang-format off */
const struct argument query_arguments[] = {
	QUERY_ARGUMENTS,
	{.name = NULL},
};
/* clang-format on */

static int add_term(struct field_filter *f, const struct json_in *v, char error[FIELD_ERROR_SIZE])
{
	const char *path = json_in_text(json_in_at(v, 0)), *regex = json_in_text(json_in_at(v, 1));

	if (json_in_is_list(v) && json_in_count(v) == 2 && path && regex)
		return field_filter_add(f, path, regex, error);
	(void) snprintf(error, FIELD_ERROR_SIZE, "Invalid regex: each is [field path, expression]");
	return ERR_MALFORMED;
}

static int read_regex(struct request *rq, struct reply *rp, struct device_query *q)
{
	const struct json_in *regex = json_in_get(request_command(rq), "regex");
	char error[FIELD_ERROR_SIZE] = "";
	int r = 0;

	if (!regex || (json_in_is_list(regex) && json_in_count(regex) == 0))
		return 0;
	if (!json_in_is_list(regex)) {
		reply_error(rp, 400, "Invalid regex: it is a list of [field path, expression].");
		return ERR_MALFORMED;
	}
	q->conditions.filter = field_filter_create(q->kind->table);
	for (size_t i = 0; i < json_in_count(regex) && r >= 0; i++)
		r = add_term(q->conditions.filter, json_in_at(regex, i), error);
	if (r < 0)
		reply_error(rp, 400, "%s.", error);
	return r;
}

static int read_last_time(struct request *rq, struct reply *rp, struct device_query *q)
{
	const struct json_in *v = json_in_get(request_command(rq), "last_time");
	char text[32];
	double sec;

	if (!json_in_real(v, &sec))
		return 0;
	(void) snprintf(text, sizeof(text), "%lld", (long long) fmax(-1e15, fmin(sec, 1e15)));
	return api_since(rp, text, &q->since_sec) ? 0 : ERR_MALFORMED;
}

#define SIGNAL_LEAST (-128) /* dBm */

static int read_signal(struct request *rq, struct reply *rp, struct device_query *q)
{
	const struct json_in *v = json_in_get(request_command(rq), "norn.signal_min");
	int64_t dbm;

	if (!v)
		return 0;
	if (!json_in_whole(v, &dbm) || dbm < SIGNAL_LEAST || dbm > 0) {
		reply_error(rp, 400, "Invalid request: 'norn.signal_min' is a signal in dBm, %d to 0.", SIGNAL_LEAST);
		return ERR_MALFORMED;
	}
	q->conditions.least_dbm = (int16_t) dbm;
	return 0;
}

bool api_view(struct request *rq, struct reply *rp, const char *name, int *ret_view, struct view_filter **ret_within)
{
	const struct api *api = request_context(rq);

	*ret_view = devices_view(&api->devices, name);
	*ret_within = *ret_view < 0 ? user_views_filter(api->user_views, name) : NULL;
	if (*ret_view >= 0 || *ret_within)
		return true;
	reply_error(rp, 404, "There is no such view; /devices/views/all_views.json lists them.");
	return false;
}

static uint32_t next_devices(const struct api *api, struct tracker_walk *walk, void *ret_records[TRACK_SLICE],
			     struct device_handle ret_handles[TRACK_SLICE])
{
	return devices_next(&api->devices, walk, (struct device **) ret_records, ret_handles);
}

static void *fetch_device(const struct api *api, struct device_handle h, struct arena *arena)
{
	return devices_fetch(&api->devices, h, arena);
}

static void page_of_devices(const struct api *api, const struct page_query *q, struct record_page *ret)
{
	devices_page(&api->devices, q, ret);
}

static struct key key_of_device(const void *record)
{
	return ((const struct device *) record)->key;
}

static const char *const searched[] = {"kismet.device.base.commonname",
				       "kismet.device.base.macaddr",
				       "kismet.device.base.manuf",
				       "kismet.device.base.type",
				       "kismet.device.base.crypt",
				       "kismet.device.base.channel",
				       NULL};
const struct record_kind device_kind = {&device_table,   searched,      next_devices, fetch_device,
					page_of_devices, key_of_device, true};

int query_read(struct request *rq, struct reply *rp, struct device_query *ret_query)
{
	return query_read_kind(rq, rp, &device_kind, ret_query);
}

int query_read_kind(struct request *rq, struct reply *rp, const struct record_kind *kind,
		    struct device_query *ret_query)
{
	*ret_query = (struct device_query){.kind = kind, .view = -1};
	if (api_fields(rq, rp, kind->table, &ret_query->selection) < 0 || read_regex(rq, rp, ret_query) < 0 ||
	    read_last_time(rq, rp, ret_query) < 0 || (kind->devices && read_signal(rq, rp, ret_query) < 0)) {
		query_finish(ret_query);
		return ERR_MALFORMED;
	}
	return 0;
}

void query_drop_conditions(struct device_query *q)
{
	field_filter_destroy(q->conditions.filter);
	view_filter_destroy(q->conditions.within);
	q->conditions = (struct page_conditions){0};
}

void query_finish(struct device_query *q)
{
	field_selection_destroy(q->selection);
	query_drop_conditions(q);
	*q = (struct device_query){.view = -1};
}

void handle_list_add(struct handle_list *l, struct device_handle h)
{
	if (l->count == l->cap) {
		l->cap = l->cap ? l->cap + l->cap / 2 + 1 : 16;
		xgrow(l->items, l->cap);
	}
	l->items[l->count++] = h;
}
