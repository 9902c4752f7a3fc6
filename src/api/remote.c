/* Sensors over a websocket: each message is one frame of the capture protocol; the rest is as over TCP. */
#include <stdlib.h>

#include "api/api.h"
#include "base/mem.h"
#include "capture/link.h"
#include "capture/remote.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"
#include "serve/websocket.h"

/* On the websockets' loop, except for its creation. */
struct sensor {
	struct registry *sources;
	struct websocket *ws;
	struct link *link; /* NULL once it is closed */
};

static bool send_frame(void *ctx, const void *p, size_t n)
{
	struct sensor *s = ctx;

	return websocket_send(s->ws, p, n, true);
}

static void hang_up(void *ctx)
{
	struct sensor *s = ctx;

	s->link = NULL;
	if (s->ws)
		websocket_close(s->ws, 1000, "the source is closed");
}

static void opened(void *ctx, struct websocket *ws)
{
	struct sensor *s = ctx;

	s->ws = ws;
	s->link = link_create_over(websocket_loop(ws), &(struct link_transport){send_frame, hang_up, s});
	capture_accept(s->sources, s->link, websocket_address(ws), false);
}

static void message(void *ctx, const char *p, size_t n, bool binary)
{
	struct sensor *s = ctx;

	if (!s->link)
		return;
	if (binary)
		link_feed(s->link, p, n);
	else
		link_end(s->link, "a message is text, not octets");
}

static void closed(void *ctx)
{
	struct sensor *s = ctx;

	s->ws = NULL;
	if (s->link)
		link_end(s->link, "the sensor has closed its websocket");
	free(s);
}

static const struct websocket_kind kind = {.opened = opened, .message = message, .closed = closed};

static void remote_source(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct sensor *s = xnew(struct sensor, 1);

	s->sources = api->sources;
	reply_websocket(rp, &kind, s);
}

/* clang-format off */
static const struct route routes[] = {
	{.methods = METHOD_GET, .path = "/datasource/remote/remotesource", .formats = "ws", .right = RIGHT_SOURCE,
	 .handle = remote_source, .shape = SHAPE_WEBSOCKET, .flags = ROUTE_WEBSOCKET,
	 .doc = "Where remote sensors connect."},
};
/* clang-format on */
const struct route_table api_remote_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
