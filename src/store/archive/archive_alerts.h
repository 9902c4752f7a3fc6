/* Which addresses the alerts of a span name. */
#pragma once
#include "query/compile.h"
#include "store/archive/catalogue.h"

/* The addresses that alerts of the logs name, of those whose name the program's i-th test of other records means
 * (query/compile.h). *ret is the caller's to free. How many. Any thread that may wait. */
size_t archive_alert_addresses(struct catalogue *c, uint32_t from_sec, uint32_t to_sec, const struct query_program *p,
			       size_t i, uint64_t **ret);
