/* Reading what a row finds: the one switch over kinds that filters, sorting and writers share. */
#pragma once
#include "field/field.h"

/* Reads what the row finds in obj. Texts may point into ret->scratch, into the record or into the
 * context's arena. Any thread that owns the record. */
void field_read(const struct field *row, const void *obj, struct field_ctx *ctx, struct field_value *ret);
/* Where the row's member lies in obj, or what its getter is called with; NULL: the row has no value there. */
static inline const void *field_member(const struct field *row, const void *obj)
{
	if (row->through)
		obj = *(const void *const *) (const void *) ((const char *) obj + row->through - 1);
	if (!obj || (row->present && !row->present(obj)))
		return NULL;
	return (const char *) obj + row->offset;
}
