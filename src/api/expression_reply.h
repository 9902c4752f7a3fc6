/* Writing what an expression found: records as they are sent, or groups. */
#pragma once
#include "api/expression_find.h"

/* Replies with the records in the order of found->best, and takes e, found and records, which is the list that the
 * candidates are of; NULL: they are devices. fetch() finds those that are known by number, NULL for one that is dropped
 * by now; NULL: there are none such. */
typedef const void *(*record_fetch_fn)(const struct api *api, uint64_t number, struct arena *arena);
void expression_reply(struct request *rq, struct reply *rp, struct expression *e, struct found *found, void *records,
		      record_fetch_fn fetch);
