/* norn-log wigle: where devices were seen, from packets that carry a place. */
#pragma once
#include "log.h"

int log_wigle(const struct log_options *o);
