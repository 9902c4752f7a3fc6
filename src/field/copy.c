#include "field/copy.h"

#include <stdlib.h>
#include <string.h>

/* One struct on its way from src to dst; lists within the struct are followed by offset. */
struct copying {
	char *dst;
	const char *src;
	size_t size;
	struct arena *arena;
};

static void copy_row(const struct copying *c, const struct field *row, size_t base);

static void copy_table(const struct copying *c, const struct field_table *t, size_t base)
{
	const struct field_meta *m = field_meta(t);

	for (size_t i = 0; m->owns && i < t->n_rows; i++)
		if (m->rows[i].owns)
			copy_row(c, &t->rows[i], base);
}

static void copy_elements(void *dst, const void *src, const struct field *row, size_t count, struct arena *arena)
{
	struct copying each = {.size = row->size, .arena = arena};

	for (size_t i = 0; row->elem && i < count; i++) {
		each.dst = (char *) dst + i * row->size;
		each.src = (const char *) src + i * row->size;
		copy_row(&each, row->elem, 0);
		if (row->key)
			copy_row(&each, row->key, 0);
	}
}

static void copy_list(const struct copying *c, const struct field *row, size_t at)
{
	const struct list *from = (const void *) (c->src + at);
	struct list *to = (void *) (c->dst + at);
	const char *items = from->items;

	if (from->count == 0) {
		to->items = NULL;
		return;
	}
	if (items >= c->src && items < c->src + c->size)
		to->items = c->dst + (items - c->src);
	else
		to->items = arena_copy(c->arena, items, from->count * row->size);
	copy_elements(to->items, from->items, row, from->count, c->arena);
}

static void *copy_record(const struct field_table *t, const void *src, struct arena *arena)
{
	void *dst;

	if (!src)
		return NULL;
	dst = arena_alloc(arena, t->size);
	field_copy(t, dst, src, arena);
	return dst;
}

static void copy_octets(struct octets *o, struct arena *arena)
{
	o->p = o->n ? arena_copy(arena, o->p, o->n) : NULL;
}

static void copy_row(const struct copying *c, const struct field *row, size_t base)
{
	size_t at = base + row->offset;
	void *to = c->dst + at;
	char *s = NULL;

	switch ((enum field_kind) row->kind) {
	case FIELD_STRING:
		memcpy(&s, to, sizeof(s));
		if (s)
			*(char **) to = arena_copy(c->arena, s, strlen(s) + 1);
		break;
	case FIELD_OCTETS: copy_octets(to, c->arena); break;
	case FIELD_POINTER: *(void **) to = copy_record(row->table, *(void **) to, c->arena); break;
	case FIELD_BLOCK:
		if (*(void **) to)
			*(void **) to = arena_copy(c->arena, *(void **) to, row->size);
		break;
	case FIELD_LIST:
	case FIELD_MAP: copy_list(c, row, at); break;
	case FIELD_OBJECT: copy_table(c, row->table, at); break;
	case FIELD_ARRAY: copy_elements(to, c->src + at, row, row->count, c->arena); break;
	default: break;
	}
}

void field_copy(const struct field_table *table, void *dst, const void *src, struct arena *arena)
{
	struct copying c = {.dst = dst, .src = src, .size = table->size, .arena = arena};

	memcpy(dst, src, table->size);
	copy_table(&c, table, 0);
}

/* Freeing and weighing walk the same rows. */

struct visit {
	size_t bytes;
	bool free;
};

static void visit_table(struct visit *v, const struct field_table *t, const char *obj, const char *whole,
			size_t whole_size);
static void visit_row(struct visit *v, const struct field *row, char *p, const char *whole, size_t whole_size);

static void release(struct visit *v, void **p, size_t n)
{
	v->bytes += *p ? n : 0;
	if (v->free) {
		free(*p);
		*p = NULL;
	}
}

static void visit_list(struct visit *v, const struct field *row, struct list *l, const char *whole, size_t whole_size)
{
	const char *items = l->items;
	bool is_within = items >= whole && items < whole + whole_size;

	for (uint32_t i = 0; row->elem && i < l->count; i++) {
		char *elem = (char *) l->items + i * row->size;

		visit_row(v, row->elem, elem, elem, row->size);
		if (row->key)
			visit_row(v, row->key, elem, elem, row->size);
	}
	if (is_within)
		l->items = v->free ? NULL : l->items;
	else
		release(v, &l->items, l->cap * row->size);
	if (v->free)
		l->count = l->cap = 0;
}

/* p is the struct that the row belongs to. */
static void visit_row(struct visit *v, const struct field *row, char *p, const char *whole, size_t whole_size)
{
	void **at = (void **) (void *) (p + row->offset);
	struct octets *o = (void *) at;

	switch ((enum field_kind) row->kind) {
	case FIELD_STRING: release(v, at, *at ? strlen(*at) + 1 : 0); break;
	case FIELD_OCTETS:
		release(v, (void **) &o->p, o->n);
		o->n = v->free ? 0 : o->n;
		break;
	case FIELD_POINTER:
		if (*at)
			visit_table(v, row->table, *at, *at, row->table->size);
		release(v, at, row->table->size);
		break;
	case FIELD_BLOCK: release(v, at, row->size); break;
	case FIELD_LIST:
	case FIELD_MAP: visit_list(v, row, (void *) at, whole, whole_size); break;
	case FIELD_OBJECT: visit_table(v, row->table, (char *) at, whole, whole_size); break;
	case FIELD_ARRAY:
		for (size_t i = 0; i < row->count; i++)
			visit_row(v, row->elem, (char *) at + i * row->size, whole, whole_size);
		break;
	default: break;
	}
}

static void visit_table(struct visit *v, const struct field_table *t, const char *obj, const char *whole,
			size_t whole_size)
{
	const struct field_meta *m = field_meta(t);

	for (size_t i = 0; m->owns && i < t->n_rows; i++)
		if (m->rows[i].owns)
			visit_row(v, &t->rows[i], (char *) (uintptr_t) obj, whole, whole_size);
}

void field_free(const struct field_table *table, void *obj)
{
	struct visit v = {.free = true};

	visit_table(&v, table, obj, obj, table->size);
}

size_t field_bytes(const struct field_table *table, const void *obj)
{
	struct visit v = {0};

	visit_table(&v, table, obj, obj, table->size);
	return v.bytes;
}
