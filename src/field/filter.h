/* Filters of a request: multifield regular expressions, and the search of a table's user. */
#pragma once
#include "field/select.h"

#define FIELD_REGEX_BYTES 1024
#define FIELD_ERROR_SIZE 256

struct field_filter;
struct field_filter *field_filter_create(const struct field_table *root);
void field_filter_destroy(struct field_filter *f);
/* Adds a term: a path, which visits every element of lists on its way, and a PCRE. Negative, with a
 * sentence in ret_error, for a bad expression or too many. */
int field_filter_add(struct field_filter *f, const char *path, const char *regex, char ret_error[FIELD_ERROR_SIZE]);
/* True if any term matches any value that is text; true without terms. No value matches once the thread's budget is
 * over (base/budget.h). One thread at a time. */
bool field_filter_match(struct field_filter *f, const void *obj, struct field_ctx *ctx);

/* True if any selected field holds the words, whatever their case; true for no words. */
bool field_search(const struct field_selection *s, const char *words, const void *obj, struct field_ctx *ctx);
