/* Alerts: the backlog, the definitions, and commands. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "api/write.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json_out.h"
#include "base/mem.h"
#include "detect/watched.h"
#include "serve/argument.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"
#include "track/phys.h"

#define PAGE_USUAL 500 /* alerts of a page without a length */

static void definitions(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct alert_definition *d = xnew(struct alert_definition, ALERT_DEFINITIONS_MAX);
	uint32_t n = alerts_definitions(api->alerts, d, ALERT_DEFINITIONS_MAX);

	api_write_list(rq, rp, &alert_definition_table, d, n);
	free(d);
}

/* Copies what was raised after that time; the caller frees. */
static struct alert *copy_after(struct api *api, double after, uint32_t *ret_n)
{
	uint32_t most = alerts_backlog(api->alerts);
	struct alert *a = xnew(struct alert, most);

	*ret_n = alerts_copy(api->alerts, after, a, most);
	return a;
}

static void all_alerts(struct request *rq, struct reply *rp)
{
	uint32_t n;
	struct alert *a = copy_after(request_context(rq), -1, &n);

	api_write_list(rq, rp, &alert_table, a, n);
	free(a);
}

static void alerts_since(struct request *rq, struct reply *rp)
{
	const char *text = request_param(rq, "time");
	double now = (double) clock_server_us() / 1e6, after;
	struct alert *a;
	uint32_t n;
	char *end;

	after = strtod(text, &end);
	if (end == text || *end || !isfinite(after)) {
		reply_error(rp, 400, "The time must be a number of seconds, with or without a fraction.");
		return;
	}
	if (after < 0)
		after += now;
	a = copy_after(request_context(rq), after, &n);
	api_write_wrapped(rq, rp, "kismet.alert.list", &alert_table, a, n, "kismet.alert.timestamp", now);
	free(a);
}

static void one_alert(struct request *rq, struct reply *rp)
{
	unsigned long hash = strtoul(request_param(rq, "id"), NULL, 10);
	uint32_t n, i = 0;
	struct alert *a = copy_after(request_context(rq), -1, &n);

	while (i < n && a[i].hash != hash)
		i++;
	if (i < n)
		api_write_record(rq, rp, &alert_table, &a[i]);
	else
		reply_error(rp, 404, "There is no alert of that number in the backlog.");
	free(a);
}

static uint64_t number(struct request *rq, const char *name, uint64_t standard)
{
	const char *text = request_variable(rq, name);

	return text && *text ? strtoull(text, NULL, 10) : standard;
}

static int newest_first(const void *a, const void *b)
{
	const struct alert *x = a, *y = b;

	return x->number > y->number ? -1 : x->number < y->number;
}

static void begin_page(struct buf *out, uint64_t pages, uint64_t rows, enum field_format format)
{
	const struct {
		const char *name, *doc;
		uint64_t number;
	} members[] = {{"last_page", "How many pages there are.", pages},
		       {"last_row", "Alerts that match.", rows},
		       {"total_row", "Alerts of the backlog.", rows}};

	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		buf_char(out, i ? ',' : '{');
		field_write_name(out, members[i].name, "uint64_t", members[i].doc, format);
		json_u64(out, members[i].number);
	}
	buf_char(out, ',');
	field_write_name(out, "data", "vector[x]", "The alerts of the page.", format);
}

/* A page of the backlog, newest first. */
static void alerts_view(struct request *rq, struct reply *rp)
{
	uint64_t size = number(rq, "length", number(rq, "size", PAGE_USUAL)), page = number(rq, "page", 0);
	struct buf whole = {0};
	uint32_t n;
	struct alert *a = copy_after(request_context(rq), -1, &n);
	uint64_t start;

	size = size == 0 ? PAGE_USUAL : size < UINT32_MAX ? size : UINT32_MAX;
	start = page < n ? page * size : n;
	start = start < n ? start : n;
	qsort(a, n, sizeof(*a), newest_first);
	api_write_list(rq, rp, &alert_table, a + start, n - start < size ? n - start : size);
	if (request_variable(rq, "page") && !request_format(rq).lines) {
		whole = *reply_buf(rp);
		*reply_buf(rp) = (struct buf){0};
		begin_page(reply_buf(rp), (n + size - 1) / size, n, request_format(rq).fields);
		buf_add(reply_buf(rp), whole.p, whole.len);
		buf_char(reply_buf(rp), '}');
		buf_finish(&whole);
	}
	free(a);
}

/* The number of the command's phy, UINT32_MAX without one; false, and replied, for an unknown one. */
static bool find_phy(struct request *rq, struct reply *rp, uint32_t *ret_phy)
{
	struct api *api = request_context(rq);
	const char *name = request_text(rq, "phyname");
	struct phy_counts phys[32];
	uint32_t n;

	*ret_phy = UINT32_MAX;
	if (!name || !*name || strcmp(name, "any") == 0)
		return true;
	n = tracker_phys(api->tracker, phys, ARRAY_SIZE(phys));
	for (uint32_t i = 0; i < n; i++)
		if (strcmp(phys[i].name, name) == 0) {
			*ret_phy = phys[i].id;
			return true;
		}
	reply_error(rp, 400, "Invalid request: there is no phy '%.64s'.", name);
	return false;
}

static bool read_rate(struct request *rq, struct reply *rp, const char *name, struct rate *ret)
{
	const char *text = request_text(rq, name);

	if (rate_parse(text, ret) >= 0)
		return true;
	reply_error(rp, 400, "Invalid request: '%s' is a rate such as 10/min; units are sec, min, hour, day.", name);
	return false;
}

static bool known_severity(int64_t s)
{
	return s == 0 || s == 5 || s == 10 || s == 15 || s == 20;
}

static void define_alert(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct alert_definition d = {.severity = SEVERITY_HIGH};
	const char *name = request_text(rq, "name"), *text = request_text(rq, "description");
	const char *class = request_text(rq, "class");
	const struct json_in *severity = json_in_get(request_command(rq), "severity");
	int64_t level;
	int r;

	if (!read_rate(rq, rp, "throttle", &d.throttle.limit) || !read_rate(rq, rp, "burst", &d.throttle.burst) ||
	    !find_phy(rq, rp, &d.phy))
		return;
	if (severity && (!json_in_whole(severity, &level) || !known_severity(level))) {
		reply_error(rp, 400, "Invalid request: 'severity' is 0, 5, 10, 15 or 20.");
		return;
	}
	if (severity)
		d.severity = (uint8_t) level;
	if (!*name || strlen(name) >= sizeof(d.name)) {
		reply_error(rp, 400, "Invalid request: 'name' has 1 to %zu octets.", sizeof(d.name) - 1);
		return;
	}
	(void) snprintf(d.name, sizeof(d.name), "%s", name);
	(void) snprintf(d.description, sizeof(d.description), "%s", text);
	(void) snprintf(d.alert_class, sizeof(d.alert_class), "%s", class ? class : "OTHER");
	r = alerts_define(api->alerts, &d);
	if (r == ERR_EXISTS)
		reply_error(rp, 400, "There is an alert '%s' already.", name);
	else if (r < 0)
		reply_error(rp, 400,
			    "The alert cannot be defined: its burst's time is longer than its throttle's, or the limit "
			    "of alerts is reached.");
	else
		api_done(rq, rp, "Added alert");
}

/* An optional address of the command, which its arguments have checked. */
static struct mac mac_of(struct request *rq, const char *name)
{
	const char *text = request_text(rq, name);
	struct mac mac = {0};

	if (text && *text)
		(void) mac_parse(text, strlen(text), &mac);
	return mac;
}

static void raise_alert(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const char *name = request_text(rq, "name"), *channel = request_text(rq, "channel");
	struct alert a = {.transmitter = mac_of(rq, "bssid"),
			  .source = mac_of(rq, "source"),
			  .destination = mac_of(rq, "dest"),
			  .other = mac_of(rq, "other")};
	int n = alerts_find(api->alerts, name);

	if (n < 0) {
		reply_error(rp, 400, "Invalid request: there is no alert '%.64s'.", name);
		return;
	}
	a.offender = mac_is_zero(&a.source) ? a.transmitter : a.source;
	(void) snprintf(a.text, sizeof(a.text), "%s", request_text(rq, "text"));
	(void) snprintf(a.channel, sizeof(a.channel), "%s", channel ? channel : "0");
	if (!alerts_enabled(api->alerts, n))
		reply_error(rp, 409, "The alert '%s' is off: alert= in the configuration sets its rate to 0.", name);
	else if (alerts_raise(api->alerts, n, &a, 0))
		api_done(rq, rp, "Alert raised");
	else
		reply_error(rp, 429,
			    "The alert '%s' is held back: it was raised as often as its rates allow; alert= in the "
			    "configuration sets them.",
			    name);
}

static bool watch_bits(struct request *rq, struct reply *rp, uint8_t *ret_bits)
{
	static const char *const names[] = {"", "found", "lost", "both"};
	const char *type = request_param(rq, "type");

	for (size_t i = 1; i < ARRAY_SIZE(names); i++)
		if (strcmp(type, names[i]) == 0) {
			*ret_bits = (uint8_t) i;
			return true;
		}
	reply_error(rp, 404, "The type of a watch is found, lost or both.");
	return false;
}

static bool watch_one(struct request *rq, const struct json_in *v, uint8_t bits, bool add)
{
	struct api *api = request_context(rq);
	const char *text = json_in_text(v);
	struct mac_mask mac;

	return text && mac_mask_parse(text, strlen(text), &mac) >= 0 &&
	       detector_watch(api->detector, &mac, bits, add) >= 0;
}

static void watch(struct request *rq, struct reply *rp, bool add)
{
	const struct json_in *one = json_in_get(request_command(rq), "mac");
	const struct json_in *many = json_in_get(request_command(rq), "macs");
	bool good = one || json_in_is_list(many);
	uint8_t bits;

	if (!watch_bits(rq, rp, &bits))
		return;
	if (one)
		good = watch_one(rq, one, bits, add);
	for (size_t i = 0; good && json_in_is_list(many) && i < json_in_count(many); i++)
		good = watch_one(rq, json_in_at(many, i), bits, add);
	if (good)
		api_done(rq, rp, "OK");
	else
		reply_error(rp, 400,
			    "Invalid request: expected the address 'mac' or the list 'macs', each like "
			    "AA:BB:CC:DD:EE:FF or AA:BB:CC:00:00:00/FF:FF:FF:00:00:00, at most %d in all.",
			    WATCHED_MAX);
}

static void watch_add(struct request *rq, struct reply *rp)
{
	watch(rq, rp, true);
}

static void watch_remove(struct request *rq, struct reply *rp)
{
	watch(rq, rp, false);
}

static void watched(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct mac_mask *macs;
	uint8_t bits;
	uint32_t n;

	if (!watch_bits(rq, rp, &bits))
		return;
	macs = xnew(struct mac_mask, WATCHED_MAX);
	n = detector_watched(api->detector, bits, macs, WATCHED_MAX);
	buf_char(reply_buf(rp), '[');
	for (uint32_t i = 0; i < n; i++) {
		char text[MAC_MASK_TEXT_SIZE];

		mac_mask_format(&macs[i], text);
		buf_printf(reply_buf(rp), "%s\"%s\"", i ? "," : "", text);
	}
	buf_char(reply_buf(rp), ']');
	free(macs);
}

static void receivers(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct receiver_record r[RECEIVERS_MAX];

	api_write_list(rq, rp, &receiver_table, r, delivery_copy(api->delivery, r));
}

/* clang-format off */
static const struct argument define_arguments[] = {
	{.name = "name", .type = ARGUMENT_NAME, .needed = true, .doc = "Name of the alert."},
	{.name = "description", .type = ARGUMENT_TEXT, .needed = true, .doc = "What it means."},
	{.name = "phyname", .type = ARGUMENT_NAME, .doc = "Its phy; none: any."},
	{.name = "throttle", .type = ARGUMENT_NAME, .needed = true, .doc = "Rate, as in 10/min."},
	{.name = "burst", .type = ARGUMENT_NAME, .needed = true, .doc = "Rate of a burst, as in 1/sec."},
	{.name = "severity", .type = ARGUMENT_WHOLE, .doc = "0, 5, 10, 15 or 20."},
	{.name = "class", .type = ARGUMENT_NAME, .doc = "Its class."},
	{.name = NULL},
};
/* clang-format on */
/* clang-format off */
static const struct argument raise_arguments[] = {
	{.name = "name", .type = ARGUMENT_NAME, .needed = true, .doc = "Name of an alert that is defined."},
	{.name = "text", .type = ARGUMENT_TEXT, .needed = true, .doc = "What happened."},
	{.name = "bssid", .type = ARGUMENT_ADDRESS, .doc = "Network that it is about."},
	{.name = "source", .type = ARGUMENT_ADDRESS, .doc = "Device that did it."},
	{.name = "dest", .type = ARGUMENT_ADDRESS, .doc = "Device that it was done to."},
	{.name = "other", .type = ARGUMENT_ADDRESS, .doc = "Another device of it."},
	{.name = "channel", .type = ARGUMENT_TEXT, .doc = "Where."},
	{.name = NULL},
};
/* clang-format on */
/* clang-format off */
static const struct argument watch_arguments[] = {
	{.name = "mac", .type = ARGUMENT_NAME, .doc = "An address."},
	{.name = "macs", .type = ARGUMENT_LIST, .doc = "Several."},
	{.name = NULL},
};
/* clang-format on */
#define BOTH METHOD_BOTH
#define POST METHOD_POST
/* clang-format off */
static const struct route routes[] = {
	{.methods = BOTH, .path = "/alerts/definitions", .formats = "*", .right = RIGHT_READ, .handle = definitions,
	 .record = &alert_definition_table, .shape = SHAPE_LIST,
	 .doc = "Every alert that can be raised."},
	{.methods = BOTH, .path = "/alerts/all_alerts", .formats = "*", .right = RIGHT_READ, .handle = all_alerts,
	 .record = &alert_table, .shape = SHAPE_LIST,
	 .doc = "The backlog of alerts, oldest first."},
	{.methods = BOTH, .path = "/alerts/last-time/{time}/alerts", .formats = "*", .right = RIGHT_READ,
	 .handle = alerts_since, .record = &alert_table, .shape = SHAPE_WRAPPED,
	 .doc = "Alerts after a time, and the time of this reply."},
	{.methods = BOTH, .path = "/alerts/wrapped/last-time/{time}/alerts", .formats = "*", .right = RIGHT_READ,
	 .handle = alerts_since, .record = &alert_table, .shape = SHAPE_WRAPPED,
	 .doc = "The same by its later name."},
	{.methods = BOTH, .path = "/alerts/alerts_view", .formats = "*", .right = RIGHT_READ, .handle = alerts_view,
	 .record = &alert_table, .shape = SHAPE_PAGE,
	 .doc = "Alerts by pages, newest first."},
	{.methods = BOTH, .path = "/alerts/by-id/{id}/alert", .formats = "*", .right = RIGHT_READ,
	 .handle = one_alert, .record = &alert_table, .shape = SHAPE_RECORD,
	 .refusals = {{404, "the backlog has no such alert"}},
	 .doc = "One alert."},
	{.methods = BOTH, .path = "/alerts/receivers", .formats = "*", .right = RIGHT_ADMIN, .handle = receivers,
	 .record = &receiver_table, .shape = SHAPE_LIST,
	 .doc = "Syslog servers and webhooks that alerts are sent to."},
	{.methods = POST, .path = "/alerts/definitions/define_alert", .formats = "cmd,json", .right = RIGHT_ADMIN,
	 .handle = define_alert, .record = &api_done_table, .shape = SHAPE_RECORD, .flags = ROUTE_COMMAND,
	 .arguments = define_arguments,
	 .refusals = {{400, "the alert is defined already, or there is no such phy"}},
	 .doc = "Defines an alert."},
	{.methods = POST, .path = "/alerts/definitions/defice_alert", .formats = "cmd,json", .right = RIGHT_ADMIN,
	 .handle = define_alert, .record = &api_done_table, .shape = SHAPE_RECORD, .flags = ROUTE_COMMAND,
	 .arguments = define_arguments,
	 .refusals = {{400, "the alert is defined already, or there is no such phy"}},
	 .doc = "The same in Kismet's spelling."},
	{.methods = POST, .path = "/alerts/raise_alert", .formats = "cmd,json", .right = RIGHT_ADMIN,
	 .handle = raise_alert, .record = &api_done_table, .shape = SHAPE_RECORD, .flags = ROUTE_COMMAND,
	 .arguments = raise_arguments,
	 .refusals = {{400, "no alert has that name"}, {409, "the alert is off"}, {429, "it was raised as often as its rates allow"}},
	 .doc = "Raises an alert."},
	{.methods = POST, .path = "/alerts/raise_alerts", .formats = "cmd,json", .right = RIGHT_ADMIN,
	 .handle = raise_alert, .record = &api_done_table, .shape = SHAPE_RECORD, .flags = ROUTE_COMMAND,
	 .arguments = raise_arguments,
	 .refusals = {{400, "no alert has that name"}, {409, "the alert is off"}, {429, "it was raised as often as its rates allow"}},
	 .doc = "The same by its later name."},
	{.methods = POST, .path = "/devices/alerts/mac/{type}/add", .formats = "cmd,json", .right = RIGHT_ADMIN,
	 .handle = watch_add, .record = &api_done_table, .shape = SHAPE_RECORD, .flags = ROUTE_COMMAND,
	 .arguments = watch_arguments,
	 .refusals = {{404, "the type is none of found, lost and both"}},
	 .doc = "Watches devices: found, lost or both."},
	{.methods = POST, .path = "/devices/alerts/mac/{type}/remove", .formats = "cmd,json", .right = RIGHT_ADMIN,
	 .handle = watch_remove, .record = &api_done_table, .shape = SHAPE_RECORD, .flags = ROUTE_COMMAND,
	 .arguments = watch_arguments,
	 .refusals = {{404, "the type is none of found, lost and both"}},
	 .doc = "Ends that."},
	{.methods = BOTH, .path = "/devices/alerts/mac/{type}/macs", .formats = "*", .right = RIGHT_READ,
	 .handle = watched, .shape = SHAPE_LIST,
	 .refusals = {{404, "the type is none of found, lost and both"}},
	 .doc = "Addresses that are watched."},
};
/* clang-format on */
const struct route_table api_alert_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
