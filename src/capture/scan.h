/* Sources that clients make by what they report over HTTP: what a telephone found when it scanned. */
#pragma once
#include "capture/drivers.h"
#include "capture/source.h"

struct registry;

enum scan_kind { SCAN_WIFI, SCAN_BLUETOOTH };

/* Hands the reports to the sink as those of the source of that uuid, which is made when there is none; its name
 * follows. `source` and `type` of the reports are set here. 0, or negative with a sentence. Any thread. */
int capture_scan(struct registry *r, enum scan_kind kind, const struct uuid *uuid, const char *name,
		 struct source_report *reports, size_t n, char ret_error[SOURCE_TEXT_SIZE]);
/* The uuid of a client that sends only its name. */
struct uuid capture_scan_uuid(enum scan_kind kind, const char *name);
/* Whether a source is of that kind: no program and no file are behind it. */
bool capture_is_scan(const struct source_driver *driver);
