/* Records as lines of values separated by commas (RFC 4180): a head with the names, then a line each. */
#pragma once
#include "field/select.h"

void csv_write_head(struct buf *out, const struct field_selection *fields);
/* The values of a list stand in one field, with "; " between them; an object's is its JSON. */
void csv_write_record(struct buf *out, const struct field_selection *fields, const void *record, struct field_ctx *ctx);
