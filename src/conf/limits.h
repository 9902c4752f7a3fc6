/* Options: limits of what can grow from outside. */
#pragma once
#include "base/limit.h"
#include "conf/option.h"

struct limits_conf {
	uint64_t limit[LIMIT_COUNT];
};
/* A row for each limit of base/limit.h, norn_max_<name>. */
extern const struct option_table limits_options;

/* From now on those limits hold; before other threads run. */
void limits_apply(const struct limits_conf *c);
