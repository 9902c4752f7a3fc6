#include "api/csv.h"

#include <string.h>

#include "field/write.h"
#include "query/compare.h"
#include "store/log/wigle.h"

struct cell {
	struct buf text;
	struct field_ctx *ctx;
};

static int add_one(const struct field_value *v, void *arg)
{
	struct cell *c = arg;

	if (c->text.len)
		buf_str(&c->text, "; ");
	if (v->type == VALUE_TEXT)
		buf_add(&c->text, v->text, v->n);
	else
		field_write_value(&c->text, v, FIELD_FORMAT_JSON, c->ctx);
	return 0;
}

static int add_value(const struct field_value *v, void *arg)
{
	return query_visit(v, ((struct cell *) arg)->ctx, add_one, arg);
}

void csv_write_head(struct buf *out, const struct field_selection *fields)
{
	for (size_t i = 0; i < field_selection_count(fields); i++) {
		if (i)
			buf_char(out, ',');
		csv_field(out, field_selection_name(fields, i));
	}
	buf_str(out, "\r\n");
}

void csv_write_record(struct buf *out, const struct field_selection *fields, const void *record, struct field_ctx *ctx)
{
	struct cell c = {.ctx = ctx};

	for (size_t i = 0; i < field_selection_count(fields); i++) {
		buf_clear(&c.text);
		(void) field_path_each(field_selection_path(fields, i), record, ctx, add_value, &c);
		if (i)
			buf_char(out, ',');
		csv_field(out, buf_text(&c.text));
	}
	buf_str(out, "\r\n");
	buf_finish(&c.text);
}
