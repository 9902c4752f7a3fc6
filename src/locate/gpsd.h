/* The reports of a gpsd, one JSON object a line (gpsd_json(5), protocol 3). Bytes from an untrusted
 * server. */
#pragma once
#include <stddef.h>

#include "locate/doubt.h"

#define GPSD_LINE_MAX 16384 /* a SKY report of a receiver for many systems has some thousand octets */
#define GPSD_WATCH "?WATCH={\"enable\":true,\"json\":true}\n"

#define GPSD_DEVICE_SIZE 128

enum gpsd_message_kind { GPSD_OTHER, GPSD_VERSION, GPSD_POSITION, GPSD_LOST, GPSD_REMOVED, GPSD_NO_DEVICE };

struct gpsd_report {
	char device[GPSD_DEVICE_SIZE]; /* the receiver that reports; "" when gpsd does not name it */
	struct gps_fix fix;
};

/* Reads one report. GPSD_POSITION fills fix; GPSD_LOST: the receiver has no position now; GPSD_REMOVED: it is not there
 * any more; GPSD_NO_DEVICE: gpsd has no receiver. ERR_MALFORMED for what is no object with a class. */
int gpsd_read(const char *line, size_t size, struct gpsd_report *ret);
