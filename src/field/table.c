/* Making tables ready: key texts in JSON, and which rows own memory. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json_out.h"
#include "base/mem.h"
#include "field/field.h"

#define TABLES_MAX 256

static struct field_table *tables[TABLES_MAX];
static size_t n_tables;

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
	case FIELD_OBJECT: field_prepare(row->table); return row->table->meta->owns;
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
		field_prepare(row->table);
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

static void prepare_rows(struct field_table *table)
{
	struct field_meta *m = table->meta;

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
}

static void make_meta(struct field_table *table)
{
	table->meta = xnew(struct field_meta, 1);
	table->meta->rows = xnew(struct field_row_meta, table->n_rows);
	table->meta->n_rows = table->n_rows;
	prepare_rows(table);
}

void field_prepare(struct field_table *table)
{
	if (table->meta)
		return;
	if (n_tables < TABLES_MAX)
		tables[n_tables++] = table;
	make_meta(table);
}

void field_prepare_again(struct field_table *table)
{
	struct field_meta *old = table->meta;

	if (!old)
		return;
	make_meta(table);
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

size_t field_tables(struct field_table *const **ret_tables)
{
	*ret_tables = tables;
	return n_tables;
}
