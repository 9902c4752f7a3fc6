/* A request's expression and how its records are wanted: /query/... (doc/query.md). */
#pragma once
#include "api/api.h"
#include "query/best.h"
#include "query/group.h"
#include "query/run.h"
#include "serve/argument.h"

#define EXPRESSION_LIMIT_MOST 1000000

struct expression {
	const struct query_record *record;
	struct query_program *program;
	struct query_run *run;
	struct field_selection *selection; /* NULL: whole records */
	struct field_path sort;
	bool sorted, descending;
	uint64_t limit; /* records; 0: all */
	uint64_t hash;  /* of its cursors */
	struct query_candidate after;
	bool has_after;
	struct query_groups *groups; /* NULL: the records themselves are wanted */
	bool has_span;               /* memory and logs of [from, to) are asked, instead of the model */
	uint32_t from_sec, to_sec;
};

/* Reads the request's arguments; `spans`: a span of time may be asked for. Negative, and replied, when they are wrong.
 * expression_finish() either way. */
int expression_read(struct request *rq, struct reply *rp, const struct query_record *record, bool spans,
		    struct expression *ret);
void expression_finish(struct expression *e);
extern const struct argument expression_arguments[];
