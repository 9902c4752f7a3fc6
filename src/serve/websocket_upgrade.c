#include "serve/websocket_upgrade.h"

#include <string.h>

#include "base/limit.h"
#include "base/mem.h"
#include "serve/private.h"
#include "serve/request.h"
#include "serve/websocket.h"
#include "serve/websocket_frame.h"

/* libmicrohttpd has sent the headers; a thread of its pool. */
static void on_upgrade(void *ctx, struct MHD_Connection *c, void *state, const char *early, size_t n, MHD_socket fd,
		       struct MHD_UpgradeResponseHandle *upgrade)
{
	struct request *rq = state;
	const struct upgraded u = {.fd = fd,
				   .handle = upgrade,
				   .kind = TAKE(rq->reply.websocket),
				   .ctx = rq->reply.ctx,
				   .early = early,
				   .n = n,
				   .address = rq->address,
				   .login = rq->name};

	(void) c;
	websockets_add(ctx, &u);
}

struct MHD_Response *websocket_respond(struct request *rq)
{
	char accept[WEBSOCKET_ACCEPT_SIZE];
	struct MHD_Response *response;

	if (!websocket_accept(request_header(rq, "Sec-WebSocket-Key"), accept))
		return NULL;
	response = MHD_create_response_for_upgrade(on_upgrade, rq->serve->websockets);
	if (!response)
		return NULL;
	(void) MHD_add_response_header(response, "Upgrade", "websocket");
	(void) MHD_add_response_header(response, "Sec-WebSocket-Accept", accept);
	return response;
}

static unsigned refuse(struct request *rq, unsigned status, const char *sentence)
{
	rq->sentence = sentence;
	return status;
}

unsigned websocket_refuse(struct request *rq)
{
	const char *version = request_header(rq, "Sec-WebSocket-Version");
	char accept[WEBSOCKET_ACCEPT_SIZE];

	if (!rq->is_get || !websocket_header_has(request_header(rq, "Upgrade"), "websocket") ||
	    !websocket_header_has(request_header(rq, "Connection"), "Upgrade"))
		return refuse(rq, 426, "This path is a websocket: request it with 'Upgrade: websocket'.");
	if (!version || strcmp(version, "13") != 0)
		return refuse(rq, 426, "Only version 13 of the websocket protocol is supported.");
	if (!websocket_accept(request_header(rq, "Sec-WebSocket-Key"), accept))
		return refuse(rq, 400, "Sec-WebSocket-Key is not 16 octets in base64.");
	if (limit_full(LIMIT_WEBSOCKETS, websockets_open(rq->serve->websockets)))
		return refuse(rq, 429,
			      "The limit of open websockets is reached; close one, or raise norn_max_websockets.");
	return 0;
}
