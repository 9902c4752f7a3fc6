/* Reports in JSON of radios whose frames are not captured: sensors, meters, aircraft, scans. */
#pragma once
#include "base/json_in.h"
#include "track/packet_ctx.h"

#define REPORT_TEXT_MAX 128 /* octets of a text that is kept */

/* The address of a device that has none: a sum over what kind it is (Adler-32, with the local bit), and its number
 * or a sum over its name. */
struct mac report_mac(const char *kind, uint64_t number);
/* A number for a name that is no number. */
uint64_t report_number(const char *text);
/* The member as a number, by the first of the names that is there; false when none is. Names end with NULL. */
bool report_real(const struct json_in *json, const char *const *names, double *ret);
/* The member's text, or its number as text; false when it is neither. */
bool report_text(const struct json_in *json, const char *name, char *ret, size_t size);
/* Replaces an owned text by what the member says; nothing changes without it. */
void report_keep(char **text, const struct json_in *json, const char *name);

/* Frequency and level, which rtl_433 adds on request. */
void report_radio(const struct json_in *json, struct radio *r);
/* The signal in dBm in the report of a scanning client. */
void report_signal(const struct json_in *json, struct radio *r);

/* A report in JSON of a source that hands no frames over; the phy that takes it fills in phy, sender and radio.
 * False when none did. The source's own thread. */
struct track_report {
	uint16_t source;
	uint64_t time_us;
	struct span type, json;
	struct position position;
	uint8_t phy; /* PACKET_PHY_NONE: no phy's */
	struct mac sender;
	struct radio radio;
};
bool tracker_report(struct tracker *t, struct track_report *r, uint32_t server_sec);
