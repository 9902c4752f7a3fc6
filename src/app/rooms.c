/* The rooms of the program: how the small ones start and stop, and the table of all. */
#include "app/rooms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/detection.h"
#include "app/home.h"
#include "app/log_filters.h"
#include "app/logging.h"
#include "app/pipeline.h"
#include "app/positions.h"
#include "app/progress.h"
#include "app/resume.h"
#include "app/serving.h"
#include "app/sources.h"
#include "app/stop_watch.h"
#include "app/tracking.h"
#include "app/views.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "locate/locator.h"
#include "plugin/plugin.h"
#include "track/sighting_read.h"
#include "track/tracker.h"

static void on_log(void *ctx, enum log_level level, const char *text)
{
	static const int flags[] = {MESSAGE_ERROR, MESSAGE_ERROR, MESSAGE_INFO};

	if (level == LOG_LEVEL_DEBUG) /* for the terminal alone: there are too many for the message bus */
		return;
	message_post(ctx, flags[level], text);
}

static int start_messages(struct app *a)
{
	a->messages = message_bus_create();
	a->api.events = events_create();
	message_bus_events(a->messages, a->api.events);
	log_set_clear(progress_end);
	log_set_hook(on_log, a->messages);
	a->api.messages = a->messages;
	return 0;
}

static void stop_messages(struct app *a)
{
	log_set_hook(NULL, NULL);
	message_bus_destroy(a->messages);
	events_destroy(a->api.events);
}

static int start_feed(struct app *a)
{
	a->api.feed = feed_create();
	a->api.streams = streams_create();
	a->api.pois = pois_create();
	return 0;
}

static void stop_feed(struct app *a)
{
	feed_destroy(a->api.feed);
	streams_destroy(a->api.streams);
	pois_destroy(a->api.pois);
}

static int start_locating(struct app *a)
{
	const struct string_list *gps = &a->conf.locate.gps;

	a->api.locator = locator_create();
	for (size_t i = 0; i < gps->n; i++) {
		char reason[160];

		if (locator_add(a->api.locator, gps->items[i], reason) < 0)
			(void) options_fault(&a->conf.options, "gps", gps->items[i], reason);
	}
	return 0;
}

static void stop_locating(struct app *a)
{
	locator_destroy(a->api.locator);
	positions_destroy(a);
}

/* What endpoints show of the server. */
static int describe_server(struct app *a)
{
	a->api.start_us = clock_server_us();
	a->api.server_uuid = home_server_uuid(a);
	a->api.conf = &a->conf.api;
	a->api.save_annotations = home_save_annotations;
	a->api.ctx = a;
	return 0;
}

static int start_detecting(struct app *a)
{
	(void) detection_start(a);
	alerts_events(a->alerts, a->api.events);
	tracker_on_event(a->api.tracker, pipeline_event, a);
	return 0;
}

static void stop_detecting(struct app *a)
{
	delivery_destroy(a->delivery);
	detector_destroy(a->detector);
	alerts_destroy(a->alerts);
}

static int start_views(struct app *a)
{
	(void) log_filters_read(a);
	(void) views_read(a);
	return 0;
}

static void stop_views(struct app *a)
{
	user_views_destroy(TAKE(a->api.user_views));
}

static int start_plugins(struct app *a)
{
	const struct plugin_rooms rooms = {a->api.tracker, a->alerts, a->api.logs, a->api.user_views};
	cleanup_free char *installed = xalloc(strlen(a->arguments.data) + 16), *own = home_path(a, "plugins");

	if (!a->conf.server.allow_plugins)
		return 0;
	(void) sprintf(installed, "%s/plugins", a->arguments.data);
	a->api.plugins = plugins_create(&rooms);
	plugins_load(a->api.plugins, installed);
	plugins_load(a->api.plugins, own);
	return 0;
}

static void stop_plugins(struct app *a)
{
	plugins_stop(a->api.plugins);
}

static void remove_plugins(struct app *a)
{
	plugins_destroy(a->api.plugins);
}

/* Devices of an earlier run come back before the first log is written. */
static int resume(struct app *a)
{
	int r = app_resume(a);

	if (a->is_resumed)
		logs_resumed(a->api.logs, a->resumed.path, a->resumed.alerts);
	return r;
}

static void end_sightings(struct app *a)
{
	if (a->api.tracker)
		tracker_close_sightings(a->api.tracker);
}

/* The rooms, in the order in which they start; they stop in the order of the rows from below. A start that fails ends
 * the server. What stops takes also what has not started. */
static const struct {
	const char *name; /* what the log calls it */
	int (*start)(struct app *a);
	void (*stop)(struct app *a);
	bool waits_for_disk; /* while it stops */
} rooms[] = {
	{.name = "code of plugins", .stop = remove_plugins}, /* others may name it to the end */
	{.name = "home folder", .start = home_open, .stop = home_close},
	{.name = "messages", .start = start_messages, .stop = stop_messages},
	{.name = "positions", .start = start_locating, .stop = stop_locating},
	{.name = "packet streams", .start = start_feed, .stop = stop_feed},
	{.name = "description", .start = describe_server},
	{.name = "devices", .start = tracking_start, .stop = tracking_stop},
	{.name = "detection", .start = start_detecting, .stop = stop_detecting},
	{.name = "list of sources", .start = sources_create, .stop = sources_destroy},
	{.name = "views", .start = start_views, .stop = stop_views},
	{.name = "log classes", .start = logging_start},
	/* their phys have to be there before devices, their classes before logs */
	{.name = "plugins", .start = start_plugins, .stop = stop_plugins},
	{.name = "logs", .start = resume, .stop = logging_stop, .waits_for_disk = true},
	{.name = "sightings", .stop = end_sightings},
	{.name = "archive", .start = logging_start_archive, .stop = logging_stop_archive},
	{.name = "sources", .stop = sources_stop}, /* no packet comes to those above any more */
	{.name = "HTTP server", .start = serving_start, .stop = serving_stop},
	{.name = "opened sources", .start = sources_open, .stop = sources_dismiss},
};

int rooms_start(struct app *a)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(rooms); i++)
		if (rooms[i].start)
			r = rooms[i].start(a);
	return r;
}

void rooms_stop(struct app *a)
{
	for (size_t i = ARRAY_SIZE(rooms); i-- > 0;)
		if (rooms[i].stop) {
			stop_watch_room(rooms[i].name, rooms[i].waits_for_disk);
			rooms[i].stop(a);
		}
}
