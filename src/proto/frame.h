/* Frames of the capture protocol: four octets that say what it is, a version, a length, a command,
 * and a payload. A frame that is not whole, too long or of no known version ends a connection:
 * there is no way to find the next one. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

#define PROTO_FRAME_MAX 16383 /* octets of header and payload together */
#define PROTO_COMMAND_SIZE 33

enum proto_version {
	PROTO_V0 = 0, /* a sum over a payload that holds the command: sensors of 2019 to 2022 */
	PROTO_V2 = 2, /* protobuf */
	PROTO_V3 = 3, /* msgpack */
};

struct proto_frame {
	enum proto_version version;
	uint16_t type, code;              /* version 3 */
	char command[PROTO_COMMAND_SIZE]; /* the older ones; of version 0 empty: it stands in the
					     payload */
	uint32_t seqno;
	struct span payload;
};

/* Reads the frame at the start of n octets. How many octets it takes; 0 when there are not enough
 * yet; ERR_MALFORMED (no frame, or a wrong sum) or ERR_LIMIT (too long). */
int proto_frame_read(const uint8_t *p, size_t n, struct proto_frame *ret_frame);
/* The sum of a version 0 payload: the protocol's own, which resembles Adler-32 (RFC 1950) but starts at 0 and is not
 * reduced. */
uint32_t proto_frame_sum(const uint8_t *p, size_t n);
