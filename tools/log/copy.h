/* norn-log strip, repair and merge: logs out of logs, table by table and row by row, in the layout
 * of the present version. No SQL of the input is run: its schema is untrusted. */
#pragma once
#include "log.h"

int log_strip(const struct log_options *o);
int log_repair(const struct log_options *o);
int log_merge(const struct log_options *o);
