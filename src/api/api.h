/* The endpoints: one file a section of the REST reference, each a table of routes and its handlers. */
#pragma once
#include "capture/source.h"
#include "feed/message.h"
#include "serve/serve.h"
#include "track/tracker.h"

/* What handlers work on; serve_conf.ctx points to one. Outlives the server. */
struct api {
	struct tracker *tracker;
	struct registry *sources;
	struct message_bus *messages;
	uint64_t start_us;
};

/* Every table of routes, NULL terminated. */
extern const struct route_table *const api_tables[];

/* One record, or a list of records of one table, as the request's format has it. */
void api_write_record(struct request *rq, struct reply *rp, const struct field_table *table,
		      const void *record);
void api_write_list(struct request *rq, struct reply *rp, const struct field_table *table,
		    const void *records, size_t n);
/* A context for writing; the arena is the caller's. */
struct field_ctx api_context(const struct api *api, struct arena *arena);
