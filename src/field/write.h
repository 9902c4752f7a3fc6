/* Records to JSON text, by their rows. */
#pragma once
#include "base/buf.h"
#include "field/field.h"

enum field_format {
	FIELD_FORMAT_JSON,
	FIELD_FORMAT_FLAT,   /* '_' for '.' in names: tjson and 2025's ekjson */
	FIELD_FORMAT_PRETTY, /* one member a line, each with its description before it */
};

/* Appends one record as an object. ctx as in field.h; any thread that owns the record. */
void field_write(struct buf *out, const struct field_table *table, const void *obj, enum field_format format,
		 struct field_ctx *ctx);
/* Appends a member's name with its ':', and in FIELD_FORMAT_PRETTY its description before it. */
void field_write_name(struct buf *out, const char *name, const char *type, const char *doc, enum field_format format);
/* Appends what stands for a field without a value: "", {}, [] or 0, by the kind of its row; NULL, an unknown name: 0.
 */
void field_write_empty(struct buf *out, const struct field *row);
/* Appends one value (no name). */
void field_write_value(struct buf *out, const struct field_value *value, enum field_format format,
		       struct field_ctx *ctx);
/* The published name of the row's type, such as "uint64_t"; for descriptions and schema. */
const char *field_type_name(const struct field *row);
