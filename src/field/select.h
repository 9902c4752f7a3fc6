/* Field selections: which fields of a record a request wants, and under which names. */
#pragma once
#include "base/buf.h"
#include "field/path.h"
#include "field/write.h"

#define FIELD_SELECT_MAX 1024 /* more than any record has */

struct field_selection;

struct field_selection *field_selection_create(const struct field_table *root);
void field_selection_destroy(struct field_selection *s);
/* Adds a field; alias NULL takes the path's last name. Of two with one name the later wins. ERR_LIMIT
 * beyond FIELD_SELECT_MAX or FIELD_PATH_BYTES, ERR_MALFORMED for an empty path. */
int field_selection_add(struct field_selection *s, const char *path, const char *alias);
size_t field_selection_count(const struct field_selection *s);
const struct field_path *field_selection_path(const struct field_selection *s, size_t i);
const char *field_selection_name(const struct field_selection *s, size_t i); /* under which it is written */

/* Writes the record's selected fields as an object: what is absent is as field_write_empty() has it; a path through a
 * list gives the list of what is found. */
void field_selection_write(struct buf *out, const struct field_selection *s, const void *obj, enum field_format format,
			   struct field_ctx *ctx);
