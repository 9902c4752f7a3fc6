/* The messages as rows: one row says where a value stands in every version. Private to the room. */
#pragma once
#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

#include "proto/proto.h"

enum row_kind {
	ROW_U32,
	ROW_U64,
	ROW_I32,   /* version 3 sends it as unsigned, in two's complement */
	ROW_FLOAT, /* a double in memory, 32 bits in version 3 */
	ROW_DOUBLE,
	ROW_BOOL,
	ROW_TEXT,
	ROW_OCTETS,
	ROW_LIST,
	ROW_PAIRS,
	ROW_BLOCK,      /* a struct whose first member is `bool has` */
	ROW_INTERFACES, /* struct proto_interfaces */
};

#define ROW_NO_HAS UINT16_MAX /* written when it is not zero */
#define ROW_ALWAYS (UINT16_MAX - 1)

struct row_block;
struct row {
	uint8_t key;          /* of version 3; 0: not there */
	uint8_t number;       /* of protobuf; 0: not there */
	uint8_t inner;        /* the number within the message at `number`; 0: it is the value itself */
	uint8_t kind;         /* enum row_kind */
	uint16_t offset, has; /* has: offset of a bool */
	const struct row_block *block;
};
struct row_block {
	const struct row *rows;
	uint8_t count;
};

struct row_message {
	uint16_t type;       /* enum proto_type */
	bool report;         /* the header of version 3 has success and request */
	const char *command; /* of the older versions; NULL: they have none */
	const ProtobufCMessageDescriptor *descriptor;
	struct row_block rows;
};

const struct row_message *row_message_of_type(uint32_t type);
const struct row_message *row_message_of_command(const char *command);
extern const struct row_block row_interface;

/* Memory of one decoding or encoding; NULL when there is no more. */
struct proto_scratch {
	size_t used;
	bool full;
	_Alignas(16) uint8_t memory[PROTO_SCRATCH_SIZE];
};

/* The payload's fields (msgpack, protobuf); 0 or negative as proto_decode() and proto_encode(). */
int msgpack_read(struct span payload, const struct row_message *rows, struct proto_scratch *s, struct proto_message *m);
int msgpack_write(const struct proto_message *m, const struct row_message *rows, struct buf *out);
