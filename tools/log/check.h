/* norn-log check: is a log whole? And the same question for those who join logs. */
#pragma once
#include "log.h"

/* Whether all that is needed is there and every page can be read; if not, why. Reads the whole file. */
bool log_sound(struct log_db *l, char ret_why[160]);
int log_check(const struct log_options *o);
