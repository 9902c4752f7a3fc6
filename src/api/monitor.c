/* Devices by websocket: {"monitor": "*" | key | address | address/mask | [key, ...], "request": n, "rate":
 * seconds, "fields": [...]} sends every device that matches, each as a message of its own, whenever
 * it has changed since the last look; {"cancel": n} ends it. A client that reads slowly is sent
 * changes less often. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "api/query.h"
#include "api/socket.h"
#include "api/write.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/limit.h"
#include "base/loop.h"
#include "base/mem.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"
#include "serve/websocket.h"

#define QUEUE_BYTES ((size_t) 256 * 1024) /* that wait before a walk pauses */
#define STEP_SLICES 16                    /* devices of a walk at a time, so that other websockets get their turn */
#define RATE_MOST_SEC 86400
#define KEYS_MOST 1000 /* in one request */

enum monitor_pick { PICK_ALL, PICK_KEY, PICK_MAC, PICK_KEYS };

struct monitor_client;

/* One request of a client. */
struct monitor {
	struct monitor *next;
	struct monitor_client *client;
	int64_t request;
	enum monitor_pick pick;
	struct key key;
	struct mac_mask mac;
	struct key *keys; /* of PICK_KEYS */
	uint32_t n_keys;
	struct field_selection *selection;
	enum field_format format;
	uint64_t rate_ms;
	struct loop_timer *timer;
	uint32_t since_sec; /* what has changed at or after it is new to the client */
	bool walking, due;
	struct tracker_walk walk;
};

struct monitor_client {
	struct api_socket socket; /* first */
	int view;
	struct view_filter *within; /* of a view that the user defined; NULL: none */
	struct monitor *first;
	uint32_t n;
	struct arena arena;
	struct buf out;
	uint32_t users; /* the websocket, and a posted step; the loop's */
	bool posted;
};

static void unuse(struct monitor_client *c)
{
	if (--c->users)
		return;
	arena_finish(&c->arena);
	buf_finish(&c->out);
	view_filter_destroy(c->within);
	free(c);
}

static void destroy(struct monitor *m)
{
	loop_timer_remove(m->timer);
	field_selection_destroy(m->selection);
	free(m->keys);
	free(m);
}

static void remove_request(struct monitor_client *c, int64_t request)
{
	for (struct monitor **at = &c->first; *at; at = &(*at)->next) {
		struct monitor *m = *at;

		if (m->request != request)
			continue;
		*at = m->next;
		c->n--;
		destroy(m);
		return;
	}
}

static void send_device(const struct monitor *m, const struct device *d)
{
	struct monitor_client *c = m->client;
	struct field_ctx ctx = api_context(c->socket.api, &c->arena);

	if ((m->pick == PICK_MAC && !mac_matches(&d->key.mac, &m->mac)) ||
	    (c->within && !view_filter_match(c->within, d, &ctx)))
		return;
	buf_clear(&c->out);
	if (m->selection)
		field_selection_write(&c->out, m->selection, d, m->format, &ctx);
	else
		field_write(&c->out, &device_table, d, m->format, &ctx);
	api_socket_send(&c->socket, &c->out);
}

/* The devices that a request names: few, and no walk. Evicted ones are left out. */
static void look_up(struct monitor *m, uint32_t since_sec)
{
	struct monitor_client *c = m->client;
	const struct devices *all = &c->socket.api->devices;
	struct device_handle handles[16];
	uint32_t n = m->pick == PICK_KEYS ? m->n_keys : 1;

	if (m->pick == PICK_MAC)
		n = devices_find_mac(all, &m->mac.mac, handles, ARRAY_SIZE(handles));
	for (uint32_t i = 0; i < n; i++) {
		struct device *d;

		if (m->pick == PICK_MAC)
			d = devices_fetch(all, handles[i], &c->arena);
		else
			d = devices_get(all, m->keys ? &m->keys[i] : &m->key, &c->arena);

		if (d && d->mod_sec >= since_sec)
			send_device(m, d);
		arena_reset(&c->arena);
	}
}

static void start_look(struct monitor *m)
{
	struct monitor_client *c = m->client;
	uint32_t now = clock_server_sec(), since = m->since_sec > now ? 0 : m->since_sec;
	bool many = m->pick == PICK_ALL || (m->pick == PICK_MAC && !mac_mask_is_whole(&m->mac));

	m->due = false;
	m->since_sec = now;
	if (!many && c->view < 0) {
		look_up(m, since);
		return;
	}
	m->walk = (struct tracker_walk){.view = c->view, .since_sec = since, .arena = &c->arena};
	if (m->pick == PICK_KEY) { /* in a view: the walk finds out whether it is there */
		m->mac = mac_mask_whole(&m->key.mac);
		m->pick = PICK_MAC;
	}
	m->walking = true;
}

/* Continues the walk; true to be called again. */
static bool walk_on(struct monitor *m)
{
	struct monitor_client *c = m->client;

	for (int i = 0; i < STEP_SLICES && m->walking; i++) {
		struct device *devices[TRACK_SLICE];
		struct device_handle handles[TRACK_SLICE];
		uint32_t n;

		if (websocket_waiting(c->socket.ws) > QUEUE_BYTES)
			return false; /* room() calls again */
		n = devices_next(&c->socket.api->devices, &m->walk, devices, handles);
		for (uint32_t k = 0; k < n; k++)
			send_device(m, devices[k]);
		arena_reset(&c->arena);
		m->walking = n > 0;
	}
	return m->walking || m->due;
}

static void step(void *ctx);

static void post_step(struct monitor_client *c)
{
	if (c->posted || !c->socket.ws)
		return;
	c->posted = true;
	c->users++;
	if (!loop_post(websocket_loop(c->socket.ws), step, c)) {
		c->posted = false;
		c->users--;
	}
}

static void step(void *ctx)
{
	struct monitor_client *c = ctx;
	bool again = false;

	c->posted = false;
	for (struct monitor *m = c->socket.ws ? c->first : NULL; m; m = m->next) {
		if (!m->walking && m->due)
			start_look(m);
		if (m->walking)
			again |= walk_on(m);
	}
	if (again)
		post_step(c);
	unuse(c);
}

static void on_timer(void *ctx)
{
	struct monitor *m = ctx;

	m->due = true;
	post_step(m->client);
}

static void room(void *ctx)
{
	struct monitor_client *c = ctx;
	bool wanted = false;

	for (const struct monitor *m = c->first; m; m = m->next)
		wanted |= m->walking;
	if (wanted)
		post_step(c);
}

/* A list of keys; within a view there is none. */
static bool read_keys(struct monitor *m, const struct json_in *list)
{
	size_t n = json_in_count(list);

	if (m->client->view >= 0 || n > KEYS_MOST)
		return false;
	m->pick = PICK_KEYS;
	m->keys = xnew(struct key, n ? n : 1);
	for (size_t i = 0; i < n; i++) {
		const char *text = json_in_text(json_in_at(list, i));

		if (!text || key_parse(text, strlen(text), &m->keys[m->n_keys++]) < 0)
			return false;
	}
	return true;
}

static bool read_pick(struct monitor *m, const struct json_in *command)
{
	const struct json_in *monitored = json_in_get(command, "monitor");
	const char *what = json_in_text(monitored);

	if (json_in_is_list(monitored))
		return read_keys(m, monitored);
	if (what && strcmp(what, "*") == 0)
		m->pick = PICK_ALL;
	else if (what && mac_mask_parse(what, strlen(what), &m->mac) >= 0)
		m->pick = PICK_MAC;
	else if (what && key_parse(what, strlen(what), &m->key) >= 0)
		m->pick = PICK_KEY;
	else
		return false;
	return true;
}

static void monitor(struct monitor_client *c, const struct json_in *command)
{
	struct monitor *m = xnew(struct monitor, 1);
	double rate = 1;

	m->client = c;
	(void) json_in_whole(json_in_get(command, "request"), &m->request);
	remove_request(c, m->request); /* a number that is used again replaces */
	if (!read_pick(m, command))
		api_socket_error(&c->socket,
				 "Invalid request: 'monitor' is \"*\", a device key, an address, also with a mask, "
				 "or (outside of "
				 "views) a list of at most %d keys.",
				 KEYS_MOST);
	else if (json_in_get(command, "rate") &&
		 (!json_in_real(json_in_get(command, "rate"), &rate) || !(rate > 0) || rate > RATE_MOST_SEC))
		api_socket_error(&c->socket, "Invalid request: 'rate' is a number of seconds, at most %d.",
				 RATE_MOST_SEC);
	else if (limit_full(LIMIT_MONITORS, c->n))
		api_socket_error(&c->socket, "The limit of %u requests is reached; cancel one.", c->n);
	else if (api_socket_fields(&c->socket, command, &device_table, NULL, &m->selection)) {
		m->format = api_socket_format(command);
		m->rate_ms = rate < 1 ? 1000 : (uint64_t) (rate * 1000);
		m->next = c->first;
		c->first = m;
		c->n++;
		m->timer = loop_timer_add(websocket_loop(c->socket.ws), m->rate_ms, m->rate_ms, on_timer, m);
		on_timer(m); /* the first look is now */
		return;
	}
	destroy(m);
}

static void message(void *ctx, const char *p, size_t n, bool binary)
{
	struct monitor_client *c = ctx;
	struct json_in *command = api_socket_command(&c->socket, p, n, binary);
	int64_t request;

	if (command && json_in_whole(json_in_get(command, "cancel"), &request))
		remove_request(c, request);
	if (command && json_in_get(command, "monitor"))
		monitor(c, command);
	else if (command && !json_in_get(command, "cancel"))
		api_socket_error(&c->socket, "Expected {\"monitor\": devices, \"request\": number, \"rate\": seconds} "
					     "or {\"cancel\": number}.");
	json_in_free(command);
}

static void opened(void *ctx, struct websocket *ws)
{
	api_socket_opened(ctx, ws, "Device monitor");
}

static void second(void *ctx)
{
	api_socket_second(ctx);
}

static void closed(void *ctx)
{
	struct monitor_client *c = ctx;

	while (c->first)
		remove_request(c, c->first->request);
	api_socket_closed(&c->socket);
	unuse(c);
}

static const struct websocket_kind kind = {opened, message, second, closed, room};

static void start(struct request *rq, struct reply *rp, int view, struct view_filter *within)
{
	struct monitor_client *c = xnew(struct monitor_client, 1);

	api_socket_init(&c->socket, rq);
	c->view = view;
	c->within = within;
	c->users = 1;
	reply_websocket(rp, &kind, c);
}

static void all_devices(struct request *rq, struct reply *rp)
{
	start(rq, rp, -1, NULL);
}

static void of_view(struct request *rq, struct reply *rp)
{
	struct view_filter *within;
	int view;

	if (api_view(rq, rp, request_param(rq, "view"), &view, &within))
		start(rq, rp, view, within);
}

/* clang-format off */
static const struct route routes[] = {
	{.methods = METHOD_GET, .path = "/devices/monitor", .formats = "ws", .right = RIGHT_READ,
	 .handle = all_devices, .record = &device_table, .shape = SHAPE_WEBSOCKET, .flags = ROUTE_WEBSOCKET,
	 .doc = "Devices as they change: all, one, or those of a list of keys."},
	{.methods = METHOD_GET, .path = "/devices/views/{view}/monitor", .formats = "ws", .right = RIGHT_READ,
	 .handle = of_view, .record = &device_table, .shape = SHAPE_WEBSOCKET, .flags = ROUTE_WEBSOCKET,
	 .refusals = {{404, "there is no such view"}},
	 .doc = "Devices of a view as they change."},
};
/* clang-format on */
const struct route_table api_monitor_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
