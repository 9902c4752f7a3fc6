/* norn-log index: indexes in a finished log, for programs that search in it. */
#pragma once
#include "log.h"

int log_index(const struct log_options *o);
