/* What an expression finds: devices of the model, and records of a list. */
#pragma once
#include "api/expression.h"

struct found {
	struct query_best best;
	uint64_t scanned; /* records that were looked at */
};
/* Which alerts devices have, and their like: asked once, before anything else. */
void expression_bind(struct api *api, struct expression *e);
/* The addresses that the latest alerts of [from, to) name, of those whose name the program's test of
 * that number means. *ret is never NULL, and the caller's to free. How many. */
size_t expression_alert_addresses(struct api *api, const struct query_program *p, size_t other, double from_sec,
				  double to_sec, uint64_t **ret);
/* Devices where they lie; negative, and replied, when the expression names a view that there is none of. Counts into
 * e->groups, or keeps the best in their order. */
int expression_find_devices(struct request *rq, struct reply *rp, struct expression *e, struct found *ret);
/* Records of a list of n; a candidate's handle[0] is its position. number() names a record across time; device() the
 * device that it is of, 0: none; NULL: records are of none. next() puts further records in their stead, which are known
 * by their numbers alone: handle[2] is 1; false when there are none. NULL: these are all. */
struct record_list {
	bool (*next)(struct record_list *list);
	const void *records;
	size_t n;
	uint64_t (*number)(const void *record);
	uint64_t (*device)(const void *record);
};
void expression_find_records(struct api *api, struct expression *e, struct record_list *list, struct found *ret);
/* Records that come one at a time. next() names each across time (ret->id) and the device that it is of; NULL at the
 * end. keep() gets those that match, and says how to find them again (c->handle). */
struct record_stream {
	const void *(*next)(struct record_stream *s, struct query_candidate *ret, uint64_t *ret_device);
	void (*keep)(struct record_stream *s, struct query_candidate *c);
};
void expression_find_stream(struct api *api, struct expression *e, struct record_stream *stream, struct found *ret);
/* A device as groups count them. */
uint64_t expression_device(const struct key *key);
