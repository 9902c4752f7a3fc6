/* What the capture protocol says, the same for every version of its wire form: a server, a capture
 * helper and a remote sensor talk in these messages. Texts, octets and lists are views: into the
 * frame or the scratch after proto_decode(), into the caller's memory for proto_encode(). */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/* The packet types of version 3; those from 1000 exist in the older versions only. */
enum proto_type {
	PROTO_REGISTER = 1,
	PROTO_PING = 2,
	PROTO_PONG = 3,
	PROTO_SHUTDOWN = 4,
	PROTO_MESSAGE = 5,
	PROTO_ERROR = 6,
	PROTO_PROBE = 10,
	PROTO_PROBE_REPORT = 11,
	PROTO_OPEN = 12,
	PROTO_OPEN_REPORT = 13,
	PROTO_LIST = 14,
	PROTO_LIST_REPORT = 15,
	PROTO_PACKET = 16,
	PROTO_CONFIGURE = 17,
	PROTO_CONFIGURE_REPORT = 18,
	PROTO_NEW_SOURCE = 19,
	PROTO_EVENT_REGISTER = 32,
	PROTO_EVENT = 33,
	PROTO_EVENT_PUBLISH = 34,
	PROTO_WEB_REGISTER = 64,
	PROTO_WEB_REQUEST = 65,
	PROTO_WEB_CANCEL = 66,
	PROTO_WEB_RESPONSE = 67,
	PROTO_WEB_AUTH = 68,
	PROTO_WEB_AUTH_REPLY = 69,
	PROTO_WARNING = 1000, /* written as a message in version 3 */
	PROTO_CLOSE = 1001,   /* not in version 3 */
};

struct proto_list {
	struct span *items;
	uint32_t count;
};

/* Names and values. */
struct proto_pair {
	struct span name, value;
};
struct proto_pairs {
	struct proto_pair *items;
	uint32_t count;
};

struct proto_interface {
	bool has;
	struct span interface, flags, hardware, capture_interface, channel;
	struct proto_list channels;
};
struct proto_interfaces {
	struct proto_interface *items;
	uint32_t count;
};

/* `has_*`: read, or to be written, although it may be zero. */
struct proto_hop {
	bool has, has_rate, has_shuffle, has_enabled;
	double rate; /* channels a second */
	bool shuffle, enabled;
	uint32_t skip, offset;
	struct proto_list channels;
};

struct proto_gps {
	bool has;
	double lat, lon, alt_m, speed, heading, precision;
	uint32_t fix; /* 0, 2, 3 */
	uint64_t sec;
	uint32_t usec;
	struct span type, name, uuid;
};

struct proto_signal {
	bool has, has_dbm, has_noise;
	int32_t dbm, noise_dbm;
	uint32_t rssi, noise_rssi;
	uint64_t freq_khz, rate;
	struct span channel;
};

struct proto_packet {
	bool has, has_time;
	uint32_t dlt, usec, length; /* length: on the air; 0: as many as there are */
	uint64_t sec;
	struct span data;
};

struct proto_json {
	bool has, has_time;
	struct span type, text;
	uint64_t sec;
	uint32_t usec;
};

/* What a helper of ours reports beside its packets, counted from its start; others leave it out. */
struct proto_loss {
	bool has;
	uint64_t captured; /* frames that the kernel handed over */
	uint64_t kernel;   /* that the kernel lost */
	uint64_t helper;   /* that the helper had no room for */
};

struct proto_message {
	uint32_t type;  /* enum proto_type */
	uint32_t seqno; /* of the frame */
	/* Reports: which request they answer, and whether it was done. */
	uint32_t request;
	bool success;
	struct span text; /* message, reason, error, JSON of an event */
	uint32_t flags;   /* of a message: debug 1, info 2, error 4, alert 8, fatal 16 */
	struct span definition, source_type, uuid, capture_interface, hardware, channel, version, warning;
	bool has_dlt;
	uint32_t dlt;
	struct span key; /* of a new source: what the server asks of sensors over plain TCP */
	struct proto_list channels, events;
	struct proto_hop hop;
	struct proto_interface interface;
	struct proto_interfaces interfaces;
	struct proto_gps gps;
	struct proto_signal signal;
	struct proto_packet packet;
	struct proto_json json;
	struct proto_loss loss;
	/* Helpers that serve web pages. */
	uint32_t web_id, status;
	struct span uri, method, content, token;
	struct proto_pairs pairs; /* variables, headers */
	bool has_status, close;
};

static inline struct span proto_text(const char *text)
{
	return span_of(text, text ? strlen(text) : 0);
}
