/* Shared by all endpoints: writing records, and reading the command. */
#pragma once
#include "api/api.h"

/* One record, or a list of records of one table, as the request's format and its fields have it. */
void api_write_record(struct request *rq, struct reply *rp, const struct field_table *table, const void *record);
void api_write_list(struct request *rq, struct reply *rp, const struct field_table *table, const void *records,
		    size_t n);
/* An object {list_name: [records], time_name: now}; in line formats the records alone. */
void api_write_wrapped(struct request *rq, struct reply *rp, const char *list_name, const struct field_table *table,
		       const void *records, size_t n, const char *time_name, double time);
/* A context for writing; the arena is the caller's. */
struct field_ctx api_context(const struct api *api, struct arena *arena);
/* The command's `fields` compiled for the table: NULL when there are none. Negative, and replied,
 * when they are malformed. */
int api_fields(struct request *rq, struct reply *rp, const struct field_table *table,
	       struct field_selection **ret_selection);
/* "1700000000", or "-60" for seconds before now; replies 400 and returns false for anything else. */
bool api_since(struct reply *rp, const char *text, uint32_t *ret_sec);
/* The key of the path's {key}; replies 400. */
bool api_key_param(struct request *rq, struct reply *rp, struct key *ret_key);
