/* Limits: every list that an outsider can grow has one. A row here gives a limit its default, its
 * option norn_max_<name>, its counter in the system status, and its line in the manual. Values are set
 * once, before other threads run. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* clang-format off */
/*	  id            name                  default      least  most          what */
#define LIMITS(X) \
	X(SSIDS,        "ssids",              256,         1,     65536,        "Networks of each kind that are kept of a device.") \
	X(ALL_SSIDS,    "all_ssids",          16384,       16,    10000000,     "Names of networks over all devices; the oldest go.") \
	X(SSID_DEVICES, "ssid_devices",       1024,        1,     1000000,      "Devices that are kept of a name over all devices.") \
	X(CLIENTS,      "clients",            4096,        1,     1000000,      "Clients of an access point, and access points of a client.") \
	X(SEENBY,       "seenby",             256,         1,     1024,         "Datasources that are kept of a device.") \
	X(FREQUENCIES,  "frequencies",        128,         1,     4096,         "Frequencies that are kept of a device.") \
	X(RELATED,      "related",            64,          1,     65536,        "Devices of one relation to a device.") \
	X(TAGS,         "tags",               64,          1,     4096,         "Tags of a device.") \
	X(EAPOL,        "eapol",              16,          4,     1024,         "Handshake frames that are kept of a client.") \
	X(FINGERPRINTS, "fingerprints",       65536,       1,     1000000,      "Fingerprints of the whitelist.") \
	X(TELEMETRY,    "telemetry",          128,         1,     65536,        "Reports that are kept of a drone's flight.") \
	X(MESSAGES,     "messages",           50,          1,     10000,        "Messages that are kept for clients.") \
	X(SESSIONS,     "sessions",           512,         1,     100000,       "Logins and API keys at a time.") \
	X(STREAMS,      "streams",            64,          1,     120,          "Streams of packets or devices that are sent at a time.") \
	X(WEBSOCKETS,   "websockets",         256,         1,     384,         "Websockets that are open at a time.") \
	X(MONITORS,     "monitors",           64,          1,     65536,        "Requests of one websocket that watches devices.") \
	X(WEBSOCKET_MESSAGE, "websocket_message", 262144, 1024, 16777216,     "Octets of a message that comes by websocket.") \
	X(CONNECTIONS,  "connections",        1024,        8,     100000,       "HTTP connections at a time.") \
	X(PER_ADDRESS,  "address_connections", 32,         1,     100000,       "HTTP connections of one address beyond loopback.") \
	X(BODY,         "body",               1048576,     1024,  268435456,    "Octets of a request's body.") \
	X(EXPRESSIONS,  "expressions",        32,          1,     1024,         "Regular expressions of a request.") \
	X(VIEWS,        "views",              64,          1,     1024,         "Views that the user and plugins define.") \
	X(SENSORS,      "address_sensors",    128,         1,     256,          "Datasources that sensors of one address bring; those that never delivered and are closed make way.") \
	X(MATCH,        "match",              100000,      1000,  100000000,    "Steps that a regular expression may take in one text.") \
	X(EVENTS,       "events",             4096,        16,    1048576,      "Events that wait for one listener.") \
	X(POIS,         "pois",               1024,        1,     100000,       "Points of interest that are kept for clients.") \
	X(WATCHED,      "watched",            4096,        16,    1000000,      "Devices that are watched because their address matches a mask.") \
	X(LOG_FILTERS,  "log_filters",        4096,        1,     1000000,      "Rules of a filter of the kismetdb log.") \
	X(LOG_QUEUE,    "log_queue",          67108864,    1048576, 4294967296, "Octets that wait for a log.") \
	X(ALERT_QUEUE,  "alert_queue",        1024,        1,     1000000,      "Alerts that wait for a syslog server or a webhook.") \
	X(ALERT_OFFENDERS, "alert_offenders", 32,          1,     4096,         "Devices of one alert whose rates are counted apart at a time; further ones share one count.") \
	X(RULE_LINKS,   "rule_links",         256,         4,     65536,        "Links of a source whose packet numbers rules remember; those that were used least lately make way.") \
	X(HABITS,       "habits",             1024,        16,    65536,        "Transmitters of a datasource whose habits are kept, by which forged frames are found.") \
	X(STATIONS,     "stations",           2048,        16,    65536,        "Stations of a datasource of which rules remember how they joined their network.") \
	X(SENDERS,      "alert_senders",      64,          1,     4096,         "Senders of a datasource whose unusual frames are counted at a time.") \
	X(EVICTED,      "evicted",            65536,       1,     10000000,     "Evicted devices that wait for the kismetdb log.") \
	X(ARCHIVE,      "archive_logs",       4096,        1,     100000,       "Logs of the archive.") \
	X(QUERY_GROUPS, "query_groups",       10000,       16,    1000000,      "Values by which records of a query are grouped, and spans of its histogram; the records of others are counted together.") \
	X(STREAM_QUEUE, "stream_queue",       8388608,     524288, 1073741824,  "Octets that wait for a stream.")
/* clang-format on */

enum limit {
#define X(id, name, normal, least, most, doc) LIMIT_##id,
	LIMITS(X)
#undef X
		LIMIT_COUNT
};

/* Any thread. */
uint64_t limit_of(enum limit l);
/* True if a list of so many elements is full; counts the refusal. Any thread. */
bool limit_full(enum limit l, uint64_t have);
/* Counts a refusal. Any thread. */
void limit_hit(enum limit l);
/* How often it was reached. Any thread. */
uint64_t limit_hits(enum limit l);
const char *limit_name(enum limit l);
/* Before other threads run. */
void limit_set(enum limit l, uint64_t value);
