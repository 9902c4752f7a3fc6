/* /phy/ADSB: positions of aircraft, and their squitters as they come, for programs that read dump1090's formats. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/socket.h"
#include "api/write.h"
#include "base/limit.h"
#include "base/loop.h"
#include "base/hex.h"
#include "base/mem.h"
#include "capture/registry.h"
#include "phy/adsb/adsb.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"
#include "serve/websocket.h"

#define SHOWN_MAX 4096 /* aircraft of one reply */
#define DRAIN_MS 100   /* how long squitters wait */
#define BEAST_ESCAPE 0x1a
#define TICKS_A_US 12 /* of BEAST's clock */

/* Extends the bounds by one aircraft after the other. */
static void add_aircraft(struct adsb_map *map, const struct device *d, struct device **at)
{
	const struct position *p = &d->location->last;
	uint32_t n = map->devices.count;

	if (n == 0 || p->lat < map->min_lat)
		map->min_lat = p->lat;
	if (n == 0 || p->lat > map->max_lat)
		map->max_lat = p->lat;
	if (n == 0 || p->lon < map->min_lon)
		map->min_lon = p->lon;
	if (n == 0 || p->lon > map->max_lon)
		map->max_lon = p->lon;
	at[map->devices.count++] = (struct device *) (uintptr_t) d;
}

static void map_data(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct arena kept = {0}, slice = {0}; /* shown; examined */
	struct device **at = arena_alloc(&kept, SHOWN_MAX * sizeof(*at)), *devices[TRACK_SLICE], *d;
	struct tracker_walk walk = {.view = devices_view(&api->devices, "phy-ADSB"), .arena = &slice};
	struct device_handle handles[TRACK_SLICE];
	struct adsb_map map = {.devices = {at, 0}};
	uint32_t n;

	while ((n = devices_next(&api->devices, &walk, devices, handles)) > 0) {
		for (uint32_t i = 0; i < n && map.devices.count < SHOWN_MAX; i++)
			if (devices[i]->location && (d = devices_fetch(&api->devices, handles[i], &kept)) &&
			    d->location)
				add_aircraft(&map, d, at);
		arena_reset(&slice);
	}
	api_write_record(rq, rp, &adsb_map_table, &map);
	arena_finish(&slice);
	arena_finish(&kept);
}

/* A websocket of squitters. */
struct squitters {
	struct api_socket socket; /* first */
	struct feed_listener *listener;
	struct loop_timer *timer;
	bool beast, one_source;
	uint16_t source;
};

/* "*8D406B...;" as dump1090 --raw writes it. */
static void send_raw(struct squitters *s, const uint8_t *p, size_t n)
{
	struct buf out = {0};

	buf_char(&out, '*');
	(void) hex_write(buf_reserve(&out, 2 * n), hex_upper, p, n);
	out.len += 2 * n;
	buf_str(&out, ";\n");
	api_socket_send(&s->socket, &out);
	buf_finish(&out);
}

static void beast_octet(struct buf *out, uint8_t octet)
{
	if (octet == BEAST_ESCAPE)
		buf_char(out, BEAST_ESCAPE);
	buf_char(out, (char) octet);
}

/* Escape, kind, a clock of 12 MHz in six octets, signal, the frame; escapes within are doubled. */
static void send_beast(struct squitters *s, const uint8_t *p, size_t n, uint64_t time_us)
{
	uint64_t ticks = time_us * TICKS_A_US;
	struct buf out = {0};

	buf_char(&out, BEAST_ESCAPE);
	buf_char(&out, n == ADSB_SHORT ? '2' : '3');
	for (int shift = 40; shift >= 0; shift -= 8)
		beast_octet(&out, (uint8_t) (ticks >> shift));
	beast_octet(&out, 0xff);
	for (size_t i = 0; i < n; i++)
		beast_octet(&out, p[i]);
	if (!websocket_send(s->socket.ws, out.p, out.len, true))
		(void) atomic_fetch_add(&s->socket.lost, 1);
	buf_finish(&out);
}

static void show(struct squitters *s, const struct packet_summary *p, const uint8_t *data)
{
	const char *type = (const char *) data;
	char error[JSON_IN_ERROR_SIZE];
	uint8_t octets[ADSB_OCTETS];
	struct json_in *json;
	size_t n;

	if (!p->report || p->captured <= p->report || (s->one_source && p->source != s->source) ||
	    (strcasecmp(type, "adsb") != 0 && strcasecmp(type, "rtladsb") != 0))
		return;
	json = json_in_read((const char *) data + p->report, p->captured - p->report, error);
	if (adsb_report_octets(json, octets, &n) && s->beast)
		send_beast(s, octets, n, p->time_us);
	else if (n)
		send_raw(s, octets, n);
	json_in_free(json);
}

static void drain(void *ctx)
{
	struct squitters *s = ctx;

	feed_flush(s->socket.api->feed, false);
	while (feed_has(s->listener)) {
		struct packet_block *block = feed_take(s->listener);
		const struct packet_summary *p;
		const uint8_t *data;
		uint32_t at = 0;

		if (!block)
			return;
		while ((p = packet_block_next(block, &at, &data)) != NULL)
			show(s, p, data);
		packet_block_release(block);
	}
}

static void opened(void *ctx, struct websocket *ws)
{
	struct squitters *s = ctx;

	api_socket_opened(&s->socket, ws, s->beast ? "ADSB BEAST" : "ADSB raw");
	s->timer = loop_timer_add(websocket_loop(ws), DRAIN_MS, DRAIN_MS, drain, s);
}

static void message(void *ctx, const char *p, size_t n, bool binary)
{
	(void) ctx;
	(void) p;
	(void) n;
	(void) binary; /* it takes no messages */
}

static void second(void *ctx)
{
	api_socket_second(ctx);
}

static void closed(void *ctx)
{
	struct squitters *s = ctx;

	if (s->timer)
		loop_timer_remove(s->timer);
	api_socket_closed(&s->socket);
	feed_unlisten(s->socket.api->feed, s->listener);
	free(s);
}

static void open_squitters(struct request *rq, struct reply *rp, bool beast, const struct source_record *source)
{
	static const struct websocket_kind kind = {opened, message, second, closed, NULL};
	struct api *api = request_context(rq);
	struct feed_listener *listener = feed_listen(api->feed, false, limit_of(LIMIT_STREAM_QUEUE));
	struct squitters *s;

	if (!listener) {
		reply_error(rp, 503, "The limit of streams is reached; close one, or raise norn_max_streams.");
		return;
	}
	s = xnew(struct squitters, 1);
	s->listener = listener;
	s->beast = beast;
	s->one_source = source;
	s->source = source ? (uint16_t) source->number : 0;
	api_socket_init(&s->socket, rq);
	reply_websocket(rp, &kind, s);
}

static void beast(struct request *rq, struct reply *rp)
{
	open_squitters(rq, rp, true, NULL);
}

static void raw(struct request *rq, struct reply *rp)
{
	open_squitters(rq, rp, false, NULL);
}

static void raw_of_source(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const char *text = request_param(rq, "uuid");
	cleanup_free struct source_record *record = xnew(struct source_record, 1);
	struct uuid uuid;

	if (uuid_parse(text, strlen(text), &uuid) < 0 || !capture_find(api->sources, &uuid, record))
		reply_error(rp, 404, "There is no datasource with that uuid.");
	else
		open_squitters(rq, rp, false, record);
}

#define BOTH (METHOD_GET | METHOD_POST)
/* clang-format off */
static const struct route routes[] = {
	{.methods = BOTH, .path = "/phy/ADSB/map_data", .formats = "*", .right = RIGHT_READ, .handle = map_data,
	 .record = &adsb_map_table, .shape = SHAPE_RECORD,
	 .doc = "Aircraft whose position is known, and the bounds of their positions."},
	{.methods = BOTH, .path = "/phy/RTLADSB/map_data", .formats = "*", .right = RIGHT_READ, .handle = map_data,
	 .record = &adsb_map_table, .shape = SHAPE_RECORD,
	 .doc = "The same, as Kismet 2019 named it."},
	{.methods = METHOD_GET, .path = "/phy/ADSB/beast", .formats = "ws", .right = RIGHT_ADSB, .handle = beast,
	 .shape = SHAPE_WEBSOCKET, .flags = ROUTE_WEBSOCKET,
	 .doc = "Squitters of aircraft as they come, in the BEAST format."},
	{.methods = METHOD_GET, .path = "/phy/RTLADSB/beast", .formats = "ws", .right = RIGHT_ADSB, .handle = beast,
	 .shape = SHAPE_WEBSOCKET, .flags = ROUTE_WEBSOCKET,
	 .doc = "The same."},
	{.methods = METHOD_GET, .path = "/phy/ADSB/raw", .formats = "ws", .right = RIGHT_ADSB, .handle = raw,
	 .shape = SHAPE_WEBSOCKET, .flags = ROUTE_WEBSOCKET,
	 .doc = "Squitters of aircraft as they come, in hex as of dump1090 --raw."},
	{.methods = METHOD_GET, .path = "/phy/RTLADSB/raw", .formats = "ws", .right = RIGHT_ADSB, .handle = raw,
	 .shape = SHAPE_WEBSOCKET, .flags = ROUTE_WEBSOCKET,
	 .doc = "The same."},
	{.methods = METHOD_GET, .path = "/datasource/by-uuid/{uuid}/adsb_raw", .formats = "ws", .right = RIGHT_ADSB,
	 .handle = raw_of_source, .shape = SHAPE_WEBSOCKET, .flags = ROUTE_WEBSOCKET,
	 .refusals = {{404, "no datasource has that uuid"}},
	 .doc = "Squitters that one datasource receives, in hex."},
};
/* clang-format on */
const struct route_table api_aircraft_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
