/* Where a page of records ended, as a text that a client brings back for the next one. It is the last record's
 * position in the order, not a number: what comes and goes meanwhile moves no other record to another page. */
#pragma once
#include "base/buf.h"
#include "query/best.h"

/* What a cursor belongs to: the kind of records, the expression and the order. */
uint64_t query_cursor_hash(const char *record, const char *text, size_t n, const char *order);
/* Appends the cursor behind that record, in letters and digits. */
void query_cursor_write(struct buf *out, uint64_t hash, const struct query_candidate *last);
/* Reads one: ERR_MALFORMED for what is none, ERR_DENIED for one of another query. */
int query_cursor_read(const char *text, uint64_t hash, struct query_candidate *ret_last);
