/* The capture protocol: messages to frames and back. Shared with the helpers. Pure: no I/O, no log;
 * allocates from the caller's scratch only, which bounds what a frame can cost. Any thread, a
 * scratch each. */
#pragma once
#include "base/buf.h"
#include "proto/frame.h"
#include "proto/message.h"

#define PROTO_SCRATCH_SIZE (256 * 1024) /* what one frame may take when it is decoded */

struct proto_scratch;

/* What a frame says, in views that live until the scratch is used again and the frame's octets go.
 * ERR_MALFORMED; ERR_LIMIT when it takes too much memory; ERR_UNSUPPORTED for a command that is not
 * known, which is no reason to hang up. */
int proto_decode(const struct proto_frame *frame, struct proto_scratch *s, struct proto_message *ret);
/* Appends the message as a whole frame of that version. ERR_LIMIT when it is too long for one,
 * ERR_UNSUPPORTED when the version has no such message; out is then as before. */
int proto_encode(const struct proto_message *m, enum proto_version version, struct proto_scratch *s, struct buf *out);
