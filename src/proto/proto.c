/* Messages to frames and back: which version, which codec. */
#include "proto/proto.h"

#include "base/err.h"
#include "proto/protobuf.h"
#include "proto/table.h"

static int decode_v3(const struct proto_frame *f, struct proto_scratch *s, struct proto_message *m)
{
	const struct row_message *rows = row_message_of_type(f->type);

	if (!rows || f->type >= PROTO_WARNING)
		return ERR_UNSUPPORTED;
	m->type = f->type;
	m->seqno = f->seqno;
	if (rows->report)
		m->success = f->code != 0;
	if (f->type == PROTO_PONG || f->type == PROTO_ERROR)
		m->request = f->seqno;
	return msgpack_read(f->payload, rows, s, m);
}

static int decode_protobuf(struct proto_frame f, struct proto_scratch *s, struct proto_message *m)
{
	const struct row_message *rows;
	int r = f.version == PROTO_V0 ? protobuf_unwrap(f.payload, s, &f) : 0;

	if (r < 0)
		return r;
	rows = row_message_of_command(f.command);
	if (!rows)
		return ERR_UNSUPPORTED;
	m->type = rows->type;
	m->seqno = f.seqno;
	return protobuf_read(f.payload, rows, s, m);
}

int proto_decode(const struct proto_frame *frame, struct proto_scratch *s, struct proto_message *ret)
{
	s->used = 0;
	s->full = false;
	memset(ret, 0, sizeof(*ret));
	if (frame->version == PROTO_V3)
		return decode_v3(frame, s, ret);
	return decode_protobuf(*frame, s, ret);
}

static void put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t) (v >> 8);
	p[1] = (uint8_t) v;
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v & 0xffff);
}

static bool answers(const struct proto_message *m, const struct row_message *rows)
{
	return rows->report || m->type == PROTO_PONG || m->type == PROTO_ERROR;
}

/* Octets of the header behind which the payload comes. */
static size_t begin(const struct proto_message *m, const struct row_message *rows, enum proto_version version,
		    struct buf *out)
{
	uint8_t h[48] = {0xde, 0xca, 0xfb, 0xad};
	size_t n = version == PROTO_V3 ? 20 : version == PROTO_V2 ? 48 : 12;

	if (version == PROTO_V3) {
		put32(h + 4, 0xa9a90003u);
		put16(h + 12, m->type);
		put16(h + 14, rows->report ? m->success : m->type != PROTO_NEW_SOURCE);
		put32(h + 16, answers(m, rows) ? m->request : m->seqno);
	} else if (version == PROTO_V2) {
		put32(h + 4, 0xabcd0002u);
		memcpy(h + 12, rows->command, strlen(rows->command));
		put32(h + 44, m->seqno);
	}
	buf_add(out, h, n);
	return n;
}

static int encode_v0(const struct proto_message *m, const struct row_message *rows, struct proto_scratch *s,
		     struct buf *out)
{
	struct buf inner = {0};
	size_t start = out->len;
	int r = protobuf_write(m, rows, s, &inner);

	if (r >= 0)
		r = protobuf_wrap(rows->command, m->seqno, span_of(inner.p, inner.len), out);
	buf_finish(&inner);
	if (r >= 0)
		put32((uint8_t *) out->p + start - 8,
		      proto_frame_sum((const uint8_t *) out->p + start, out->len - start));
	return r;
}

int proto_encode(const struct proto_message *m, enum proto_version version, struct proto_scratch *s, struct buf *out)
{
	struct proto_message as_message = *m;
	const struct row_message *rows;
	size_t start = out->len, header;
	int r;

	if (version == PROTO_V3 && m->type == PROTO_WARNING) {
		as_message.type = PROTO_MESSAGE;
		as_message.flags = 2;
	}
	rows = row_message_of_type(as_message.type);
	if (!rows || (version == PROTO_V3 && rows->type >= PROTO_WARNING))
		return ERR_UNSUPPORTED;
	s->used = 0;
	s->full = false;
	header = begin(&as_message, rows, version, out);
	if (version == PROTO_V3)
		r = msgpack_write(&as_message, rows, out);
	else if (version == PROTO_V2)
		r = protobuf_write(&as_message, rows, s, out);
	else
		r = encode_v0(&as_message, rows, s, out);
	if (r >= 0 && out->len - start > PROTO_FRAME_MAX)
		r = ERR_LIMIT;
	if (r < 0) {
		out->len = start;
		return r;
	}
	put32((uint8_t *) out->p + start + 8, (uint32_t) (out->len - start - header));
	return 0;
}
