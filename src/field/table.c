#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "field/table.h"
#include "base/buf.h"
#include "base/json_out.h"
#include "base/mem.h"
#include "field/field.h"

#define TABLES_MAX 256

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const struct field_table *tables[TABLES_MAX];
static _Atomic size_t n_tables;

static void prepare(struct field_table *table);
static bool elem_owns(const struct field *row);

static bool row_owns(const struct field *row)
{
	if ((row->flags & FIELD_VIEW) || row->through)
		return false;
	switch ((enum field_kind) row->kind) {
	case FIELD_STRING:
	case FIELD_OCTETS:
	case FIELD_POINTER:
	case FIELD_BLOCK:
	case FIELD_LIST:
	case FIELD_MAP: return true;
	case FIELD_OBJECT: prepare(row->table); return row->table->meta->owns;
	case FIELD_ARRAY: return elem_owns(row->elem);
	default: return false;
	}
}

static bool elem_owns(const struct field *row)
{
	return row && row_owns(row);
}

static char *key_text(const char *name, bool flat)
{
	struct buf b = {0};
	char *text;

	json_text(&b, name, strlen(name));
	buf_char(&b, ':');
	text = xstrndup(b.p, b.len);
	for (char *c = text; flat && *c; c++)
		if (*c == '.')
			*c = '_';
	buf_finish(&b);
	return text;
}

static void prepare_nested(const struct field *row)
{
	if (row->table)
		prepare(row->table);
	if (row->elem)
		prepare_nested(row->elem);
}

/* The table of the record that a hidden row of the same struct owns and this row looks into. */
static struct field_table *behind(const struct field_table *t, const struct field *row)
{
	for (size_t i = 0; row->through && i < t->n_rows; i++)
		if (t->rows[i].kind == FIELD_POINTER && !t->rows[i].through && t->rows[i].offset + 1 == row->through)
			return t->rows[i].table;
	return NULL;
}

static struct field_meta *make_meta(const struct field_table *table)
{
	struct field_meta *m = xnew(struct field_meta, 1);

	m->rows = xnew(struct field_row_meta, table->n_rows);
	m->n_rows = table->n_rows;
	for (size_t i = 0; i < table->n_rows; i++) {
		const struct field *row = &table->rows[i];

		prepare_nested(row);
		m->rows[i].json = key_text(row->name, false);
		m->rows[i].json_flat = key_text(row->name, true);
		m->rows[i].len = (uint32_t) strlen(m->rows[i].json);
		m->rows[i].owns = row_owns(row);
		m->rows[i].behind = behind(table, row);
		m->owns |= m->rows[i].owns;
	}
	return m;
}

/* Under the lock. A table that is nested in itself, behind a pointer, is met again while it is being prepared. */
static void prepare(struct field_table *table)
{
	if (table->preparing || atomic_load_explicit(&table->meta, memory_order_relaxed))
		return;
	if (n_tables == TABLES_MAX)
		abort();
	table->preparing = true;
	tables[n_tables] = table;
	atomic_store_explicit(&n_tables, n_tables + 1, memory_order_release);
	atomic_store_explicit(&table->meta, make_meta(table), memory_order_release);
	table->preparing = false;
}

void field_prepare(const struct field_table *table)
{
	(void) pthread_mutex_lock(&lock);
	prepare((struct field_table *) (uintptr_t) table);
	(void) pthread_mutex_unlock(&lock);
}

void field_prepare_again(struct field_table *table)
{
	struct field_meta *old = table->meta;

	if (!old)
		return;
	(void) pthread_mutex_lock(&lock);
	table->meta = make_meta(table);
	(void) pthread_mutex_unlock(&lock);
	for (size_t i = 0; i < old->n_rows; i++) {
		free(old->rows[i].json);
		free(old->rows[i].json_flat);
	}
	free(old->rows);
	free(old);
}

const struct field *field_find(const struct field_table *table, const char *name, size_t n)
{
	for (size_t i = 0; i < table->n_rows; i++) {
		const struct field *row = &table->rows[i];

		if (!(row->flags & FIELD_HIDDEN) && strlen(row->name) == n && memcmp(row->name, name, n) == 0)
			return row;
	}
	return NULL;
}

size_t field_tables(const struct field_table *const **ret_tables)
{
	*ret_tables = tables;
	return atomic_load_explicit(&n_tables, memory_order_acquire);
}
