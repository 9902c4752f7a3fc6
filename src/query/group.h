/* Records counted by a value of theirs, by spans of time, or by both. */
#pragma once
#include "query/names.h"

#define QUERY_VALUE_SIZE 192 /* a value's octets; longer ones are cut */

struct query_sum {
	const char *name;
	double sum;
};
struct query_group {
	char value[QUERY_VALUE_SIZE];
	double from; /* second in which its span begins */
	bool has_value, has_from;
	uint64_t count, devices;
	LIST(struct query_sum) sums;
	struct query_sum sum[QUERY_SUMS_MAX];
};
extern struct field_table query_group_table;

struct query_groups;
/* value NULL: by no value; width_sec 0: by no time. Both are paths of the record's table or NULL, checked before. */
struct query_groups *query_groups_create(const struct query_record *record, const char *value, double width_sec);
/* Whether what it takes of a record takes a lock. */
bool query_groups_lock(const struct query_groups *g);
void query_groups_destroy(struct query_groups *g);

/* What groups need to know of a record, taken under its lock into the context's arena. */
struct query_member {
	struct field_text *values;
	uint32_t n, cap;
	double time;
	bool has_time;
	double sum[QUERY_SUMS_MAX];
	uint64_t device; /* that it is of */
};
void query_groups_take(const struct query_groups *g, const void *record, struct field_ctx *ctx,
		       struct query_member *ret_member);
/* Counts it in each group that it is in. */
void query_groups_add(struct query_groups *g, const struct query_member *m);
/* All groups: spans in their order, in each the largest first. They live as long as g. */
const struct query_group *query_groups_sorted(struct query_groups *g, size_t *ret_n);
/* Records that were in a group too many (norn_max_query_groups). */
uint64_t query_groups_left_out(const struct query_groups *g);
