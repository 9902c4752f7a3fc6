/* Datasources: their state, and commands to them. */
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "api/write.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/secret.h"
#include "capture/add.h"
#include "capture/drivers.h"
#include "capture/lifecycle.h"
#include "capture/list.h"
#include "capture/record.h"
#include "capture/registry.h"
#include "capture/tune.h"
#include "serve/argument.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"

#define INTERFACES_MAX 256

/* A caller who may not add sources sees no passwords and keys of theirs. */
static void mask(const struct request *rq, struct source_record *s)
{
	if (strcmp(request_role(rq), "admin") == 0)
		return;
	secret_mask(s->interface, sizeof(s->interface));
	secret_mask(s->capture_interface, sizeof(s->capture_interface));
	secret_mask(s->definition, sizeof(s->definition));
	secret_mask(s->error_reason, sizeof(s->error_reason));
	secret_mask(s->warning, sizeof(s->warning));
}

static void all_sources(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct source_record one, *s = NULL;
	uint32_t n = 0;

	/* As many as there are: room for all that there may be would stay with the process. */
	while (n < SOURCES_MAX && capture_snapshot(api->sources, n, &one)) {
		mask(rq, &one);
		xgrow(s, n + 1);
		s[n++] = one;
	}
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

	if (!capture_find(api->sources, uuid, &s)) {
		reply_error(rp, 404, "There is no datasource with that uuid.");
		return;
	}
	reply_about(rp, s.name);
	mask(rq, &s);
	api_write_record(rq, rp, &source_table, &s);
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

static void add_source(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const char *definition = request_text(rq, "definition");
	char reason[SOURCE_TEXT_SIZE] = "";
	struct source_record s;
	int number;

	reply_about(rp, definition);
	if (!*definition) {
		reply_error(rp, 400, "Invalid request: 'definition' is empty.");
		return;
	}
	number = capture_add(api->sources, definition, false, reason);
	if (number < 0 || !capture_snapshot(api->sources, (uint32_t) number, &s))
		reply_error(rp, 500, "%s.", reason);
	else
		reply_source(rq, rp, &s.uuid);
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

/* The source after a command, or why that failed. */
static void reply_outcome(struct request *rq, struct reply *rp, const struct uuid *uuid, int r, const char *reason)
{
	if (r < 0 && r != ERR_NOT_FOUND)
		reply_error(rp, 500, "%s.", reason);
	else
		reply_source(rq, rp, uuid);
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
	reply_outcome(rq, rp, &uuid, r, reason);
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

/* A list of channels, joined by ','; the caller frees it. NULL when they are too long or hold a comma. */
static char *join_channels(const struct json_in *list)
{
	struct buf b = {0};

	for (size_t i = 0; i < json_in_count(list); i++) {
		char number[JSON_IN_NUMBER_SIZE];
		const struct json_in *v = json_in_at(list, i);
		const char *name = json_in_number_text(v, number) ? number : json_in_text(v);

		if (strpbrk(name, ", ") || b.len + strlen(name) + 2 > SOURCE_CHANNELS_SIZE) {
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
	reply_outcome(rq, rp, &uuid, r, reason);
}

/* Reads how channels are to change. Replies 400; *ret_joined is the caller's to free. */
static bool read_hopping(struct request *rq, struct reply *rp, struct source_tuning *ret, char **ret_joined)
{
	const struct json_in *c = request_command(rq), *channels = json_in_get(c, "channels"),
			     *shuffle = json_in_get(c, "shuffle"), *rate = json_in_get(c, "hoprate");

	if (!rate)
		rate = json_in_get(c, "rate");
	if (!channels && !rate && !shuffle) {
		reply_error(rp, 400, "Invalid request: expected 'channel', or 'channels', 'hoprate' or 'shuffle'.");
		return false;
	}
	if (channels && !(ret->channels = *ret_joined = join_channels(channels))) {
		reply_error(rp, 400, "Invalid request: 'channels' are names without a comma, %d octets in all.",
			    SOURCE_CHANNELS_SIZE);
		return false;
	}
	if (rate && (!json_in_real(rate, &ret->rate) || !(ret->rate > 0 && ret->rate <= SOURCE_HOP_RATE_MAX))) {
		reply_error(rp, 400, "Invalid request: 'hoprate' must be a number of channels per second, up to %d.",
			    SOURCE_HOP_RATE_MAX);
		return false;
	}
	if (shuffle)
		ret->shuffle = json_in_truth(shuffle);
	return true;
}

static void set_channel(struct request *rq, struct reply *rp)
{
	struct source_tuning t = {.channel = request_text(rq, "channel"), .shuffle = -1};
	cleanup_free char *joined = NULL;

	if (t.channel || read_hopping(rq, rp, &t, &joined))
		tune(rq, rp, &t);
}

static void set_hop(struct request *rq, struct reply *rp)
{
	tune(rq, rp, &(struct source_tuning){.shuffle = -1});
}

/* clang-format off */
static const struct argument add_arguments[] = {
	{.name = "definition", .type = ARGUMENT_NAME, .needed = true,
	 .doc = "As source= of the configuration has it."},
	{.name = NULL},
};
/* clang-format on */
/* clang-format off */
static const struct argument channel_arguments[] = {
	{.name = "channel", .type = ARGUMENT_TEXT,
	 .doc = "The one channel to stay on; the other members are ignored then."},
	{.name = "channels", .type = ARGUMENT_TEXTS, .unless = "channel", .doc = "Channels to change among."},
	{.name = "hoprate", .type = ARGUMENT_NUMBER, .unless = "channel", .doc = "Channels per second."},
	{.name = "rate", .type = ARGUMENT_NUMBER, .unless = "channel", .doc = "The same by its older name."},
	{.name = "shuffle", .type = ARGUMENT_TRUTH, .unless = "channel", .doc = "Whether their order is shuffled."},
	{.name = NULL},
};
/* clang-format on */
#define BOTH METHOD_BOTH
#define POST METHOD_POST
#define COMMAND (ROUTE_COMMAND | ROUTE_WORK)
#define CONTROL(step, fn, text)                                                                                        \
	{                                                                                                              \
		.methods = BOTH, .path = "/datasource/by-uuid/{uuid}/" step, .formats = "cmd,json",                    \
		.right = RIGHT_ADMIN, .handle = (fn), .record = &source_table, .doc = (text), .shape = SHAPE_RECORD,   \
		.flags = COMMAND, .refusals = {                                                                        \
			{404, "no datasource has that uuid"},                                                          \
			{500, "the source cannot do it"}                                                               \
		}                                                                                                      \
	}
/* clang-format off */
static const struct route routes[] = {
	{.methods = BOTH, .path = "/datasource/all_sources", .formats = "*", .right = RIGHT_READ,
	 .handle = all_sources, .record = &source_table, .shape = SHAPE_LIST, .flags = ROUTE_SECRETS,
	 .doc = "Every datasource; passwords and keys in definitions are for administrators."},
	{.methods = BOTH, .path = "/datasource/by-uuid/{uuid}/source", .formats = "*", .right = RIGHT_READ,
	 .handle = one_source, .record = &source_table, .shape = SHAPE_RECORD, .flags = ROUTE_SECRETS,
	 .refusals = {{404, "no datasource has that uuid"}},
	 .doc = "One datasource, in the same way."},
	{.methods = BOTH, .path = "/datasource/types", .formats = "*", .right = RIGHT_READ, .handle = types,
	 .record = &driver_table, .shape = SHAPE_LIST,
	 .doc = "The kinds of datasources."},
	{.methods = BOTH, .path = "/datasource/defaults", .formats = "*", .right = RIGHT_READ, .handle = defaults,
	 .record = &defaults_table, .shape = SHAPE_RECORD,
	 .doc = "Defaults for new datasources."},
	{.methods = BOTH, .path = "/datasource/list_interfaces", .formats = "*", .right = RIGHT_READ,
	 .handle = list_interfaces, .record = &interface_table, .shape = SHAPE_LIST, .flags = ROUTE_WORK,
	 .doc = "Interfaces that can be captured from."},
	{.methods = POST, .path = "/datasource/add_source", .formats = "cmd,json", .right = RIGHT_ADMIN,
	 .handle = add_source, .record = &source_table, .shape = SHAPE_RECORD, .flags = COMMAND,
	 .arguments = add_arguments,
	 .refusals = {{500, "the source cannot be opened"}},
	 .doc = "Adds a datasource by its definition."},
	{.methods = POST, .path = "/datasource/by-uuid/{uuid}/set_channel", .formats = "cmd,json",
	 .right = RIGHT_ADMIN, .handle = set_channel, .record = &source_table, .shape = SHAPE_RECORD,
	 .flags = COMMAND, .arguments = channel_arguments,
	 .refusals = {{404, "no datasource has that uuid"}, {500, "the source cannot do it"}},
	 .doc = "Sets a channel, or how channels change."},
	{.methods = BOTH, .path = "/datasource/by-uuid/{uuid}/set_hop", .formats = "cmd,json", .right = RIGHT_ADMIN,
	 .handle = set_hop, .record = &source_table, .shape = SHAPE_RECORD, .flags = COMMAND,
	 .refusals = {{404, "no datasource has that uuid"}, {500, "the source cannot do it"}},
	 .doc = "Resumes channel hopping."},
	CONTROL("close_source", close_source, "Closes a datasource; it stays in the list."),
	CONTROL("disable_source", close_source, "The same by another name."),
	CONTROL("open_source", open_source, "Opens a datasource again."),
	CONTROL("enable_source", open_source, "The same by another name."),
	CONTROL("pause_source", pause_source, "Pauses a datasource: its packets are ignored."),
	CONTROL("resume_source", resume_source, "Resumes a paused datasource."),
};
/* clang-format on */
const struct route_table api_source_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
