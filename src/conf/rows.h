/* The options by section, one file each (rows_*.c); a new option is a row there and a member in
 * struct options (options.h). For conf's own files. */
#pragma once
#include "base/mem.h"
#include "conf/options.h"

#define O struct options
#define PATH (AT_START | OPTION_PATH)
#define WORD (AT_START | OPTION_WORD)
#define SECTION(name, doc, rows)                                                                                       \
	{                                                                                                              \
		name, doc, rows, ARRAY_SIZE(rows)                                                                      \
	}

extern const struct option_table rows_server, rows_httpd, rows_sources, rows_tracking, rows_dot11, rows_logs, rows_gps,
	rows_alerts, rows_limits;

/* Kismet's further names: known, so not reported as unknown, but nothing heeds them. NULL terminated. */
extern const char *const options_not_heeded[];
