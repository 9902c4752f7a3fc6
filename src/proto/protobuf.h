/* Payloads of the older versions: protobuf, moved to and from the generated structs by their own
 * descriptors, so that the rows hold for them too. */
#pragma once
#include "proto/table.h"

int protobuf_read(struct span payload, const struct row_message *rows, struct proto_scratch *s,
		  struct proto_message *m);
int protobuf_write(const struct proto_message *m, const struct row_message *rows, struct proto_scratch *s,
		   struct buf *out);
/* Version 0's wrapper around a payload. */
int protobuf_unwrap(struct span payload, struct proto_scratch *s, struct proto_frame *f);
int protobuf_wrap(const char *command, uint32_t seqno, struct span content, struct buf *out);
