#include "track/user_views.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/limit.h"
#include "base/mem.h"
#include "query/run.h"
#include "track/device_names.h"
#include "track/read.h"
#include "track/tracker.h"
#include "track/views.h"

#define NAME_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
#define COUNT_SHARE 20 /* counting takes at most one part in so many of the time */

/* One way to be in the view. */
struct view_term {
	char *path, *regex; /* a regular expression that a text matches; or */
	char *expression;
};
struct user_view {
	struct view_counts shown;
	struct view_term *terms;
	size_t n;
};
struct user_views {
	struct user_view *items;
	uint32_t n;
	pthread_mutex_t lock;      /* of the sizes */
	uint64_t counted_until_us; /* monotonic: so long the sizes hold */
};

struct user_views *user_views_create(void)
{
	struct user_views *v = xnew(struct user_views, 1);

	(void) pthread_mutex_init(&v->lock, NULL);
	return v;
}

static void view_finish(struct user_view *view)
{
	for (size_t i = 0; i < view->n; i++) {
		free(view->terms[i].path);
		free(view->terms[i].regex);
		free(view->terms[i].expression);
	}
	free(view->terms);
}

void user_views_destroy(struct user_views *v)
{
	if (!v)
		return;
	for (uint32_t i = 0; i < v->n; i++)
		view_finish(&v->items[i]);
	(void) pthread_mutex_destroy(&v->lock);
	free(v->items);
	free(v);
}

static struct user_view *find(const struct user_views *v, const char *name)
{
	for (uint32_t i = 0; i < v->n; i++)
		if (strcmp(v->items[i].shown.id, name) == 0)
			return &v->items[i];
	return NULL;
}

struct view_filter {
	struct field_filter *regexes;
	struct query_program **programs;
	struct query_run **runs;
	bool has_regexes;
	size_t n_programs;
};

struct view_filter *view_filter_create(struct field_filter *regexes)
{
	struct view_filter *f = xnew(struct view_filter, 1);

	f->regexes = regexes;
	f->has_regexes = true;
	return f;
}

void view_filter_destroy(struct view_filter *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->n_programs; i++) {
		query_run_destroy(f->runs[i]);
		query_program_destroy(f->programs[i]);
	}
	field_filter_destroy(f->regexes);
	free(f->programs);
	free(f->runs);
	free(f);
}

bool view_filter_match(struct view_filter *f, const void *record, struct field_ctx *ctx)
{
	for (size_t i = 0; i < f->n_programs; i++)
		if (query_matches(f->runs[i], record, ctx))
			return true;
	return f->has_regexes && field_filter_match(f->regexes, record, ctx);
}

/* True if the expression is one that devices alone answer. */
static bool add_program(struct view_filter *f, const char *text, char error[FIELD_ERROR_SIZE])
{
	struct query_error fault;
	struct query_program *p = query_compile(&device_query, text, strlen(text), clock_server_sec(), &fault);

	if (!p) {
		(void) snprintf(error, FIELD_ERROR_SIZE, "%.*s", FIELD_ERROR_SIZE - 1, fault.text);
		return false;
	}
	if (query_others(p) || query_program_view(p)) {
		(void) snprintf(error, FIELD_ERROR_SIZE, "the expression of a view names neither alerts nor views");
		query_program_destroy(p);
		return false;
	}
	xgrow(f->programs, f->n_programs + 1);
	xgrow(f->runs, f->n_programs + 1);
	f->programs[f->n_programs] = p;
	f->runs[f->n_programs++] = query_run_create(p);
	return true;
}

static struct view_filter *filter_of(const struct user_view *view, char error[FIELD_ERROR_SIZE])
{
	struct view_filter *f = view_filter_create(field_filter_create(&device_table));
	bool good = true;

	f->has_regexes = false;
	for (size_t i = 0; i < view->n && good; i++) {
		const struct view_term *t = &view->terms[i];

		if (t->expression && device_table.n_rows == 0)
			continue; /* the phys have not registered theirs */
		f->has_regexes |= !t->expression;
		good = t->expression ? add_program(f, t->expression, error)
				     : field_filter_add(f->regexes, t->path, t->regex, error) >= 0;
	}
	if (!good)
		view_filter_destroy(TAKE(f));
	return f;
}

static struct view_term *new_term(struct user_view *view)
{
	xgrow(view->terms, view->n + 1);
	view->terms[view->n] = (struct view_term){0};
	return &view->terms[view->n++];
}

static void add_regex(struct user_view *view, const char *path, size_t path_n, const char *regex)
{
	struct view_term *t = new_term(view);

	t->path = xstrndup(path, path_n);
	t->regex = xstrdup(regex);
}

static bool read_list(struct user_view *view, const char *text)
{
	char error[JSON_IN_ERROR_SIZE];
	struct json_in *list = json_in_read(text, strlen(text), error);
	bool good = json_in_is_list(list) && json_in_count(list) > 0;

	for (size_t i = 0; good && i < json_in_count(list); i++) {
		const struct json_in *term = json_in_at(list, i);
		const char *path = json_in_text(json_in_at(term, 0)), *regex = json_in_text(json_in_at(term, 1));

		good = json_in_is_list(term) && json_in_count(term) == 2 && path && regex;
		if (good)
			add_regex(view, path, strlen(path), regex);
	}
	json_in_free(list);
	return good;
}

/* Whether n octets are a field's path, as the older form has it. */
static bool is_path(const char *text, size_t n)
{
	return n > 0 && memchr(text, '.', n) && strcspn(text, " :<>!~()\"") >= n;
}

/* An expression, "PATH=REGULAR EXPRESSION", or a list of [path, regular expression]. */
static bool read_terms(struct user_view *view, const char *text)
{
	const char *is = strchr(text, '=');

	if (*text == '[')
		return read_list(view, text);
	if (is && is[1] && is_path(text, (size_t) (is - text)))
		add_regex(view, text, (size_t) (is - text), is + 1);
	else if (*text && !is_path(text, is ? (size_t) (is - text) : strlen(text)))
		new_term(view)->expression = xstrdup(text);
	return view->n > 0;
}

/* True if every path names a field; true as long as the phys have not registered theirs. */
static bool paths_known(const struct user_view *view, char error[FIELD_ERROR_SIZE])
{
	for (size_t i = 0; i < view->n && device_table.n_rows; i++) {
		const char *text = view->terms[i].path;
		struct field_path path;

		if (!text)
			continue;
		if (field_path_compile(&device_table, text, strlen(text), &path) >= 0 && path.known)
			continue;
		(void) snprintf(error, FIELD_ERROR_SIZE, "devices have no field '%.128s'", text);
		return false;
	}
	return true;
}

/* The new terms, by themselves, in a view of their own. */
static int parse(const char *definition, struct user_view *ret, char error[FIELD_ERROR_SIZE])
{
	size_t n = strspn(definition, NAME_LETTERS);
	struct view_filter *filter;

	if (n == 0 || n >= sizeof(ret->shown.id) || definition[n] != ':' || !read_terms(ret, definition + n + 1)) {
		(void) snprintf(error, FIELD_ERROR_SIZE,
				"expected NAME:EXPRESSION, NAME:FIELD PATH=REGULAR EXPRESSION or "
				"NAME:[[\"path\",\"regular expression\"],...], the name of letters, digits, - and _");
		return ERR_MALFORMED;
	}
	memcpy(ret->shown.id, definition, n);
	filter = paths_known(ret, error) ? filter_of(ret, error) : NULL;
	if (!filter)
		return ERR_MALFORMED;
	view_filter_destroy(filter);
	return 0;
}

static int merge(struct user_view *into, const struct user_view *from, char error[FIELD_ERROR_SIZE])
{
	if (limit_full(LIMIT_EXPRESSIONS, into->n + from->n - 1)) {
		(void) snprintf(error, FIELD_ERROR_SIZE, "the view '%s' has more than %u expressions", into->shown.id,
				(unsigned) limit_of(LIMIT_EXPRESSIONS));
		return ERR_LIMIT;
	}
	for (size_t i = 0; i < from->n; i++) {
		const struct view_term *t = &from->terms[i];

		if (t->expression)
			new_term(into)->expression = xstrdup(t->expression);
		else
			add_regex(into, t->path, strlen(t->path), t->regex);
	}
	return 0;
}

int user_views_add(struct user_views *v, const char *definition, const char *description,
		   char ret_error[FIELD_ERROR_SIZE])
{
	struct user_view view = {0}, *known;
	int r = parse(definition, &view, ret_error);

	known = r < 0 ? NULL : find(v, view.shown.id);
	if (known)
		r = merge(known, &view, ret_error);
	else if (r >= 0 && limit_full(LIMIT_VIEWS, v->n))
		r = ERR_LIMIT;
	if (r == ERR_LIMIT && !known)
		(void) snprintf(ret_error, FIELD_ERROR_SIZE, "the limit of views is reached; raise norn_max_views");
	if (r < 0 || known) {
		view_finish(&view);
		return r;
	}
	(void) snprintf(view.shown.description, sizeof(view.shown.description), "%s",
			description ? description : strchr(definition, ':') + 1);
	xgrow(v->items, v->n + 1);
	v->items[v->n++] = view;
	return 0;
}

struct view_filter *user_views_filter(const struct user_views *v, const char *name)
{
	const struct user_view *view = v ? find(v, name) : NULL;
	char error[FIELD_ERROR_SIZE];

	return view ? filter_of(view, error) : NULL;
}

static void count_slice(struct user_views *v, struct view_filter **filters, struct device **devices, uint32_t n,
			struct field_ctx *ctx)
{
	for (uint32_t i = 0; i < v->n; i++)
		for (uint32_t k = 0; k < n; k++)
			v->items[i].shown.devices += filters[i] && view_filter_match(filters[i], devices[k], ctx);
}

/* All sizes in one walk. */
static void count(struct user_views *v, struct tracker *t)
{
	struct view_filter **filters = xnew(struct view_filter *, v->n + 1);
	struct device *devices[TRACK_SLICE];
	struct device_handle handles[TRACK_SLICE];
	struct arena arena = {0};
	struct tracker_walk walk = {.view = -1, .arena = &arena};
	struct field_ctx ctx = {.now_us = clock_server_us(),
				.model_now = tracker_now(t),
				.arena = &arena,
				.context = tracker_context(t)};
	uint32_t n;

	for (uint32_t i = 0; i < v->n; i++) {
		filters[i] = user_views_filter(v, v->items[i].shown.id);
		v->items[i].shown.devices = 0;
	}
	while ((n = tracker_next(t, &walk, devices, handles)) > 0) {
		count_slice(v, filters, devices, n, &ctx);
		arena_reset(&arena);
	}
	for (uint32_t i = 0; i < v->n; i++)
		view_filter_destroy(filters[i]);
	arena_finish(&arena);
	free(filters);
}

uint32_t user_views_list(struct user_views *v, struct tracker *t, struct view_counts *ret_views, uint32_t max)
{
	uint64_t begin = clock_monotonic_us();
	uint32_t n = v && v->n < max ? v->n : max;

	if (!v || !v->n)
		return 0;
	(void) pthread_mutex_lock(&v->lock);
	if (begin >= v->counted_until_us) {
		count(v, t);
		v->counted_until_us =
			budget_over() ? 0 : clock_monotonic_us() + COUNT_SHARE * (clock_monotonic_us() - begin);
	}
	for (uint32_t i = 0; i < n; i++)
		ret_views[i] = v->items[i].shown;
	(void) pthread_mutex_unlock(&v->lock);
	return n;
}
