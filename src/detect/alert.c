#include "detect/alert.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "detect/offender.h"
#include "feed/events.h"
#include "field/load.h"
#include "field/position.h"

#define QUIET_SEC 1 /* so long nothing was held back: else the next frame reports it */

#define D struct alert_definition
static const struct field definition_rows[] = {
	FIELD(D, "kismet.alert.definition.header", name, "Name."),
	FIELD(D, "kismet.alert.definition.class", alert_class, "Class."),
	FIELD(D, "kismet.alert.definition.severity", severity, "Severity: 0, 5, 10, 15 or 20."),
	FIELD(D, "kismet.alert.definition.description", description, "What it means."),
	FIELD(D, "kismet.alert.definition.phyid", phy, "Number of its phy; 4294967295: any."),
	FIELD(D, "kismet.alert.definition.limit_unit", throttle.limit.unit,
	      "Time of the limit: 0 second, 1 minute, 2 hour, 3 day."),
	FIELD(D, "kismet.alert.definition.limit_rate", throttle.limit.count, "Most in that time, of an offender."),
	FIELD(D, "kismet.alert.definition.burst_unit", throttle.burst.unit, "Time of a burst."),
	FIELD(D, "kismet.alert.definition.limit_burst", throttle.burst.count, "Most in that time, of an offender."),
	FIELD(D, "kismet.alert.definition.burst_sent", throttle.burst_sent, "Raised in this burst."),
	FIELD(D, "kismet.alert.definition.total_sent", throttle.total_sent, "Raised in the limit's time."),
	FIELD(D, "kismet.alert.definition.time_last", throttle.last, "Time of the latest."),
	FIELD(D, "norn.alert.definition.raised", raised,
	      "Raised in all; reports of what was held back are not counted."),
	FIELD(D, "norn.alert.definition.held_back", held_back, "Held back by the limits, in all."),
};
struct field_table alert_definition_table = FIELD_TABLE(D, "alert definition", definition_rows);

static struct field_text device_key(const void *obj, struct field_ctx *ctx)
{
	const struct alert *a = obj;
	char *text = arena_alloc(ctx->arena, KEY_TEXT_SIZE);

	if (!a->has_device)
		return (struct field_text){"0_0", 3};
	key_format(&a->device, text);
	return (struct field_text){text, strlen(text)};
}

static bool has_datasource(const void *obj)
{
	return ((const struct alert *) obj)->has_datasource;
}

static const void *location(const void *obj, struct field_ctx *ctx)
{
	const struct alert *a = obj;

	(void) ctx;
	return a->position.fix ? &a->position : NULL;
}

#define A struct alert
static bool set_device_key(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	const char *text = json_in_text(v);
	A *a = obj;

	(void) row;
	(void) l;
	a->has_device = text && key_parse(text, strlen(text), &a->device) >= 0 &&
			(a->device.phy_hash || !mac_is_zero(&a->device.mac));
	return text;
}

static bool set_location(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	field_load(row->table, &((A *) obj)->position, v, l);
	return true;
}

static bool set_datasource(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	A *a = obj;

	a->has_datasource = field_load_value(row, obj, v, l);
	return a->has_datasource;
}

static const struct field alert_rows[] = {
	FIELD_CALL_TEXT("kismet.alert.device_key", device_key, "Key of the device that it is about; 0_0: none.",
			.type = "device key", .set = set_device_key),
	FIELD(A, "kismet.alert.header", name, "Name."),
	FIELD(A, "kismet.alert.class", alert_class, "Class."),
	FIELD(A, "kismet.alert.hash", hash, "Names the alert within this run."),
	FIELD(A, "kismet.alert.severity", severity, "Severity: 0, 5, 10, 15 or 20."),
	FIELD(A, "kismet.alert.phy_id", phy, "Number of its phy; 4294967295: any."),
	FIELD(A, "kismet.alert.timestamp", time, "When: packet time of frames of files, else server time."),
	FIELD(A, "kismet.alert.transmitter_mac", transmitter, "BSSID or transmitter."),
	FIELD(A, "kismet.alert.source_mac", source, "Source."),
	FIELD(A, "kismet.alert.dest_mac", destination, "Destination."),
	FIELD(A, "kismet.alert.other_mac", other, "Another address that belongs to it."),
	FIELD(A, "kismet.alert.channel", channel, "Channel."),
	FIELD(A, "kismet.alert.frequency", freq_khz, "Frequency, kHz."),
	FIELD(A, "kismet.alert.text", text, "What happened."),
	FIELD_CALL_OBJECT("kismet.alert.location", location, &position_table, "Where it was received.",
			  .set = set_location),
	FIELD(A, "norn.alert.packet_time", packet_time, "Packet time of the latest frame behind it."),
	FIELD(A, "norn.alert.first_time", first_time, "Packet time of the first frame behind it."),
	FIELD(A, "norn.alert.frames", frames, "Number of frames behind it; 0: none."),
	FIELD(A, "norn.alert.held_back", held_back,
	      "Alerts of this name and offender that the limits held back since the one before."),
	FIELD(A, "norn.alert.offender", offender, "Address by which the limits count it; zeros: none."),
	FIELD(A, "norn.alert.packet", packet,
	      "Number of the latest frame within this run, as the log's packetid; 0: none."),
	FIELD(A, "norn.alert.packet_hash", packet_hash, "CRC-32 of the latest frame, as the log's hash."),
	FIELD(A, "norn.alert.log", log, "The log that holds the frame; empty: none is open."),
	FIELD(A, "norn.alert.signal", signal_dbm, "Signal of the frame behind it, dBm; 0: unknown."),
	FIELD(A, "norn.alert.datasource", datasource, "Datasource that received it.", .present = has_datasource,
	      .set = set_datasource),
};
struct field_table alert_table = FIELD_TABLE(A, "alert", alert_rows);

/* Rates that the user set, also for alerts that are defined later. */
struct wanted_rate {
	char name[ALERT_NAME_SIZE];
	struct throttle throttle;
};

struct alerts {
	pthread_mutex_t lock;
	struct message_bus *messages;
	struct events *events;
	struct alert_definition *definitions;
	struct offenders *offenders;           /* of each definition */
	uint32_t n_definitions, backlog, kept; /* kept: backlog or more */
	struct wanted_rate *wanted;
	uint32_t n_wanted;
	struct alert *ring; /* grows to kept */
	uint64_t raised;
	uint32_t cap;
	void (*log_path)(void *ctx, char *ret_path, size_t size);
	void *log_ctx;
	struct {
		alert_fn fn;
		void *ctx;
	} listeners[ALERT_LISTENERS_MAX];
	uint32_t n_listeners;
};

struct alerts *alerts_create(uint32_t backlog, struct message_bus *messages)
{
	struct alerts *a = xnew(struct alerts, 1);

	(void) pthread_mutex_init(&a->lock, NULL);
	a->backlog = backlog ? backlog : 1;
	a->kept = a->backlog > ALERTS_KEPT ? a->backlog : ALERTS_KEPT;
	a->messages = messages;
	a->definitions = xnew(struct alert_definition, ALERT_DEFINITIONS_MAX);
	a->offenders = xnew(struct offenders, ALERT_DEFINITIONS_MAX);
	return a;
}

void alerts_events(struct alerts *a, struct events *events)
{
	a->events = events;
}

void alerts_destroy(struct alerts *a)
{
	if (!a)
		return;
	(void) pthread_mutex_destroy(&a->lock);
	for (uint32_t i = 0; i < a->n_definitions; i++)
		offenders_finish(&a->offenders[i]);
	free(a->offenders);
	free(a->definitions);
	free(a->wanted);
	free(a->ring);
	free(a);
}

static int find(const struct alerts *a, const char *name)
{
	for (uint32_t i = 0; i < a->n_definitions; i++)
		if (strcasecmp(a->definitions[i].name, name) == 0)
			return (int) i;
	return ERR_NOT_FOUND;
}

static bool rates_fit(const struct throttle *t)
{
	return t->burst.unit <= t->limit.unit;
}

int alerts_define(struct alerts *a, const struct alert_definition *d)
{
	int r;

	if (!*d->name || !rates_fit(&d->throttle))
		return ERR_MALFORMED;
	(void) pthread_mutex_lock(&a->lock);
	if (find(a, d->name) >= 0) {
		r = ERR_EXISTS;
	} else if (a->n_definitions == ALERT_DEFINITIONS_MAX) {
		r = ERR_LIMIT;
	} else {
		r = (int) a->n_definitions;
		a->definitions[a->n_definitions++] = *d;
		for (uint32_t i = 0; i < a->n_wanted; i++)
			if (strcasecmp(a->wanted[i].name, d->name) == 0)
				a->definitions[r].throttle = a->wanted[i].throttle;
	}
	(void) pthread_mutex_unlock(&a->lock);
	return r;
}

int alerts_configure(struct alerts *a, const char *text)
{
	char part[3][64] = {"", "10/min", "1/sec"};
	struct throttle t = {0};
	int n;

	if (sscanf(text, "%63[^,],%63[^,],%63[^,]", part[0], part[1], part[2]) < 1 ||
	    rate_parse(part[1], &t.limit) < 0 || rate_parse(part[2], &t.burst) < 0 || !rates_fit(&t))
		return ERR_MALFORMED;
	(void) pthread_mutex_lock(&a->lock);
	n = find(a, part[0]);
	if (n >= 0) {
		a->definitions[n].throttle = t;
	} else if (a->n_wanted < ALERT_DEFINITIONS_MAX) {
		xgrow(a->wanted, a->n_wanted + 1);
		memcpy(a->wanted[a->n_wanted].name, part[0], sizeof(part[0]));
		a->wanted[a->n_wanted++].throttle = t;
	}
	(void) pthread_mutex_unlock(&a->lock);
	return n < 0 ? n : 0;
}

int alerts_find(struct alerts *a, const char *name)
{
	int n;

	(void) pthread_mutex_lock(&a->lock);
	n = find(a, name);
	(void) pthread_mutex_unlock(&a->lock);
	return n;
}

void alerts_name(struct alerts *a, int definition, char ret_name[ALERT_NAME_SIZE])
{
	bool known;

	(void) pthread_mutex_lock(&a->lock);
	known = definition >= 0 && (uint32_t) definition < a->n_definitions;
	(void) snprintf(ret_name, ALERT_NAME_SIZE, "%s", known ? a->definitions[definition].name : "");
	(void) pthread_mutex_unlock(&a->lock);
}

bool alerts_enabled(struct alerts *a, int definition)
{
	bool on;

	(void) pthread_mutex_lock(&a->lock);
	on = definition >= 0 && (uint32_t) definition < a->n_definitions &&
	     a->definitions[definition].throttle.limit.count && a->definitions[definition].throttle.burst.count;
	(void) pthread_mutex_unlock(&a->lock);
	return on;
}

static double server_time(void)
{
	return (double) clock_server_us() / 1e6;
}

/* Under the lock: who counts for an alert of that definition and address, with its rates. */
static struct offender *offender_at(struct alerts *a, int definition, const struct mac *address, double now)
{
	struct offender *o = offenders_find(&a->offenders[definition], address, now);

	o->throttle.limit = a->definitions[definition].throttle.limit;
	o->throttle.burst = a->definitions[definition].throttle.burst;
	return o;
}

static void hold_back(struct alert_definition *d, struct offender *o, double now)
{
	d->held_back++;
	o->held_back++;
	o->held_at = now;
}

bool alerts_would_raise(struct alerts *a, int definition, const struct mac *offender, double frame_time)
{
	double now = frame_time != 0 ? frame_time : server_time();
	struct offender *o;
	struct throttle t;
	bool would;

	(void) pthread_mutex_lock(&a->lock);
	o = offender_at(a, definition, offender, now);
	t = o->throttle;
	would = throttle_take(&t, now);
	if (!would)
		hold_back(&a->definitions[definition], o, now);
	(void) pthread_mutex_unlock(&a->lock);
	return would;
}

/* Under the lock: the slot of the next alert. */
static struct alert *next_slot(struct alerts *a)
{
	if (a->raised >= a->cap && a->cap < a->kept) {
		uint32_t cap = a->cap ? a->cap * 2 : 16;

		a->cap = cap < a->kept ? cap : a->kept;
		xgrow(a->ring, a->cap);
	}
	return &a->ring[a->raised % a->cap];
}

/* Adds to the text how many were held back, and resets that count. */
static void say_held_back(struct alert *alert, struct offender *o)
{
	size_t n = strlen(alert->text);

	o->text_len = (uint32_t) n;
	alert->held_back = o->held_back;
	o->held_back = 0;
	if (alert->held_back)
		(void) snprintf(alert->text + n, sizeof(alert->text) - n, " (and %" PRIu64 " more were held back)",
				alert->held_back);
}

/* Under the lock: fills the alert in and keeps it. */
static void keep(struct alerts *a, struct alert_definition *d, struct alert *alert, uint8_t severity)
{
	memcpy(alert->name, d->name, sizeof(alert->name));
	memcpy(alert->alert_class, d->alert_class, sizeof(alert->alert_class));
	alert->severity = severity;
	alert->phy = d->phy;
	alert->hash = (uint32_t) ((a->raised + 1) * 0x9e3779b1u);
	*next_slot(a) = *alert;
	a->ring[a->raised % a->cap].number = a->raised + 1;
	alert->number = ++a->raised;
	d->raised++;
}

/* Under the lock: an alert that the rates let through. */
static void send(struct alerts *a, struct alert_definition *d, struct offender *o, struct alert *alert,
		 uint8_t severity)
{
	say_held_back(alert, o);
	keep(a, d, alert, severity);
	o->number = alert->number;
	o->sent_at = alert->time;
}

static void publish(struct alerts *a, const struct alert *alert)
{
	char line[ALERT_TEXT_SIZE + ALERT_NAME_SIZE + 4];

	events_publish(a->events, EVENT_ALERT, &alert_table, alert);
	if (a->messages) {
		(void) snprintf(line, sizeof(line), "%s: %s", alert->name, alert->text);
		message_post(a->messages, MESSAGE_ALERT, line);
	}
	for (uint32_t i = 0; i < a->n_listeners; i++)
		a->listeners[i].fn(a->listeners[i].ctx, alert);
}

bool alerts_raise(struct alerts *a, int definition, struct alert *alert, double frame_time)
{
	struct alert_definition *d = &a->definitions[definition];
	struct offender *o;
	double now;
	bool raise;

	alert->raised_time = server_time();
	if (alert->time == 0)
		alert->time = alert->raised_time;
	now = frame_time != 0 ? frame_time : alert->raised_time;
	if (alert->packet && a->log_path)
		a->log_path(a->log_ctx, alert->log, sizeof(alert->log));
	(void) pthread_mutex_lock(&a->lock);
	o = offender_at(a, definition, &alert->offender, now);
	raise = throttle_take(&o->throttle, now);
	if (raise) {
		throttle_count(&d->throttle, now);
		send(a, d, o, alert, d->severity);
	} else {
		hold_back(d, o, now);
	}
	(void) pthread_mutex_unlock(&a->lock);
	if (raise)
		publish(a, alert);
	return raise;
}

/* The clock of an offender's rates: it goes on with packets, and with the server's once they end. */
static double rate_clock(const struct offender *o, double server, uint32_t packet_sec)
{
	double last = o->throttle.last, passed = server > o->sent_at ? last + server - o->sent_at : last;
	double packet = packet_sec;

	return packet > passed && packet - last < THROTTLE_ERA_SEC ? packet : passed;
}

/* Under the lock: the alert that reports what was held back of an offender, if it may be raised now. */
static bool take_report(struct alerts *a, struct alert_definition *d, struct offender *o, uint32_t packet_sec,
			struct alert *ret)
{
	double server = server_time(), now;

	if (!o->held_back || o->number == 0 || o->number > a->raised || a->raised - o->number >= a->cap)
		return false;
	now = rate_clock(o, server, packet_sec);
	if (now - o->held_at < QUIET_SEC || !throttle_take(&o->throttle, now))
		return false;
	throttle_count(&d->throttle, now);
	*ret = a->ring[(o->number - 1) % a->cap];
	ret->text[o->text_len] = '\0';
	ret->time = server;
	ret->packet_time = o->held_at;
	ret->frames = 0;
	/* what happened was raised with the severity that it has */
	send(a, d, o, ret, d->severity < SEVERITY_LOW ? d->severity : SEVERITY_LOW);
	d->raised--; /* it is none that was found */
	return true;
}

/* The next report from that definition and offender on, which go forward. */
static bool next_report(struct alerts *a, uint32_t packet_sec, uint32_t *definition, uint32_t *offender,
			struct alert *ret)
{
	bool found = false;

	(void) pthread_mutex_lock(&a->lock);
	while (!found && *definition < a->n_definitions) {
		struct offenders *all = &a->offenders[*definition];
		struct offender *o = *offender < all->n ? &all->items[*offender] : &all->shared;

		found = take_report(a, &a->definitions[*definition], o, packet_sec, ret);
		if ((*offender)++ >= all->n) {
			*offender = 0;
			++*definition;
		}
	}
	(void) pthread_mutex_unlock(&a->lock);
	return found;
}

void alerts_report_held_back(struct alerts *a, uint32_t packet_sec)
{
	uint32_t definition = 0, offender = 0;
	struct alert alert;

	while (next_report(a, packet_sec, &definition, &offender, &alert))
		publish(a, &alert);
}

bool alert_load(const struct json_in *from, struct alert *ret)
{
	struct field_load load = {0};

	*ret = (struct alert){.phy = UINT32_MAX};
	if (json_in_is_object(from))
		field_load(&alert_table, ret, from, &load);
	return *ret->name && ret->time > 0;
}

void alerts_restore(struct alerts *a, const struct alert *alert)
{
	struct alert *to;

	(void) pthread_mutex_lock(&a->lock);
	to = next_slot(a);
	*to = *alert;
	to->raised_time = alert->time;
	to->number = ++a->raised;
	to->hash = (uint32_t) (to->number * 0x9e3779b1u);
	(void) pthread_mutex_unlock(&a->lock);
}

void alerts_format(struct alerts *a, const char *name, const char *format, ...)
{
	int n = alerts_find(a, name);
	struct alert alert = {.channel = "0"};
	va_list args;

	va_start(args, format);
	(void) vsnprintf(alert.text, sizeof(alert.text), format, args);
	va_end(args);
	if (n >= 0)
		(void) alerts_raise(a, n, &alert, 0);
}

uint32_t alerts_definitions(struct alerts *a, struct alert_definition *ret, uint32_t max)
{
	uint32_t n;

	(void) pthread_mutex_lock(&a->lock);
	n = a->n_definitions < max ? a->n_definitions : max;
	memcpy(ret, a->definitions, n * sizeof(*ret));
	(void) pthread_mutex_unlock(&a->lock);
	return n;
}

uint32_t alerts_copy(struct alerts *a, double after, struct alert *ret, uint32_t max)
{
	uint32_t n = 0;

	(void) pthread_mutex_lock(&a->lock);
	for (uint64_t i = a->raised > a->backlog ? a->raised - a->backlog : 0; i < a->raised && n < max; i++)
		if (a->ring[i % a->cap].raised_time > after)
			ret[n++] = a->ring[i % a->cap];
	(void) pthread_mutex_unlock(&a->lock);
	return n;
}

uint32_t alerts_after(struct alerts *a, uint64_t number, struct alert *ret, uint32_t max)
{
	uint32_t n = 0;
	uint64_t i;

	(void) pthread_mutex_lock(&a->lock);
	i = a->raised > a->cap ? a->raised - a->cap : 0;
	for (i = i > number ? i : number; i < a->raised && n < max; i++)
		ret[n++] = a->ring[i % a->cap];
	(void) pthread_mutex_unlock(&a->lock);
	return n;
}

uint32_t alerts_backlog(const struct alerts *a)
{
	return a->backlog;
}

int alerts_listen(struct alerts *a, alert_fn fn, void *ctx)
{
	if (a->n_listeners == ALERT_LISTENERS_MAX)
		return ERR_LIMIT;
	a->listeners[a->n_listeners].fn = fn;
	a->listeners[a->n_listeners++].ctx = ctx;
	return 0;
}

void alerts_set_log(struct alerts *a, void (*path)(void *ctx, char *ret_path, size_t size), void *ctx)
{
	a->log_path = path;
	a->log_ctx = ctx;
}
