/* Events: what happened, for those that listen now: websockets, alert relays, helpers. A row below makes
 * a type. An event is shared by all listeners and never changes; each listener has a bounded queue and
 * loses events of its own when it is slow. Without a listener of its type an event costs one load. */
#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/key.h"
#include "base/uuid.h"
#include "field/field.h"

/* What an event carries. */
enum event_content {
	EVENT_RECORD,  /* a record of its own */
	EVENT_DEVICE,  /* the key of a device, looked up when it is shown */
	EVENT_NETWORK, /* the key of a device, and the hash of one of its networks */
	EVENT_SOURCE,  /* the uuid of a datasource, shown as its record */
	EVENT_UUID,    /* the uuid of a datasource, shown as such */
};

/* clang-format off */
/*	  id                     name                     content        needs a login, what */
#define EVENTS(X) \
	X(TIMESTAMP,           "TIMESTAMP",             EVENT_RECORD,  0, "The server's time, every second.") \
	X(BATTERY,             "BATTERY",               EVENT_RECORD,  0, "The battery, every second.") \
	X(STATISTICS,          "STATISTICS",            EVENT_RECORD,  0, "The server and its machine, every second.") \
	X(GPS_LOCATION,        "GPS_LOCATION",          EVENT_RECORD,  0, "The best position, every second.") \
	X(PACKETCHAIN_STATS,   "PACKETCHAIN_STATS",     EVENT_RECORD,  0, "Rates of packets, every second.") \
	X(MESSAGE,             "MESSAGE",               EVENT_RECORD,  0, "A message to the user.") \
	X(ALERT,               "ALERT",                 EVENT_RECORD,  0, "An alert was raised.") \
	X(NEW_PHY,             "NEW_PHY",               EVENT_RECORD,  0, "A phy was registered.") \
	X(NEW_DEVICE,          "NEW_DEVICE",            EVENT_DEVICE,  0, "A device was seen for the first time.") \
	X(ADVERTISED_SSID,     "DOT11_ADVERTISED_SSID", EVENT_NETWORK, 0, "An access point advertises a network it did not before.") \
	X(RESPONSE_SSID,       "DOT11_RESPONSE_SSID",   EVENT_NETWORK, 0, "An access point answers for a network it did not before.") \
	X(PROBED_SSID,         "DOT11_PROBED_SSID",     EVENT_NETWORK, 0, "A device probes for a network that it did not probe for before.") \
	X(WPA_HANDSHAKE,       "DOT11_WPA_HANDSHAKE",   EVENT_DEVICE,  0, "A handshake of an access point is complete.") \
	X(NEW_DATASOURCE,      "NEW_DATASOURCE",        EVENT_SOURCE,  1, "A datasource was added.") \
	X(DATASOURCE_OPENED,   "DATASOURCE_OPENED",     EVENT_UUID,    0, "A datasource is open.") \
	X(DATASOURCE_ERROR,    "DATASOURCE_ERROR",      EVENT_UUID,    0, "A datasource failed.") \
	X(DATASOURCE_CLOSED,   "DATASOURCE_CLOSED",     EVENT_UUID,    0, "A datasource has ended.") \
	X(DATASOURCE_PAUSED,   "DATASOURCE_PAUSED",     EVENT_SOURCE,  1, "A datasource was paused.") \
	X(DATASOURCE_RESUMED,  "DATASOURCE_RESUMED",    EVENT_SOURCE,  1, "A datasource goes on after a pause.") \
	X(SIGHTING,            "SIGHTING",              EVENT_RECORD,  0, "The minute of a device and a datasource has ended.") \
	X(RADIATION,           "RADIATION",             EVENT_RECORD,  0, "A radiation sensor counted.")
/* clang-format on */

enum event_type {
#define X(id, name, content, login, doc) EVENT_##id,
	EVENTS(X)
#undef X
		EVENT_COUNT
};

struct event_row {
	const char *name, *doc;
	uint8_t content; /* enum event_content */
	bool login;
};
const struct event_row *event_row(enum event_type type);
/* The type of that name, case sensitive; ERR_NOT_FOUND. */
int event_find(const char *name, size_t n);

struct event {
	_Atomic uint32_t users;
	enum event_type type;
	uint64_t number, time_us;        /* of the run, from 1; server time */
	const struct field_table *table; /* EVENT_RECORD: of `record` */
	void *record;
	void (*release)(void *record);
	struct key device;
	uint32_t network;
	struct uuid source;
};
void event_release(const struct event *e);

struct events;
struct events *events_create(void);
void events_destroy(struct events *x);
/* True while the type has a listener; a load. NULL: false. Any thread, as all below. */
bool events_wanted(const struct events *x, enum event_type type);
/* Publishes a copy of the record, which owns no memory. */
void events_publish(struct events *x, enum event_type type, const struct field_table *table, const void *record);
/* Publishes the record itself, which release() frees when it is unused. */
void events_publish_owned(struct events *x, enum event_type type, const struct field_table *table, void *record,
			  void (*release)(void *record));
void events_publish_device(struct events *x, enum event_type type, const struct key *device, uint32_t network);
void events_publish_source(struct events *x, enum event_type type, const struct uuid *source);

struct event_listener;
/* types: 1 << enum event_type. wake() is called by publishers when the queue was empty; it must not
 * wait, nor call anything of events. */
struct event_listener *events_listen(struct events *x, uint64_t types, void (*wake)(void *ctx), void *ctx);
/* wake() is not called afterwards. NULL is fine. */
void events_unlisten(struct event_listener *l);
void events_choose(struct event_listener *l, uint64_t types);
/* The next event, which the caller releases; NULL when there is none. */
const struct event *events_take(struct event_listener *l);
uint64_t events_lost(struct event_listener *l);
