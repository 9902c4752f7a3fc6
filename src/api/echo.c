/* A websocket that sends back what it sees: to try a client, a proxy or a certificate with. */
#include <stdlib.h>

#include "api/api.h"
#include "base/mem.h"
#include "serve/reply.h"
#include "serve/route.h"
#include "serve/websocket.h"

struct echo {
	struct websocket *ws;
};

static void opened(void *ctx, struct websocket *ws)
{
	struct echo *e = ctx;

	e->ws = ws;
}

static void message(void *ctx, const char *p, size_t n, bool binary)
{
	struct echo *e = ctx;

	(void) websocket_send(e->ws, p, n, binary);
}

static const struct websocket_kind kind = {.opened = opened, .message = message, .closed = free};

static void echo(struct request *rq, struct reply *rp)
{
	(void) rq;
	reply_websocket(rp, &kind, xnew(struct echo, 1));
}

/* clang-format off */
static const struct route routes[] = {
	{.methods = METHOD_GET, .path = "/debug/echo", .formats = "ws", .right = RIGHT_ADMIN, .handle = echo,
	 .shape = SHAPE_WEBSOCKET, .flags = ROUTE_WEBSOCKET,
	 .doc = "A websocket that sends every message back."},
};
/* clang-format on */
const struct route_table api_echo_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
