/* The endpoints: one file a section of the REST reference, each a table of routes and its handlers. */
#pragma once
#include "api/options.h"
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
#include "store/state/fingerprints.h"
#include "store/log/logs.h"
#include "store/state/pois.h"
#include "track/devices.h"
#include "track/user_views.h"

/* The rooms that handlers use; serve_conf.ctx points to one. Outlives the server. */
struct catalogue;

struct api {
	struct tracker *tracker;
	struct devices devices; /* as they are shown: the tracker's */
	struct registry *sources;
	struct message_bus *messages;
	struct events *events;
	struct alerts *alerts;
	struct feed *feed;
	struct logs *logs;
	struct catalogue *catalogue; /* of the logs in the folders */
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
	const struct api_conf *conf;
	/* Keeps names and tags; 0 or negative. Called from threads that may wait. */
	int (*save_annotations)(void *ctx);
	void *ctx;
};

/* The reply of a command without other results: a record with that sentence. */
__attribute__((format(printf, 3, 4))) void api_done(struct request *rq, struct reply *rp, const char *format, ...);
extern struct field_table api_done_table;
