/* The reply of a handler. Status 200 and the type of the path's extension unless set otherwise. */
#pragma once
#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"

struct reply;
struct websocket_kind;

struct buf *reply_buf(struct reply *rp);
void reply_type(struct reply *rp, const char *mime);
void reply_status(struct reply *rp, unsigned status);
/* Replaces what was written by a sentence. */
__attribute__((format(printf, 3, 4))) void reply_error(struct reply *rp, unsigned status, const char *format, ...);
/* Names the object of a command in its audit message: a datasource. */
void reply_about(struct reply *rp, const char *name);

/* A reply that is made while it is sent. read() fills at most max bytes and returns how many, 0 when
 * there is nothing yet, or -1 at the end. ready() says whether read() would return something; NULL: a walk, which is
 * always ready: read() is called on the threads for walks, and ends early when budget_over() (base/budget.h). destroy()
 * is called once, whatever becomes of the connection. */
struct reply_source {
	ssize_t (*read)(void *ctx, char *p, size_t max);
	bool (*ready)(void *ctx);
	void (*destroy)(void *ctx);
};
void reply_stream(struct reply *rp, const struct reply_source *source, void *ctx);
/* Answers with a websocket (serve/websocket.h). A handler that finds an error replies with that instead. */
void reply_websocket(struct reply *rp, const struct websocket_kind *kind, void *ctx);
