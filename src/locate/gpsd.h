/* The reports of a gpsd, one JSON object a line (gpsd_json(5), protocol 3). Bytes from a stranger's
 * server. */
#pragma once
#include <stddef.h>

#include "base/position.h"

#define GPSD_LINE_MAX 16384 /* a SKY report of a receiver for many systems has some thousand octets */
#define GPSD_WATCH "?WATCH={\"enable\":true,\"json\":true}\n"

enum gpsd_news { GPSD_OTHER, GPSD_VERSION, GPSD_PLACE, GPSD_LOST, GPSD_NO_DEVICE };

/* Reads one report. GPSD_PLACE fills ret_place; GPSD_LOST: the receiver has no place now;
 * GPSD_NO_DEVICE: gpsd has no receiver. `device` chooses one of several receivers, NULL takes all.
 * ERR_MALFORMED for what is no object with a class; ret_place is then as it was. */
int gpsd_read(const char *line, size_t size, const char *device, struct position *ret_place);
