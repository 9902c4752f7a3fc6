/* Options: limits of what can grow from outside (base/limit.h). */
#include "conf/limits.h"

#define O struct limits_conf
#define X(id, name, normal, least, most, doc)                                                                          \
	OPTION(O, "norn_max_" name, limit[LIMIT_##id], normal, RANGE(least, most), AT_START, doc),
static const struct option_row rows[] = {LIMITS(X)};
#undef X
const struct option_table limits_options = OPTION_TABLE(O, "limits", "Limits.", rows);

void limits_apply(const struct limits_conf *c)
{
	for (enum limit l = 0; l < LIMIT_COUNT; l++)
		limit_set(l, c->limit[l]);
}
