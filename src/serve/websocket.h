/* Websockets (RFC 6455): a route of ROUTE_WEBSOCKET answers with reply_websocket(), and the connection
 * moves to one loop, whose thread alone touches it from then on. What is sent waits in a bounded
 * queue; a client that reads too slowly loses its own messages, counted, and never holds others up. */
#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "serve/websocket_frame.h"

struct loop;
struct websocket;

/* What a route does with its websockets. All are called on the loop's thread, and must not wait. */
struct websocket_kind {
	/* The connection is there. NULL: nothing to do. */
	void (*opened)(void *ctx, struct websocket *ws);
	/* A whole message; text is UTF-8 with a NUL behind it. It lives until the return. */
	void (*message)(void *ctx, const char *p, size_t n, bool binary);
	/* Every second while it is open. NULL: nothing to do. */
	void (*second)(void *ctx);
	/* Called once, whatever becomes of the connection; ctx is the owner's to free. When it never
	 * opened this may be on another thread. */
	void (*closed)(void *ctx);
	/* The queue was sent, and there is room again. NULL: nothing to do. */
	void (*room)(void *ctx);
};

/* Sends a message; false when the queue has no room (LIMIT_STREAM_QUEUE), which is counted. Loop. */
bool websocket_send(struct websocket *ws, const void *p, size_t n, bool binary);
/* Octets queued for sending. Loop. */
size_t websocket_waiting(const struct websocket *ws);
/* Sends a close frame and what is queued, and closes after two seconds at the latest. Loop. */
void websocket_close(struct websocket *ws, uint16_t code, const char *reason);
/* Messages and octets that were queued for sending. Loop. */
void websocket_sent(const struct websocket *ws, uint64_t *ret_messages, uint64_t *ret_bytes);
/* The client's address as text, and the name of its login ("" without one). */
const char *websocket_address(const struct websocket *ws);
const char *websocket_login(const struct websocket *ws);
/* The loop that runs them all, for timers and posts. Any thread. */
struct loop *websocket_loop(const struct websocket *ws);

/* For serve itself: all websockets of a server. */
struct MHD_UpgradeResponseHandle;
struct websockets;
/* Aborts when there is no room for a thread. */
struct websockets *websockets_start(void);
/* Closes all and waits until they have ended, at most a second; later ones are closed at once. */
void websockets_stop(struct websockets *w);
void websockets_destroy(struct websockets *w); /* after the daemons have stopped */
/* How many are open. Any thread. */
uint32_t websockets_open(const struct websockets *w);
/* A connection that the HTTP library has handed over. */
struct upgraded {
	int fd;
	struct MHD_UpgradeResponseHandle *handle;
	const struct websocket_kind *kind;
	void *ctx;         /* of the kind */
	const char *early; /* octets that came with the request */
	size_t n;
	const char *address, *login;
};
/* Adds it, or closes it at once when they have stopped. A thread of the pool. */
void websockets_add(struct websockets *w, const struct upgraded *u);
