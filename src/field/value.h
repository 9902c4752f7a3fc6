/* Reading what a row finds: the one switch over kinds that filters, sorting and writers share. */
#pragma once
#include "field/field.h"

/* Reads what the row finds in obj. Texts may point into ret->scratch, into the record or into the
 * context's arena. Any thread that owns the record. */
void field_read(const struct field *row, const void *obj, struct field_ctx *ctx, struct field_value *ret);
