/* Devices as a reply that is made while it is sent, slice by slice, so that memory does not depend on
 * how many there are. */
#pragma once
#include "api/query.h"

/* Replies with all records of the query; takes what it owns. */
void reply_walk(struct request *rq, struct reply *rp, struct device_query *q);
void reply_handles(struct request *rq, struct reply *rp, struct device_query *q, struct handle_list *handles,
		   bool keyed, const char *before, const char *after);
