/* norn-log stats: how much of what is in a log, in one walk over its packets and one over its
 * devices. */
#pragma once
#include "log.h"

int log_stats(const struct log_options *o);
