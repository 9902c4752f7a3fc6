#include "field/select.h"

#include <string.h>

#include "base/err.h"
#include "base/mem.h"

struct choice {
	struct field_path path;
	char *name;
};

struct field_selection {
	const struct field_table *root;
	struct choice *choices[FIELD_SELECT_MAX];
	size_t n;
};

struct field_selection *field_selection_create(const struct field_table *root)
{
	struct field_selection *s = xnew(struct field_selection, 1);

	s->root = root;
	return s;
}

static void free_choice(struct choice *c)
{
	free(c->name);
	free(c);
}

void field_selection_destroy(struct field_selection *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++)
		free_choice(s->choices[i]);
	free(s);
}

static void drop_earlier(struct field_selection *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++) {
		if (strcmp(s->choices[i]->name, name) != 0)
			continue;
		free_choice(s->choices[i]);
		memmove(&s->choices[i], &s->choices[i + 1], (s->n - i - 1) * sizeof(s->choices[0]));
		s->n--;
		return;
	}
}

int field_selection_add(struct field_selection *s, const char *path, const char *alias)
{
	struct choice *c;
	int r;

	if (alias && strlen(alias) >= FIELD_PATH_BYTES)
		return ERR_LIMIT;
	c = xnew(struct choice, 1);
	r = field_path_compile(s->root, path, strlen(path), &c->path);
	if (r < 0) {
		free(c);
		return r;
	}
	c->name = alias ? xstrdup(alias) : xstrdup(c->path.last);
	drop_earlier(s, c->name);
	if (s->n == FIELD_SELECT_MAX) {
		free_choice(c);
		return ERR_LIMIT;
	}
	s->choices[s->n++] = c;
	return 0;
}

size_t field_selection_count(const struct field_selection *s)
{
	return s->n;
}

const char *field_selection_name(const struct field_selection *s, size_t i)
{
	return s->choices[i]->name;
}

const struct field_path *field_selection_path(const struct field_selection *s, size_t i)
{
	return &s->choices[i]->path;
}

struct writing {
	struct buf *out;
	enum field_format format;
	struct field_ctx *ctx;
	size_t found;
};

static int write_found(const struct field_value *value, void *arg)
{
	struct writing *w = arg;

	if (w->found++)
		buf_char(w->out, ',');
	field_write_value(w->out, value, w->format, w->ctx);
	return 0;
}

static void write_name(struct buf *out, const struct choice *c, enum field_format format)
{
	const struct field *row = c->path.row;

	field_write_name(out, c->name, row ? field_type_name(row) : "unknown",
			 row && *row->doc ? row->doc
			 : row            ? "One of a list."
					  : "No field of the record has that name.",
			 format);
}

void field_selection_write(struct buf *out, const struct field_selection *s, const void *obj, enum field_format format,
			   struct field_ctx *ctx)
{
	buf_char(out, '{');
	for (size_t i = 0; i < s->n; i++) {
		const struct choice *c = s->choices[i];
		struct writing w = {.out = out, .format = format, .ctx = ctx};

		if (i)
			buf_char(out, ',');
		write_name(out, c, format);
		if (c->path.many && c->path.known)
			buf_char(out, '[');
		(void) field_path_each(&c->path, obj, ctx, write_found, &w);
		if (c->path.many && c->path.known)
			buf_char(out, ']');
		else if (!w.found)
			field_write_empty(out, c->path.row);
	}
	buf_char(out, '}');
}
