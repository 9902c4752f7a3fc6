/* Rows of WigleWifi-1.6, the format that wigle.net takes. Pure. */
#pragma once
#include <stdint.h>

#include "base/buf.h"

struct wigle_row {
	const char *mac, *name, *crypt; /* crypt: Kismet's words, "WPA2 WPA2-PSK AES-CCMP" */
	const char *type;               /* "WIFI", "BT" or "BLE" */
	int64_t first_sec;
	uint32_t freq_khz;
	int signal_dbm;
	double lat, lon, alt_m; /* alt_m: above sea level, 0 when unknown */
	double accuracy_m;      /* radius around the position; 0 when unknown */
};

/* The two lines that every file begins with. */
void wigle_begin(struct buf *out);
void wigle_row(struct buf *out, const struct wigle_row *r);
/* A field of CSV, in quotes where it needs them (RFC 4180). */
void csv_field(struct buf *out, const char *text);
