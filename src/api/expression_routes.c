/* /query/...: records by an expression (doc/query.md). */
#include <stdlib.h>
#include <string.h>

#include "api/expression_archive.h"
#include "api/expression_reply.h"
#include "base/limit.h"
#include "base/mem.h"
#include "detect/alert.h"
#include "detect/alert_names.h"
#include "feed/message_names.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"
#include "track/device_names.h"
#include "track/sighting_names.h"
#include "track/sighting_read.h"

static void devices(struct request *rq, struct reply *rp)
{
	struct expression e = {0};
	struct found found = {0};

	if (expression_read(rq, rp, &device_query, true, &e) >= 0) {
		if (e.has_span) {
			expression_reply_devices_of_span(rq, rp, &e);
		} else {
			expression_bind(request_context(rq), &e);
			if (expression_find_devices(rq, rp, &e, &found) >= 0)
				expression_reply(rq, rp, &e, &found, NULL);
		}
	}
	expression_finish(&e);
}

/* A list, and records that are known by number. */
struct list_keeper {
	struct record_keeper keeper;
	void *records;
	size_t size; /* of one */
	const void *(*fetch)(const struct api *api, uint64_t number, struct arena *arena);
};

static const void *list_record(struct record_keeper *keeper, const struct api *api, const struct query_candidate *c,
			       struct arena *arena)
{
	const struct list_keeper *k = (struct list_keeper *) keeper;

	if (c->handle[2])
		return k->fetch(api, c->id[0], arena);
	return (const char *) k->records + c->handle[0] * k->size;
}

static void list_destroy(struct record_keeper *keeper)
{
	free(((struct list_keeper *) keeper)->records);
	free(keeper);
}

/* Takes the records. */
static struct record_keeper *
keep_list(void *records, size_t size, const void *(*fetch)(const struct api *api, uint64_t number, struct arena *arena))
{
	struct list_keeper *k = xnew(struct list_keeper, 1);

	*k = (struct list_keeper){.keeper = {.record = list_record, .destroy = list_destroy},
				  .records = records,
				  .size = size,
				  .fetch = fetch};
	return &k->keeper;
}

/* Replies with those of a list, which it takes. */
static void reply_list(struct request *rq, struct reply *rp, struct expression *e, struct record_list *list)
{
	struct found found;

	expression_find_records(request_context(rq), e, list, &found);
	expression_reply(rq, rp, e, &found,
			 keep_list((void *) (uintptr_t) list->records, e->record->table->size, NULL));
}

static uint64_t alert_number(const void *record)
{
	return ((const struct alert *) record)->number;
}
static uint64_t alert_device(const void *record)
{
	const struct alert *a = record;

	return a->has_device ? expression_device(&a->device) : 0;
}

static void alerts(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct expression e = {0};
	struct record_list list = {.number = alert_number, .device = alert_device};
	struct alert *kept;

	if (expression_read(rq, rp, &alert_query, false, &e) >= 0) {
		kept = xnew(struct alert, ALERTS_KEPT);
		list.n = alerts_after(api->alerts, 0, kept, ALERTS_KEPT);
		list.records = kept;
		reply_list(rq, rp, &e, &list);
	}
	expression_finish(&e);
}

/* Sightings whose minute has not ended are copied, the others come in parts. */
#define SIGHTINGS_AT_ONCE 1024
struct sighting_list {
	struct record_list list;
	struct sightings *from;
	struct sighting_walk walk;
	struct sighting part[SIGHTINGS_AT_ONCE];
};

static uint64_t sighting_number(const void *record)
{
	return ((const struct sighting *) record)->number;
}
static uint64_t sighting_device(const void *record)
{
	return expression_device(&((const struct sighting *) record)->device);
}

static bool next_sightings(struct record_list *list)
{
	struct sighting_list *l = (struct sighting_list *) list;

	l->list.records = l->part;
	l->list.n = sightings_next(l->from, &l->walk, l->part, SIGHTINGS_AT_ONCE);
	return l->list.n > 0;
}

static const void *fetch_sighting(const struct api *api, uint64_t number, struct arena *arena)
{
	struct sighting_walk walk = {.after = number - 1, .ends = true, .until = number};
	struct sighting *s = arena_alloc(arena, sizeof(*s));

	return sightings_next(tracker_sightings(api->tracker), &walk, s, 1) && s->number == number ? s : NULL;
}

static void reply_sightings(struct request *rq, struct reply *rp, struct expression *e)
{
	struct api *api = request_context(rq);
	struct sighting_list *l = xnew(struct sighting_list, 1);
	struct sighting *open;
	struct found found;

	l->from = tracker_sightings(api->tracker);
	l->list = (struct record_list){.next = next_sightings, .number = sighting_number, .device = sighting_device};
	l->list.n = tracker_open_sightings(api->tracker, &l->walk, &open);
	open = open ? open : xnew(struct sighting, 1);
	l->list.records = open;
	expression_find_records(api, e, &l->list, &found);
	free(l);
	expression_reply(rq, rp, e, &found, keep_list(open, sizeof(*open), fetch_sighting));
}

static void sightings(struct request *rq, struct reply *rp)
{
	struct expression e = {0};

	if (expression_read(rq, rp, &sighting_query, true, &e) >= 0) {
		if (e.has_span)
			expression_reply_sightings_of_span(rq, rp, &e);
		else
			reply_sightings(rq, rp, &e);
	}
	expression_finish(&e);
}

static uint64_t message_number(const void *record)
{
	return ((const struct message *) record)->number;
}

static void messages(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct expression e = {0};
	struct record_list list = {.number = message_number};
	struct message *kept;

	if (expression_read(rq, rp, &message_query, false, &e) >= 0) {
		kept = xnew(struct message, MESSAGES_KEPT);
		list.n = message_after(api->messages, 0, kept, MESSAGES_KEPT);
		list.records = kept;
		reply_list(rq, rp, &e, &list);
	}
	expression_finish(&e);
}

#define QUERY(path_, handler, table, doc_, ...)                                                                        \
	{                                                                                                              \
		.methods = METHOD_BOTH, .path = (path_), .formats = "*,csv", .right = RIGHT_READ, .handle = (handler), \
		.record = (table), .shape = SHAPE_PAGE, .doc = (doc_), .arguments = expression_arguments, __VA_ARGS__  \
	}
/* clang-format off */
static const struct route routes[] = {
	QUERY("/query/devices", devices, &device_table, "Devices that an expression selects, of now or of a span, in an order, by pages or counted.",
	      .refusals = {{404, "the expression names a view that there is none of"}}),
	QUERY("/query/alerts", alerts, &alert_table, "The latest alerts, likewise."),
	QUERY("/query/sightings", sightings, &sighting_table,
	      "Sightings of the last hour and of the minutes that have not ended, or of a span, likewise."),
	QUERY("/query/messages", messages, &message_fields, "The latest messages, likewise."),
};
/* clang-format on */
static struct field_table *const records[] = {&query_group_table, NULL};
const struct route_table api_query_routes = {.routes = routes, .n = ARRAY_SIZE(routes), .records = records};
