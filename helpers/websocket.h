/* The client's side of a websocket (RFC 6455), as a sensor needs it: one frame of the capture
 * protocol a message. The octets are the caller's to send and receive. */
#pragma once
#include <stdbool.h>

#include "arguments.h"
#include "base/buf.h"
#include "link.h"

#define WEBSOCKET_MOST 65535 /* octets of a message that are taken */

/* Asks the server of a connected link for a websocket, and waits for its answer: 0, or negative
 * with a sentence on stderr. */
int websocket_ask(struct link *l, const struct helper_arguments *a);
/* Wraps whole capture frames, each for itself, as masked messages. */
void websocket_wrap(const struct buf *frames, struct buf *out);
/* Takes whole websocket frames from raw: what messages held goes to `in`, answers to pings to
 * `answers`. 0, or negative when the server has closed or sent what it may not. */
int websocket_unwrap(struct buf *raw, struct buf *in, struct buf *answers);
