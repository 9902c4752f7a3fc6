/* Frames: the first 12 octets are the same in every version, the rest of the header is not. */
#include "proto/frame.h"

#include "base/err.h"

#define SIGNATURE 0xdecafbadu
#define SENTINEL_V2 0xabcd0002u /* sentinel and version */
#define SENTINEL_V3 0xa9a90003u
#define HEADER_V0 12
#define SUMMED_MIN 4 /* octets; the sum of fewer is 0 */
#define HEADER_V2 48
#define HEADER_V3 20

static size_t header_size(uint32_t sentinel)
{
	return sentinel == SENTINEL_V3 ? HEADER_V3 : sentinel == SENTINEL_V2 ? HEADER_V2 : HEADER_V0;
}

static void read_v2(struct span *s, struct proto_frame *f)
{
	const uint8_t *name = span_take(s, PROTO_COMMAND_SIZE - 1);

	f->version = PROTO_V2;
	memcpy(f->command, name, PROTO_COMMAND_SIZE - 1);
	f->seqno = span_be32(s);
}

static void read_v3(struct span *s, struct proto_frame *f)
{
	f->version = PROTO_V3;
	f->type = span_be16(s);
	f->code = span_be16(s);
	f->seqno = span_be32(s);
}

uint32_t proto_frame_sum(const uint8_t *p, size_t n)
{
	uint32_t one = 0, two = 0;

	for (size_t i = 0; n >= SUMMED_MIN && i < n; i++) {
		one += p[i];
		two += one;
	}
	return (one & 0xffff) + (two << 16);
}

int proto_frame_read(const uint8_t *p, size_t n, struct proto_frame *ret_frame)
{
	struct span s = span_of(p, n);
	struct proto_frame f = {0};
	uint32_t signature, sentinel, size;
	size_t header;

	if (n >= 4 && (p[0] != 0xde || p[1] != 0xca || p[2] != 0xfb || p[3] != 0xad))
		return ERR_MALFORMED;
	if (n < HEADER_V0)
		return 0;
	signature = span_be32(&s);
	sentinel = span_be32(&s);
	size = span_be32(&s);
	if (signature != SIGNATURE)
		return ERR_MALFORMED;
	header = header_size(sentinel);
	if (size > PROTO_FRAME_MAX - header)
		return ERR_LIMIT;
	if (n < header + size)
		return 0;
	if (sentinel == SENTINEL_V2)
		read_v2(&s, &f);
	else if (sentinel == SENTINEL_V3)
		read_v3(&s, &f);
	f.payload = span_sub(&s, size);
	if (header == HEADER_V0 && (size == 0 || proto_frame_sum(f.payload.p, size) != sentinel))
		return ERR_MALFORMED;
	*ret_frame = f;
	return (int) (header + size);
}
