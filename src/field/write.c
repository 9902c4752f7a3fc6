#include "field/write.h"

#include <string.h>

#include "base/json_out.h"
#include "field/value.h"

#define DEPTH_MAX 32 /* of nested records; tables nest far less */

struct writer {
	struct buf *out;
	struct field_ctx *ctx;
	enum field_format format;
	int depth;
};

static void write_value(struct writer *w, const struct field_value *v);

static void new_line(struct writer *w)
{
	if (w->format != FIELD_FORMAT_PRETTY)
		return;
	buf_add(w->out, "\r\n", 2);
	for (int i = 0; i < w->depth; i++)
		buf_char(w->out, ' ');
}

static void open_bracket(struct writer *w, char c)
{
	buf_char(w->out, c);
	w->depth++;
}

static void close_bracket(struct writer *w, char c, bool any)
{
	w->depth--;
	if (any)
		new_line(w);
	buf_char(w->out, c);
}

static void next_member(struct writer *w, bool *any)
{
	if (*any)
		buf_char(w->out, ',');
	*any = true;
	new_line(w);
}

static const char *const type_names[] = {
	[FIELD_BOOL] = "uint8_t",          [FIELD_U8] = "uint8_t",
	[FIELD_U16] = "uint16_t",          [FIELD_U32] = "uint32_t",
	[FIELD_U64] = "uint64_t",          [FIELD_I8] = "int8_t",
	[FIELD_I16] = "int16_t",           [FIELD_I32] = "int32_t",
	[FIELD_I64] = "int64_t",           [FIELD_FLOAT] = "float",
	[FIELD_REAL] = "double",           [FIELD_TEXT] = "string",
	[FIELD_STRING] = "string",         [FIELD_OCTETS] = "bytearray",
	[FIELD_MAC] = "mac_addr",          [FIELD_UUID] = "uuid",
	[FIELD_KEY] = "devicekey",         [FIELD_SSID] = "string",
	[FIELD_ENUM] = "string",           [FIELD_OBJECT] = "map[field, x]",
	[FIELD_POINTER] = "map[field, x]", [FIELD_BLOCK] = "",
	[FIELD_ARRAY] = "vector[x]",       [FIELD_LIST] = "vector[x]",
	[FIELD_MAP] = "map[string, x]",    [FIELD_GET_U64] = "uint64_t",
	[FIELD_GET_I64] = "int64_t",       [FIELD_GET_REAL] = "double",
	[FIELD_GET_TEXT] = "string",       [FIELD_GET_OBJECT] = "map[field, x]",
	[FIELD_GET_LIST] = "vector[x]",
};

const char *field_type_name(const struct field *row)
{
	return row->type ? row->type : type_names[row->kind];
}

/* "description.NAME": "TYPE, SENTENCE", before the member itself. */
static void describe(struct buf *out, const char *name, const char *type, const char *doc)
{
	struct buf text = {0};

	buf_printf(&text, "description.%s", name);
	json_text(out, text.p, text.len);
	buf_str(out, ": ");
	buf_clear(&text);
	buf_printf(&text, "%s, %s", type, doc);
	json_text(out, text.p, text.len);
	buf_char(out, ',');
	buf_finish(&text);
}

void field_write_name(struct buf *out, const char *name, const char *type, const char *doc, enum field_format format)
{
	size_t at;

	if (format == FIELD_FORMAT_PRETTY) {
		buf_str(out, "\r\n ");
		describe(out, name, type, doc);
		buf_str(out, "\r\n ");
	}
	at = out->len;
	json_text(out, name, strlen(name));
	for (size_t i = at; format == FIELD_FORMAT_FLAT && i < out->len; i++)
		if (out->p[i] == '.')
			out->p[i] = '_';
	buf_char(out, ':');
}

void field_write_empty(struct buf *out, const struct field *row)
{
	static const char *const empty[] = {
		[FIELD_TEXT] = "\"\"",     [FIELD_STRING] = "\"\"", [FIELD_OCTETS] = "\"\"", [FIELD_MAC] = "\"\"",
		[FIELD_UUID] = "\"\"",     [FIELD_KEY] = "\"\"",    [FIELD_SSID] = "\"\"",   [FIELD_ENUM] = "\"\"",
		[FIELD_GET_TEXT] = "\"\"", [FIELD_OBJECT] = "{}",   [FIELD_POINTER] = "{}",  [FIELD_GET_OBJECT] = "{}",
		[FIELD_ARRAY] = "[]",      [FIELD_LIST] = "[]",     [FIELD_GET_LIST] = "[]", [FIELD_MAP] = "{}",
		[FIELD_GET_REAL] = NULL,
	};
	const char *text = row ? empty[row->kind] : NULL;

	buf_str(out, text ? text : "0");
}

static void write_record(struct writer *w, const struct field_table *t, const void *obj)
{
	struct field_value v;
	bool any = false;
	const struct field_meta *meta = field_meta(t);

	if (w->depth >= DEPTH_MAX) {
		buf_char(w->out, '0');
		return;
	}
	open_bracket(w, '{');
	for (size_t i = 0; i < t->n_rows; i++) {
		const struct field *row = &t->rows[i];
		const struct field_row_meta *m = &meta->rows[i];

		if ((row->flags & FIELD_HIDDEN) && !(w->ctx->state && (row->flags & FIELD_STATE) == FIELD_STATE))
			continue;
		field_read(row, obj, w->ctx, &v);
		if (v.type == VALUE_ABSENT)
			continue;
		next_member(w, &any);
		if (w->format == FIELD_FORMAT_PRETTY) {
			describe(w->out, row->name, field_type_name(row), row->doc);
			new_line(w);
		}
		buf_add(w->out, w->format == FIELD_FORMAT_FLAT ? m->json_flat : m->json, m->len);
		write_value(w, &v);
	}
	close_bracket(w, '}', any);
}

/* A map's key is always a string, whatever its kind. */
static void write_key(struct writer *w, const struct field *key, const void *elem)
{
	struct field_value v;

	field_read(key, elem, w->ctx, &v);
	if (v.type == VALUE_TEXT) {
		json_text(w->out, v.text, v.n);
	} else {
		buf_char(w->out, '"');
		write_value(w, &v);
		buf_char(w->out, '"');
	}
	buf_char(w->out, ':');
}

/* The minutes, hours and days of histories: most of what devices write, and mostly zeros. */
static void write_reals(struct buf *out, const double *v, size_t n)
{
	buf_char(out, '[');
	for (size_t i = 0; i < n; i++) {
		json_real(out, v[i]);
		buf_char(out, i + 1 < n ? ',' : ']');
	}
}

static void write_items(struct writer *w, const struct field_value *list)
{
	const struct field *row = list->row;
	bool map = list->type == VALUE_MAP, any = false;
	struct field_value v;

	if (!map && list->n && row->elem->kind == FIELD_REAL && row->size == sizeof(double) &&
	    w->format != FIELD_FORMAT_PRETTY) {
		write_reals(w->out, list->obj, list->n);
		return;
	}
	open_bracket(w, map ? '{' : '[');
	for (size_t i = 0; i < list->n; i++) {
		const void *elem = (const char *) list->obj + i * row->size;

		field_read(row->elem, elem, w->ctx, &v);
		next_member(w, &any);
		if (map)
			write_key(w, row->key, elem);
		if (v.type == VALUE_ABSENT)
			field_write_empty(w->out, row->elem);
		else
			write_value(w, &v);
	}
	close_bracket(w, map ? '}' : ']', any);
}

static void write_value(struct writer *w, const struct field_value *v)
{
	switch (v->type) {
	case VALUE_ABSENT: buf_char(w->out, '0'); break;
	case VALUE_U64: json_u64(w->out, v->u64); break;
	case VALUE_I64: json_i64(w->out, v->i64); break;
	case VALUE_REAL: json_real(w->out, v->real); break;
	case VALUE_TEXT: json_text(w->out, v->text, v->n); break;
	case VALUE_OCTETS: json_hex(w->out, (const uint8_t *) v->text, v->n); break;
	case VALUE_OBJECT: write_record(w, v->table, v->obj); break;
	case VALUE_LIST:
	case VALUE_MAP: write_items(w, v); break;
	}
}

void field_write(struct buf *out, const struct field_table *table, const void *obj, enum field_format format,
		 struct field_ctx *ctx)
{
	struct writer w = {.out = out, .ctx = ctx, .format = format};

	write_record(&w, table, obj);
}

void field_write_value(struct buf *out, const struct field_value *value, enum field_format format,
		       struct field_ctx *ctx)
{
	struct writer w = {.out = out, .ctx = ctx, .format = format};

	write_value(&w, value);
}
