/* norn-log wigle: where devices were seen, from packets with a position. */
#pragma once
#include "log.h"

int log_wigle(const struct log_options *o);
