/* Rows of WigleWifi-1.6, the format that wigle.net takes. Pure. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/ssid.h"

struct wigle_row {
	const char *mac, *name;
	const char *type;    /* "WIFI", "BT" or "BLE" */
	uint64_t crypt;      /* CRYPT_BIT()s of wire/dot11/frame.h */
	bool is_adhoc;       /* WIFI: an ad-hoc network */
	const char *channel; /* of the record, "6" or "37W6e"; "": it has none */
	int64_t first_sec;
	uint32_t freq_khz; /* that the packet was received on: where the record has no channel */
	int signal_dbm;
	double lat, lon, alt_m; /* alt_m: above sea level, 0 when unknown */
	double accuracy_m;      /* radius around the position; 0 when unknown */
};

/* A network's name as a row has it: its octets, or the text that is shown where they are no text (UTF-8, no NUL). */
void wigle_name(const struct ssid *ssid, char ret_text[SSID_TEXT_SIZE]);
/* The two lines that every file begins with. */
void wigle_begin(struct buf *out);
void wigle_row(struct buf *out, const struct wigle_row *r);
/* A field of CSV, in quotes where it needs them (RFC 4180). */
void csv_field(struct buf *out, const char *text);
