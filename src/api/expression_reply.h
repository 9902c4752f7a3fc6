/* Writing what an expression found: records as they are sent, or groups. */
#pragma once
#include "api/expression_find.h"

/* Replies with the records in the order of found->best, and takes e, found and records, which is the list that the
 * candidates are of; NULL: they are devices. */
void expression_reply(struct request *rq, struct reply *rp, struct expression *e, struct found *found, void *records);
