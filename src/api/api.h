/* The endpoints: one file a section of the REST reference, each a table of routes and its handlers. */
#pragma once
#include "api/tables.h"
#include "capture/source.h"
#include "deliver/deliver.h"
#include "detect/detector.h"
#include "feed/events.h"
#include "feed/message.h"
#include "feed/packets.h"
#include "feed/streams.h"
#include "locate/gps.h"
#include "field/select.h"
#include "serve/server.h"
#include "store/fingerprints.h"
#include "store/logs.h"
#include "store/pois.h"
#include "track/devices.h"
#include "track/tracker.h"
#include "track/user_views.h"

/* What handlers work on; serve_conf.ctx points to one. Outlives the server. */
struct api {
	struct tracker *tracker;
	struct devices devices; /* as they are shown: the tracker's */
	struct registry *sources;
	struct message_bus *messages;
	struct events *events;
	struct alerts *alerts;
	struct feed *feed;
	struct logs *logs;
	struct fingerprints *fingerprints;
	struct pois *pois;
	struct log_filter *device_filter, *packet_filter; /* of the kismetdb */
	struct locator *locator;
	struct streams *streams;
	struct detector *detector;
	struct user_views *user_views;
	struct plugins *plugins; /* NULL: none are allowed */
	struct delivery *delivery;
	uint64_t start_us;
	uint64_t resumed_devices;              /* of an earlier run (is_resumed) */
	uint32_t resumed_sec, resumed_age_sec; /* when its state was written, and how old that was at the start */
	bool is_resumed;
	_Atomic uint64_t connections; /* of HTTP, at the last tick */
	struct uuid server_uuid;
	const char *server_name, *server_description, *server_location; /* never NULL */
	const char *map_tiles, *map_attribution;
	bool allow_auth_creation, allow_auth_view;
	/* Keeps names and tags; 0 or negative. Called from threads that may wait. */
	int (*save_notes)(void *ctx);
	void *ctx;
};

/* Publishes the events that come every second, and what became of sources. About once a second, one
 * thread. */
void api_tick(struct api *api, struct serve *serve);
/* Publishes what the radiation sensor of that source counted. Any thread. */
void api_publish_radiation(struct api *api, uint16_t source);
/* The system status as JSON; any thread. */
void api_write_status(struct api *api, struct buf *out);

/* One record, or a list of records of one table, as the request's format and its fields have it. */
void api_write_record(struct request *rq, struct reply *rp, const struct field_table *table, const void *record);
void api_write_list(struct request *rq, struct reply *rp, const struct field_table *table, const void *records,
		    size_t n);
/* An object {list_name: [records], time_name: now}; in line formats the records alone. */
void api_write_wrapped(struct request *rq, struct reply *rp, const char *list_name, const struct field_table *table,
		       const void *records, size_t n, const char *time_name, double time);
/* A context for writing; the arena is the caller's. */
struct field_ctx api_context(const struct api *api, struct arena *arena);

/* The command's `fields` compiled for the table: NULL when there are none. Negative, and replied,
 * when they are malformed. */
int api_fields(struct request *rq, struct reply *rp, const struct field_table *table,
	       struct field_selection **ret_selection);
/* What a command answers when it has nothing else to show: a record with that sentence. */
__attribute__((format(printf, 3, 4))) void api_done(struct request *rq, struct reply *rp, const char *format, ...);
extern struct field_table api_done_table;
/* "1700000000", or "-60" for seconds before now; replies 400 and returns false for anything else. */
bool api_since(struct reply *rp, const char *text, uint32_t *ret_sec);
/* The key of the path's {key}; replies 400. */
bool api_key_param(struct request *rq, struct reply *rp, struct key *ret_key);
