/* A connection to a capture program, over pipes, a socket or a websocket: frames in, messages out.
 * It lives on one loop, whose thread calls all of its functions and is called by it. What waits to
 * be sent is bounded; a frame that cannot be read ends the link. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/loop.h"
#include "proto/proto.h"

#define LINK_QUEUE_MAX (256 * 1024) /* octets that may wait to be sent */
#define LINK_REASON_SIZE 256

struct link_calls {
	/* A message; its views live until the return. */
	void (*message)(void *ctx, const struct proto_message *m);
	/* Once, when the other side has closed or cannot be understood; link_close() is still due. */
	void (*closed)(void *ctx, const char *reason);
};
/* Where a link over something else than descriptors sends to. */
struct link_transport {
	bool (*send)(void *ctx, const void *p, size_t n); /* a whole frame */
	void (*close)(void *ctx);
	void *ctx;
};

struct link;
/* Over descriptors, which are the link's from now on; both may be the same. NULL when they cannot
 * be watched; they are closed then, too. */
struct link *link_create(struct loop *loop, int read_fd, int write_fd);
struct link *link_create_over(struct loop *loop, const struct link_transport *transport);
/* Who is called; at any time. */
void link_set(struct link *l, const struct link_calls *calls, void *ctx);
/* Octets that arrived over the transport; they must be whole frames. */
void link_feed(struct link *l, const void *p, size_t n);
/* The transport has ended: closed() is called. */
void link_end(struct link *l, const char *reason);
/* Queues a message in the version that the other side speaks; its number is set here and returned.
 * Negative as proto_encode(). */
int64_t link_send(struct link *l, struct proto_message *m);
/* The version that messages go out in, until a frame of another one comes in. */
void link_speak(struct link *l, enum proto_version version);
/* Closes without a call; also from within a call. NULL is fine. */
void link_close(struct link *l);
/* Frames that came in. */
struct loop *link_loop(const struct link *l);
