/* Datasources: what the server listens to, and commands to it. */
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "base/err.h"
#include "base/mem.h"

#define INTERFACES_MAX 256

static void all_sources(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct source_record *s = xnew(struct source_record, SOURCES_MAX);
	uint32_t n = 0;

	while (n < SOURCES_MAX && capture_snapshot(api->sources, n, &s[n]))
		n++;
	api_write_list(rq, rp, &source_table, s, n);
	free(s);
}

static bool uuid_param(struct request *rq, struct reply *rp, struct uuid *ret_uuid)
{
	const char *text = request_param(rq, "uuid");

	if (uuid_parse(text, strlen(text), ret_uuid) >= 0)
		return true;
	reply_error(rp, 400, "That is not a uuid.");
	return false;
}

/* The source's record, or 404. */
static void reply_source(struct request *rq, struct reply *rp, const struct uuid *uuid)
{
	struct api *api = request_context(rq);
	struct source_record s;

	if (capture_find(api->sources, uuid, &s))
		api_write_record(rq, rp, &source_table, &s);
	else
		reply_error(rp, 404, "There is no datasource of that uuid.");
}

static void one_source(struct request *rq, struct reply *rp)
{
	struct uuid uuid;

	if (uuid_param(rq, rp, &uuid))
		reply_source(rq, rp, &uuid);
}

static void types(struct request *rq, struct reply *rp)
{
	uint32_t n;
	const struct source_driver *drivers = capture_drivers(&n);

	api_write_list(rq, rp, &driver_table, drivers, n);
}

static void defaults(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);

	api_write_record(rq, rp, &defaults_table, capture_defaults(api->sources));
}

static void list_interfaces(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct source_interface *found = xnew(struct source_interface, INTERFACES_MAX);
	uint32_t n = capture_list(api->sources, found, INTERFACES_MAX);

	api_write_list(rq, rp, &interface_table, found, n);
	free(found);
}

/* The definition: in the command, or as a form variable of its own. */
static void add_source(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const char *definition = json_in_text(json_in_get(request_command(rq), "definition"));
	char reason[SOURCE_TEXT_SIZE] = "";
	struct source_record s;
	int number;

	if (!definition)
		definition = request_variable(rq, "definition");
	if (!definition || !*definition) {
		reply_error(rp, 400, "Invalid request: expected the text 'definition'.");
		return;
	}
	number = capture_add(api->sources, definition, false, reason);
	if (number < 0 || !capture_snapshot(api->sources, (uint32_t) number, &s))
		reply_error(rp, 500, "%s.", reason);
	else
		api_write_record(rq, rp, &source_table, &s);
}

static void close_source(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct uuid uuid;

	if (!uuid_param(rq, rp, &uuid))
		return;
	(void) capture_close(api->sources, &uuid);
	reply_source(rq, rp, &uuid);
}

static void open_source(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	char reason[SOURCE_TEXT_SIZE] = "";
	struct uuid uuid;
	int r;

	if (!uuid_param(rq, rp, &uuid))
		return;
	r = capture_open(api->sources, &uuid, reason);
	if (r < 0 && r != ERR_NOT_FOUND)
		reply_error(rp, 500, "%s.", reason);
	else
		reply_source(rq, rp, &uuid);
}

static void set_pause(struct request *rq, struct reply *rp, bool paused)
{
	struct api *api = request_context(rq);
	struct uuid uuid;

	if (!uuid_param(rq, rp, &uuid))
		return;
	(void) capture_pause(api->sources, &uuid, paused);
	reply_source(rq, rp, &uuid);
}

static void pause_source(struct request *rq, struct reply *rp)
{
	set_pause(rq, rp, true);
}

static void resume_source(struct request *rq, struct reply *rp)
{
	set_pause(rq, rp, false);
}

/* True if the command asks for channels in a way that could be done. */
static bool channel_command(struct request *rq, struct reply *rp)
{
	const struct json_in *c = request_command(rq);
	const struct json_in *channels = json_in_get(c, "channels");
	const char *rate_name = json_in_get(c, "hoprate") ? "hoprate" : "rate";
	double rate;

	if (json_in_text(json_in_get(c, "channel")))
		return true;
	if (channels && !json_in_is_list(channels)) {
		reply_error(rp, 400, "Invalid request: 'channels' is a list of channels.");
		return false;
	}
	if (!channels && !json_in_real(json_in_get(c, rate_name), &rate)) {
		reply_error(rp, 400, "Invalid request: expected 'channel', or 'channels' or 'hoprate'.");
		return false;
	}
	return true;
}

/* A list of channels, joined by ','; the caller frees it. NULL when one is no text. */
static char *join_channels(const struct json_in *list)
{
	struct buf b = {0};

	for (size_t i = 0; i < json_in_count(list); i++) {
		const char *name = json_in_text(json_in_at(list, i));

		if (!name || b.len + strlen(name) + 2 > SOURCE_CHANNELS_SIZE) {
			buf_finish(&b);
			return NULL;
		}
		if (b.len)
			buf_char(&b, ',');
		buf_str(&b, name);
	}
	(void) buf_text(&b);
	return b.p;
}

static void tune(struct request *rq, struct reply *rp, const struct source_tuning *tuning)
{
	struct api *api = request_context(rq);
	char reason[SOURCE_TEXT_SIZE] = "";
	struct uuid uuid;
	int r;

	if (!uuid_param(rq, rp, &uuid))
		return;
	r = capture_tune(api->sources, &uuid, tuning, reason);
	if (r < 0 && r != ERR_NOT_FOUND)
		reply_error(rp, 500, "%s.", reason);
	else
		reply_source(rq, rp, &uuid);
}

static void set_channel(struct request *rq, struct reply *rp)
{
	const struct json_in *c = request_command(rq), *channels = json_in_get(c, "channels");
	struct source_tuning t = {.channel = json_in_text(json_in_get(c, "channel")), .shuffle = -1};
	cleanup_free char *joined = NULL;
	double rate, shuffle;

	if (!channel_command(rq, rp))
		return;
	if (channels) {
		t.channels = joined = join_channels(channels);
		if (!joined) {
			reply_error(rp, 400, "Invalid request: 'channels' is a list of texts.");
			return;
		}
	}
	if (json_in_real(json_in_get(c, json_in_get(c, "hoprate") ? "hoprate" : "rate"), &rate)) {
		if (!(rate > 0 && rate <= 1000)) {
			reply_error(rp, 400, "Invalid request: 'hoprate' is channels a second, up to 1000.");
			return;
		}
		t.rate = rate;
	}
	if (json_in_real(json_in_get(c, "shuffle"), &shuffle))
		t.shuffle = shuffle != 0;
	tune(rq, rp, &t);
}

static void set_hop(struct request *rq, struct reply *rp)
{
	tune(rq, rp, &(struct source_tuning){.shuffle = -1});
}

#define BOTH METHOD_BOTH
#define POST METHOD_POST
#define COMMAND (ROUTE_COMMAND | ROUTE_WORK)
#define CONTROL(step, fn, text)                                                                                        \
	{                                                                                                              \
		BOTH, "/datasource/by-uuid/{uuid}/" step, "cmd,json", RIGHT_ADMIN, fn, &source_table, text,            \
			SHAPE_RECORD, COMMAND                                                                          \
	}
static const struct route routes[] = {
	{BOTH, "/datasource/all_sources", "*", RIGHT_LOGIN, all_sources, &source_table, "Every datasource.",
	 SHAPE_LIST},
	{BOTH, "/datasource/by-uuid/{uuid}/source", "*", RIGHT_LOGIN, one_source, &source_table, "One datasource.",
	 SHAPE_RECORD},
	{BOTH, "/datasource/types", "*", RIGHT_READ, types, &driver_table, "The kinds of datasources.", SHAPE_LIST},
	{BOTH, "/datasource/defaults", "*", RIGHT_READ, defaults, &defaults_table, "What new datasources get.",
	 SHAPE_RECORD},
	{BOTH, "/datasource/list_interfaces", "*", RIGHT_READ, list_interfaces, &interface_table,
	 "Interfaces that could be captured.", SHAPE_LIST, ROUTE_WORK},
	{POST, "/datasource/add_source", "cmd,json", RIGHT_ADMIN, add_source, &source_table,
	 "Adds a datasource by its definition.", SHAPE_RECORD, COMMAND},
	{POST, "/datasource/by-uuid/{uuid}/set_channel", "cmd,json", RIGHT_ADMIN, set_channel, &source_table,
	 "Sets a channel, or how channels change.", SHAPE_RECORD, COMMAND},
	{BOTH, "/datasource/by-uuid/{uuid}/set_hop", "cmd,json", RIGHT_ADMIN, set_hop, &source_table,
	 "Lets channels change again.", SHAPE_RECORD, COMMAND},
	CONTROL("close_source", close_source, "Ends a datasource; it stays in the list."),
	CONTROL("disable_source", close_source, "The same by another name."),
	CONTROL("open_source", open_source, "Opens a datasource again."),
	CONTROL("enable_source", open_source, "The same by another name."),
	CONTROL("pause_source", pause_source, "Leaves out what a datasource hears."),
	CONTROL("resume_source", resume_source, "Ends a pause."),
};
const struct route_table api_source_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
