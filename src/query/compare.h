/* One test against one record. */
#pragma once
#include "query/program.h"

/* True if a value that the test's path finds is what its condition asks for. space may be NULL unless it is dear. */
bool query_compare(const struct query_test *t, const void *record, struct field_ctx *ctx, struct regex_space *space);
/* A text against patterns. */
bool query_compare_text(const struct query_condition *c, const char *text, size_t n, struct regex_space *space);
/* Visits a value; of a list or map whose elements are plain, each of them, and the keys of a map. */
int query_visit(const struct field_value *v, struct field_ctx *ctx, field_visit_fn visit, void *arg);
