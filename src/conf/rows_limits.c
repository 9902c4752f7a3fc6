/* Options: limits of what strangers and users can grow (base/limit.h). */
#include "conf/rows.h"

#define X(id, name, normal, least, most, doc)                                                                          \
	OPTION(O, "norn_max_" name, limit[LIMIT_##id], normal, RANGE(least, most), AT_START, doc),
static const struct option_row rows[] = {LIMITS(X)};
#undef X
const struct option_table rows_limits = SECTION("limits", "Limits.", rows);
