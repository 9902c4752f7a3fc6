/* Writing what an expression found: records as they are sent, or groups. */
#pragma once
#include "api/expression_find.h"
#include "store/archive/archive_sightings.h"

/* What keeps the records that candidates are of until the reply is written. */
struct record_keeper {
	/* NULL for one that is dropped by now; it lives until the next one is asked for, or in the arena. */
	const void *(*record)(struct record_keeper *k, const struct api *api, const struct query_candidate *c,
			      struct arena *arena);
	void (*destroy)(struct record_keeper *k);
	const struct archive_progress *progress; /* of a search of logs; NULL: there was none */
};

/* Replies with the records in the order of found->best, and takes e, found and keeper; keeper NULL: they are devices of
 * the model. */
void expression_reply(struct request *rq, struct reply *rp, struct expression *e, struct found *found,
		      struct record_keeper *keeper);
