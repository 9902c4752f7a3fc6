#include "field/path.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "field/table.h"
#include "field/value.h"

/* Where compiling stands: a record's table, a list's element row, or a plain value. */
struct slot {
	const struct field_table *table;
	const struct field *elem; /* of the list or map that the last step found */
};

static struct slot slot_of(const struct field *row)
{
	struct slot p = {0};

	switch ((enum field_kind) row->kind) {
	case FIELD_OBJECT:
	case FIELD_POINTER:
	case FIELD_GET_OBJECT: p.table = row->table; break;
	case FIELD_ARRAY:
	case FIELD_LIST:
	case FIELD_MAP:
	case FIELD_GET_LIST: p.elem = row->elem; break;
	default: break;
	}
	return p;
}

static bool add_step(struct field_path *path, struct field_step step)
{
	if (path->n_steps == FIELD_PATH_STEPS)
		return false;
	path->steps[path->n_steps++] = step;
	return true;
}

/* Enters a list: a name that its records have goes into each; any other names one element. */
static bool enter_list(struct field_path *path, struct slot *at, const char *name, bool *ret_used)
{
	struct slot element = slot_of(at->elem);
	bool each = element.table && field_find(element.table, name, strlen(name));

	path->many |= each;
	*ret_used = !each;
	path->row = at->elem;
	*at = element;
	return add_step(path, (struct field_step){.kind = each ? FIELD_STEP_EACH : FIELD_STEP_KEY, .key = name});
}

static int compile_name(struct field_path *path, struct slot *at, const char *name)
{
	const struct field *row;
	bool used = false;

	if (at->elem && !enter_list(path, at, name, &used))
		return ERR_LIMIT;
	if (used)
		return 0;
	row = at->table ? field_find(at->table, name, strlen(name)) : NULL;
	path->row = row;
	if (!row) {
		path->known = false;
		return 0;
	}
	path->locks |= (row->flags & FIELD_LOCKS) != 0;
	*at = slot_of(row);
	return add_step(path, (struct field_step){.kind = FIELD_STEP_ROW, .row = row}) ? 0 : ERR_LIMIT;
}

int field_path_compile(const struct field_table *root, const char *text, size_t n, struct field_path *ret_path)
{
	struct slot at = {.table = root};
	char *save = NULL;

	*ret_path = (struct field_path){.known = true};
	if (n >= FIELD_PATH_BYTES)
		return ERR_LIMIT;
	memcpy(ret_path->text, text, n);
	for (char *name = strtok_r(ret_path->text, "/", &save); name; name = strtok_r(NULL, "/", &save)) {
		int r = ret_path->known ? compile_name(ret_path, &at, name) : 0;

		if (r < 0)
			return r;
		ret_path->last = name;
	}
	return ret_path->last ? 0 : ERR_MALFORMED;
}

struct following {
	const struct field_path *path;
	struct field_ctx *ctx;
	field_visit_fn visit;
	void *arg;
};

static int follow(const struct following *f, uint8_t step, const struct field_value *at);

static bool key_is(const struct field_value *list, const void *elem, size_t i, const char *key, struct field_ctx *ctx)
{
	struct field_value v;
	char *end;

	if (list->type != VALUE_MAP)
		return strtoull(key, &end, 10) == i && end != key && *end == '\0';
	field_read(list->row->key, elem, ctx, &v);
	if (v.type == VALUE_TEXT)
		return strlen(key) == v.n && memcmp(key, v.text, v.n) == 0;
	return v.type == VALUE_U64 && strtoull(key, &end, 10) == v.u64 && end != key && *end == '\0';
}

static int follow_list(const struct following *f, uint8_t step, const struct field_value *at)
{
	const struct field_step *s = &f->path->steps[step];

	for (size_t i = 0; i < at->n; i++) {
		const void *elem = (const char *) at->obj + i * at->row->size;
		struct field_value v;
		int r;

		if (s->kind == FIELD_STEP_KEY && !key_is(at, elem, i, s->key, f->ctx))
			continue;
		field_read(at->row->elem, elem, f->ctx, &v);
		r = follow(f, (uint8_t) (step + 1), &v);
		if (r != 0 || s->kind == FIELD_STEP_KEY)
			return r;
	}
	return 0;
}

static int follow(const struct following *f, uint8_t step, const struct field_value *at)
{
	struct field_value v;

	if (at->type == VALUE_ABSENT)
		return 0;
	if (step == f->path->n_steps)
		return f->visit(at, f->arg);
	if (f->path->steps[step].kind != FIELD_STEP_ROW)
		return at->type == VALUE_LIST || at->type == VALUE_MAP ? follow_list(f, step, at) : 0;
	if (at->type != VALUE_OBJECT)
		return 0;
	field_read(f->path->steps[step].row, at->obj, f->ctx, &v);
	return follow(f, (uint8_t) (step + 1), &v);
}

int field_path_each(const struct field_path *path, const void *obj, struct field_ctx *ctx, field_visit_fn visit,
		    void *arg)
{
	struct following f = {path, ctx, visit, arg};
	struct field_value root = {.type = VALUE_OBJECT, .obj = obj};

	return path->known ? follow(&f, 0, &root) : 0;
}

static int take_first(const struct field_value *value, void *arg)
{
	struct field_value *to = arg;

	*to = *value;
	if (value->text == value->scratch)
		to->text = to->scratch;
	return 1;
}

bool field_path_first(const struct field_path *path, const void *obj, struct field_ctx *ctx,
		      struct field_value *ret_value)
{
	ret_value->type = VALUE_ABSENT;
	return field_path_each(path, obj, ctx, take_first, ret_value) == 1;
}
