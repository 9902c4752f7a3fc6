/* The event bus by websocket: {"SUBSCRIBE": "MESSAGE", "fields": [...]} and {"UNSUBSCRIBE": "MESSAGE"};
 * each event comes as {"MESSAGE": record}. */
#include <stdlib.h>
#include <string.h>

#include "api/socket.h"
#include "api/write.h"
#include "base/json_out.h"
#include "base/loop.h"
#include "base/mem.h"
#include "capture/record.h"
#include "capture/registry.h"
#include "feed/events.h"
#include "field/table.h"
#include "phy/dot11/dot11.h"
#include "phy/dot11/fields.h"
#include "serve/reply.h"
#include "serve/route.h"
#include "serve/websocket.h"

#define DRAIN_MAX 64 /* events at a time, so that other websockets get their turn */

/* Beside the record of the event's own name. */
#define NETWORK_DEVICE "DOT11_NEW_SSID_BASEDEV"
#define HANDSHAKE_DEVICE "DOT11_WPA_HANDSHAKE_BASEDEV"
#define HANDSHAKE_DOT11 "DOT11_WPA_HANDSHAKE_DOT11"

/* One client's subscription to one type. */
struct subscription {
	struct json_in *command; /* `fields` are compiled when the first record is there; NULL: none */
	struct field_selection *record, *device;
	const struct field_table *table; /* of `record` */
	enum field_format format;
};

struct bus_client {
	struct api_socket socket; /* first */
	struct event_listener *listener;
	struct loop *loop;
	uint64_t types, listener_lost;
	_Atomic uint32_t users; /* the websocket, and a posted drain() */
	_Atomic bool posted;
	struct subscription subscriptions[EVENT_COUNT];
	struct arena arena;
	struct buf out;
};

static void unuse(struct bus_client *c)
{
	if (atomic_fetch_sub(&c->users, 1) != 1)
		return;
	arena_finish(&c->arena);
	buf_finish(&c->out);
	free(c);
}

static void drop(struct subscription *s)
{
	field_selection_destroy(s->record);
	field_selection_destroy(s->device);
	json_in_free(s->command);
	*s = (struct subscription){0};
}

static const struct field_table *network_table(enum event_type type, const struct dot11_device *x, uint32_t hash,
					       const void **ret_record)
{
	const char *map = type == EVENT_ADVERTISED_SSID ? "dot11.device.advertised_ssid_map"
			  : type == EVENT_RESPONSE_SSID ? "dot11.device.responded_ssid_map"
							: "dot11.device.probed_ssid_map";
	const struct field *row = field_find(&dot11_table, map, strlen(map));

	*ret_record = NULL;
	for (uint32_t i = 0; type == EVENT_ADVERTISED_SSID && i < x->advertised.count; i++)
		if (x->advertised.items[i].hash == hash)
			*ret_record = &x->advertised.items[i];
	for (uint32_t i = 0; type == EVENT_RESPONSE_SSID && i < x->responded.count; i++)
		if (x->responded.items[i].hash == hash)
			*ret_record = &x->responded.items[i];
	for (uint32_t i = 0; type == EVENT_PROBED_SSID && i < x->probed.count; i++)
		if (x->probed.items[i].hash == hash)
			*ret_record = &x->probed.items[i];
	return row ? row->elem->table : NULL;
}

static void write_record(struct bus_client *c, const char *name, const struct field_table *table,
			 const struct field_selection *selection, const void *record, enum field_format format)
{
	struct field_ctx ctx = api_context(c->socket.api, &c->arena);

	buf_printf(&c->out, "%s\"%s\":", c->out.len > 1 ? "," : "", name);
	if (selection)
		field_selection_write(&c->out, selection, record, format, &ctx);
	else
		field_write(&c->out, table, record, format, &ctx);
}

/* The record under the event's own name, through the client's fields. */
static void write_own(struct bus_client *c, const struct event *e, const char *name, const struct field_table *table,
		      const void *record)
{
	struct subscription *s = &c->subscriptions[e->type];

	if (s->command && s->table != table) {
		field_selection_destroy(s->record);
		(void) api_socket_fields(&c->socket, s->command, table, name, &s->record);
		s->table = table;
	}
	write_record(c, name, table, s->record, record, s->format);
}

static void write_device(struct bus_client *c, const struct event *e, const char *name, const struct device *d)
{
	struct subscription *s = &c->subscriptions[e->type];

	if (s->command && !s->device)
		(void) api_socket_fields(&c->socket, s->command, &device_table, name, &s->device);
	write_record(c, name, &device_table, s->device, d, s->format);
}

static void write_device_event(struct bus_client *c, const struct event *e)
{
	struct device *d = devices_get(&c->socket.api->devices, &e->device, &c->arena);
	const struct dot11_device *x = d ? device_part(d, 0) : NULL;
	const char *name = event_row(e->type)->name;
	const struct field_table *table;
	const void *record;

	if (!d)
		return; /* it has closed since */
	if (e->type == EVENT_NEW_DEVICE) {
		write_device(c, e, name, d);
	} else if (e->type == EVENT_WPA_HANDSHAKE) {
		write_device(c, e, HANDSHAKE_DEVICE, d);
		if (x)
			write_own(c, e, HANDSHAKE_DOT11, &dot11_table, x);
	} else if (x) {
		table = network_table(e->type, x, e->network, &record);
		if (!record || !table)
			return;
		write_own(c, e, name, table, record);
		write_device(c, e, NETWORK_DEVICE, d);
	}
}

static void write_source(struct bus_client *c, const struct event *e)
{
	struct source_record *r = xnew(struct source_record, 1);

	if (capture_find(c->socket.api->sources, &e->source, r))
		write_own(c, e, event_row(e->type)->name, &source_table, r);
	free(r);
}

static void send_event(struct bus_client *c, const struct event *e)
{
	const struct event_row *row = event_row(e->type);
	char text[UUID_TEXT_SIZE];

	buf_clear(&c->out);
	buf_char(&c->out, '{');
	switch ((enum event_content) row->content) {
	case EVENT_RECORD: write_own(c, e, row->name, e->table, e->record); break;
	case EVENT_DEVICE:
	case EVENT_NETWORK: write_device_event(c, e); break;
	case EVENT_SOURCE: write_source(c, e); break;
	case EVENT_UUID:
		uuid_format(&e->source, text);
		buf_printf(&c->out, "\"%s\":\"%s\"", row->name, text);
		break;
	}
	arena_reset(&c->arena);
	if (c->out.len == 1)
		return;
	buf_char(&c->out, '}');
	api_socket_send(&c->socket, &c->out);
}

static void wake(void *ctx);

/* On the loop. */
static void drain(void *ctx)
{
	struct bus_client *c = ctx;
	const struct event *e = NULL;
	uint64_t lost;

	atomic_store(&c->posted, false);
	for (int i = 0; c->socket.ws && i < DRAIN_MAX && (e = events_take(c->listener)); i++) {
		if (c->types >> e->type & 1)
			send_event(c, e);
		event_release(e);
	}
	if (c->socket.ws) {
		lost = events_lost(c->listener);
		(void) atomic_fetch_add(&c->socket.lost, lost - c->listener_lost);
		c->listener_lost = lost;
		if (e)
			wake(c); /* there may be more */
	}
	unuse(c);
}

/* On a publisher's thread. */
static void wake(void *ctx)
{
	struct bus_client *c = ctx;

	if (atomic_exchange(&c->posted, true))
		return;
	(void) atomic_fetch_add(&c->users, 1);
	if (!loop_post(c->loop, drain, c))
		(void) atomic_fetch_sub(&c->users, 1); /* stopping: closed() is still to come */
}

static void subscribe(struct bus_client *c, struct json_in **command, const char *name)
{
	int type = event_find(name, strlen(name));
	struct field_selection *probe = NULL;
	struct subscription *s;

	if (type < 0) {
		api_socket_error(&c->socket, "There is no event '%.64s'; names are case sensitive.", name);
		return;
	}
	if (event_row((enum event_type) type)->login && !c->socket.logged_in) {
		api_socket_error(&c->socket, "The event '%s' needs a login.", name);
		return;
	}
	if (!api_socket_fields(&c->socket, *command, &device_table, NULL, &probe))
		return; /* whatever the table, the paths are malformed */
	s = &c->subscriptions[type];
	drop(s);
	s->format = api_socket_format(*command);
	if (probe)
		s->command = TAKE(*command);
	field_selection_destroy(probe);
	c->types |= UINT64_C(1) << type;
	events_choose(c->listener, c->types);
}

static void unsubscribe(struct bus_client *c, const char *name)
{
	int type = event_find(name, strlen(name));

	if (type < 0)
		return;
	c->types &= ~(UINT64_C(1) << type);
	events_choose(c->listener, c->types);
	drop(&c->subscriptions[type]);
}

static void message(void *ctx, const char *p, size_t n, bool binary)
{
	struct bus_client *c = ctx;
	struct json_in *command = api_socket_command(&c->socket, p, n, binary);
	const char *on = json_in_text(json_in_get(command, "SUBSCRIBE"));
	const char *off = json_in_text(json_in_get(command, "UNSUBSCRIBE"));

	if (off)
		unsubscribe(c, off);
	if (on)
		subscribe(c, &command, on);
	if (command && !on && !off)
		api_socket_error(&c->socket, "Expected {\"SUBSCRIBE\": event} or {\"UNSUBSCRIBE\": event}.");
	json_in_free(command);
}

static void opened(void *ctx, struct websocket *ws)
{
	struct bus_client *c = ctx;

	api_socket_opened(&c->socket, ws, "Event bus");
	c->loop = websocket_loop(ws);
	c->listener = events_listen(c->socket.api->events, 0, wake, c);
}

static void second(void *ctx)
{
	api_socket_second(ctx);
}

static void closed(void *ctx)
{
	struct bus_client *c = ctx;

	events_unlisten(c->listener);
	api_socket_closed(&c->socket);
	for (int i = 0; i < EVENT_COUNT; i++)
		drop(&c->subscriptions[i]);
	unuse(c);
}

static const struct websocket_kind kind = {opened, message, second, closed};

static void events(struct request *rq, struct reply *rp)
{
	struct bus_client *c = xnew(struct bus_client, 1);

	api_socket_init(&c->socket, rq);
	atomic_store(&c->users, 1);
	reply_websocket(rp, &kind, c);
}

/* clang-format off */
static const struct route routes[] = {
	{.methods = METHOD_GET, .path = "/eventbus/events", .formats = "ws", .right = RIGHT_READ, .handle = events,
	 .shape = SHAPE_WEBSOCKET, .flags = ROUTE_WEBSOCKET,
	 .doc = "Events as they happen, of the types that the client subscribes to."},
};
/* clang-format on */
const struct route_table api_eventbus_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
