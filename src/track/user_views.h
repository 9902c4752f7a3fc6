/* Views that the user and plugins define: filters of devices by name, asked when a view is read. The model knows
 * nothing of them: they run on readers' copies.
 *
 * A definition is NAME: and an expression (query/compile.h); or, as it was before these, NAME:FIELD PATH=REGULAR
 * EXPRESSION, or NAME: and a list of them in JSON as a request's `regex` has it, [["path", "expression"], ...]. A name
 * that is there already gets further terms; any of them is enough. */
#pragma once
#include "field/filter.h"
#include "track/views.h"

struct user_views;
struct user_views *user_views_create(void);
void user_views_destroy(struct user_views *v);
/* Adds a definition; description NULL: one that shows the filter. Negative, with a sentence in ret_error. Before the
 * first request, one thread. */
int user_views_add(struct user_views *v, const char *definition, const char *description,
		   char ret_error[FIELD_ERROR_SIZE]);
/* What is in a view. One thread at a time. */
struct view_filter;
/* That of the view of that name, the caller's to destroy; NULL when there is none. v may be NULL. Any thread. */
struct view_filter *user_views_filter(const struct user_views *v, const char *name);
/* One of regular expressions alone; takes them. */
struct view_filter *view_filter_create(struct field_filter *regexes);
bool view_filter_match(struct view_filter *f, const void *record, struct field_ctx *ctx);
void view_filter_destroy(struct view_filter *f);
/* How many there are, and their names and sizes, at most max. Counting walks over all devices, so a size may be some
 * seconds old when that takes long. Any thread. */
uint32_t user_views_list(struct user_views *v, struct tracker *t, struct view_counts *ret_views, uint32_t max);
