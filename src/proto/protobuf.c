#include "proto/protobuf.h"
#include "base/err.h"
#include "proto/row.h"
#include "proto/table.h"
#include <capture.pb-c.h>

static void *take(void *ctx, size_t n)
{
	return scratch_take(ctx, n ? n : 1);
}

static void leave(void *ctx, void *p)
{
	(void) ctx;
	(void) p;
}

static ProtobufCAllocator allocator(struct proto_scratch *s)
{
	return (ProtobufCAllocator){take, leave, s};
}

static const ProtobufCFieldDescriptor *field_of(const ProtobufCMessage *m, unsigned number)
{
	return protobuf_c_message_descriptor_get_field(m->descriptor, number);
}

static void *member_at(const ProtobufCMessage *m, unsigned offset)
{
	return (uint8_t *) (uintptr_t) m + offset;
}

static bool present(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
	switch (f->label) {
	case PROTOBUF_C_LABEL_REPEATED: return *(size_t *) member_at(m, f->quantifier_offset) != 0;
	case PROTOBUF_C_LABEL_OPTIONAL:
		if (f->type == PROTOBUF_C_TYPE_STRING || f->type == PROTOBUF_C_TYPE_MESSAGE)
			return *(void **) member_at(m, f->offset) != NULL;
		return *(protobuf_c_boolean *) member_at(m, f->quantifier_offset);
	case PROTOBUF_C_LABEL_REQUIRED:
	case PROTOBUF_C_LABEL_NONE: return true;
	}
	return false;
}

static struct span text_of(const char *s)
{
	return proto_text(s);
}

static int read_rows(const ProtobufCMessage *m, const struct row_block *rows, struct proto_scratch *s, void *base);

static int read_list(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f, struct proto_scratch *s,
		     struct proto_list *ret)
{
	size_t n = *(size_t *) member_at(m, f->quantifier_offset);
	char **texts = *(char ***) member_at(m, f->offset);

	ret->items = scratch_take(s, n * sizeof(*ret->items));
	if (!ret->items)
		return ERR_LIMIT;
	for (size_t i = 0; i < n; i++)
		ret->items[i] = text_of(texts[i]);
	ret->count = (uint32_t) n;
	return 0;
}

static int read_pairs(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f, struct proto_scratch *s,
		      struct proto_pairs *ret)
{
	size_t n = *(size_t *) member_at(m, f->quantifier_offset);
	Norn__Proto__Pair **pairs = *(Norn__Proto__Pair ***) member_at(m, f->offset);

	ret->items = scratch_take(s, n * sizeof(*ret->items));
	if (!ret->items)
		return ERR_LIMIT;
	for (size_t i = 0; i < n; i++)
		ret->items[i] = (struct proto_pair){text_of(pairs[i]->name), text_of(pairs[i]->value)};
	ret->count = (uint32_t) n;
	return 0;
}

static int read_interfaces(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f, struct proto_scratch *s,
			   struct proto_interfaces *ret)
{
	size_t n = *(size_t *) member_at(m, f->quantifier_offset);
	ProtobufCMessage **found = *(ProtobufCMessage ***) member_at(m, f->offset);

	ret->items = scratch_take(s, n * sizeof(*ret->items));
	if (!ret->items)
		return ERR_LIMIT;
	memset(ret->items, 0, n * sizeof(*ret->items));
	for (size_t i = 0; i < n; i++) {
		int r = read_rows(found[i], &row_interface, s, &ret->items[i]);

		if (r < 0)
			return r;
		ret->items[i].has = true;
	}
	ret->count = (uint32_t) n;
	return 0;
}

static void read_number(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f, const struct row *row, void *base)
{
	const void *p = member_at(m, f->offset);

	if (f->type == PROTOBUF_C_TYPE_DOUBLE)
		row_put_number(row, base, *(const double *) p);
	else if (f->type == PROTOBUF_C_TYPE_UINT64)
		row_put_unsigned(row, base, *(const uint64_t *) p);
	else if (f->type == PROTOBUF_C_TYPE_BOOL)
		row_put_unsigned(row, base, *(const protobuf_c_boolean *) p != 0);
	else
		row_put_unsigned(row, base, *(const uint32_t *) p);
}

static int read_value(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f, const struct row *row,
		      struct proto_scratch *s, void *base)
{
	void *p = (uint8_t *) base + row->offset;
	const ProtobufCBinaryData *octets;

	switch ((enum row_kind) row->kind) {
	case ROW_U32:
	case ROW_U64:
	case ROW_I32:
	case ROW_FLOAT:
	case ROW_DOUBLE:
	case ROW_BOOL: read_number(m, f, row, base); return 0;
	case ROW_TEXT:
		row_found(row, base);
		*(struct span *) p = text_of(*(char **) member_at(m, f->offset));
		return 0;
	case ROW_OCTETS:
		octets = member_at(m, f->offset);
		*(struct span *) p = span_of(octets->data, octets->len);
		return 0;
	case ROW_LIST: return read_list(m, f, s, p);
	case ROW_PAIRS: return read_pairs(m, f, s, p);
	case ROW_INTERFACES: return read_interfaces(m, f, s, p);
	case ROW_BLOCK:
		*(bool *) p = true;
		return read_rows(*(ProtobufCMessage **) member_at(m, f->offset), row->block, s, p);
	}
	return 0;
}

static int read_rows(const ProtobufCMessage *m, const struct row_block *rows, struct proto_scratch *s, void *base)
{
	for (uint32_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->rows[i];
		const ProtobufCMessage *at = m;
		const ProtobufCFieldDescriptor *f;
		int r;

		if (row->number == 0)
			continue;
		f = field_of(at, row->number);
		if (!present(at, f))
			continue;
		if (row->inner) {
			at = *(ProtobufCMessage **) member_at(at, f->offset);
			f = field_of(at, row->inner);
			if (!present(at, f))
				continue;
		}
		r = read_value(at, f, row, s, base);
		if (r < 0)
			return r;
	}
	return 0;
}

static ProtobufCMessage *unpack(const ProtobufCMessageDescriptor *d, struct span payload, struct proto_scratch *s)
{
	ProtobufCAllocator a = allocator(s);

	return protobuf_c_message_unpack(d, &a, payload.left, payload.p);
}

int protobuf_read(struct span payload, const struct row_message *rows, struct proto_scratch *s, struct proto_message *m)
{
	const ProtobufCMessage *from = unpack(rows->descriptor, payload, s);

	if (!from)
		return s->full ? ERR_LIMIT : ERR_MALFORMED;
	return read_rows(from, &rows->rows, s, m);
}

static ProtobufCMessage *fresh(const ProtobufCMessageDescriptor *d, struct proto_scratch *s)
{
	ProtobufCMessage *m = scratch_take(s, d->sizeof_message);

	if (m)
		protobuf_c_message_init(d, m);
	return m;
}

/* The message within m, made when it is not there. */
static ProtobufCMessage *within(ProtobufCMessage *m, const ProtobufCFieldDescriptor *f, struct proto_scratch *s)
{
	ProtobufCMessage **p = member_at(m, f->offset);

	if (!*p) {
		*p = fresh(f->descriptor, s);
		if (*p && f->descriptor == &norn__proto__message__descriptor)
			((Norn__Proto__Message *) (void *) *p)->flags = NORN__PROTO__SEVERITY__INFO;
	}
	return *p;
}

static char *copy_text(const struct span *text, struct proto_scratch *s)
{
	char *p = scratch_take(s, text->left + 1);

	if (!p)
		return NULL;
	if (text->left)
		memcpy(p, text->p, text->left);
	p[text->left] = '\0';
	return p;
}

static int write_rows(ProtobufCMessage *m, const struct row_block *rows, struct proto_scratch *s, const void *base);

/* Makes room for n elements of a repeated field. */
static void **repeat(ProtobufCMessage *m, const ProtobufCFieldDescriptor *f, struct proto_scratch *s, uint32_t n)
{
	void **items = scratch_take(s, n * sizeof(*items));

	*(void ***) member_at(m, f->offset) = items;
	*(size_t *) member_at(m, f->quantifier_offset) = items ? n : 0;
	return items;
}

static int write_list(ProtobufCMessage *m, const ProtobufCFieldDescriptor *f, struct proto_scratch *s,
		      const struct proto_list *l)
{
	void **items = repeat(m, f, s, l->count);

	for (uint32_t i = 0; items && i < l->count; i++)
		items[i] = copy_text(&l->items[i], s);
	return s->full ? ERR_LIMIT : 0;
}

static int write_pairs(ProtobufCMessage *m, const ProtobufCFieldDescriptor *f, struct proto_scratch *s,
		       const struct proto_pairs *l)
{
	void **items = repeat(m, f, s, l->count);

	for (uint32_t i = 0; items && i < l->count; i++) {
		Norn__Proto__Pair *pair = (void *) fresh(&norn__proto__pair__descriptor, s);

		items[i] = pair;
		if (!pair)
			return ERR_LIMIT;
		pair->name = copy_text(&l->items[i].name, s);
		pair->value = copy_text(&l->items[i].value, s);
	}
	return s->full ? ERR_LIMIT : 0;
}

static int write_interfaces(ProtobufCMessage *m, const ProtobufCFieldDescriptor *f, struct proto_scratch *s,
			    const struct proto_interfaces *l)
{
	void **items = repeat(m, f, s, l->count);

	for (uint32_t i = 0; items && i < l->count; i++) {
		items[i] = fresh(f->descriptor, s);
		if (!items[i] || write_rows(items[i], &row_interface, s, &l->items[i]) < 0)
			return ERR_LIMIT;
	}
	return s->full ? ERR_LIMIT : 0;
}

static void write_number(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f, const struct row *row,
			 const void *base)
{
	void *p = member_at(m, f->offset);

	if (f->label == PROTOBUF_C_LABEL_OPTIONAL)
		*(protobuf_c_boolean *) member_at(m, f->quantifier_offset) = 1;
	if (f->type == PROTOBUF_C_TYPE_DOUBLE)
		*(double *) p = row_number(row, base);
	else if (f->type == PROTOBUF_C_TYPE_UINT64)
		*(uint64_t *) p = row_unsigned(row, base);
	else if (f->type == PROTOBUF_C_TYPE_BOOL)
		*(protobuf_c_boolean *) p = row_unsigned(row, base) != 0;
	else
		*(uint32_t *) p = (uint32_t) row_unsigned(row, base);
}

static int write_value(ProtobufCMessage *m, const ProtobufCFieldDescriptor *f, const struct row *row,
		       struct proto_scratch *s, const void *base)
{
	const void *p = (const uint8_t *) base + row->offset;
	const struct span *octets = p;
	ProtobufCMessage *inner;

	switch ((enum row_kind) row->kind) {
	case ROW_U32:
	case ROW_U64:
	case ROW_I32:
	case ROW_FLOAT:
	case ROW_DOUBLE:
	case ROW_BOOL: write_number(m, f, row, base); return 0;
	case ROW_TEXT: *(char **) member_at(m, f->offset) = copy_text(octets, s); return s->full ? ERR_LIMIT : 0;
	case ROW_OCTETS:
		if (f->label == PROTOBUF_C_LABEL_OPTIONAL)
			*(protobuf_c_boolean *) member_at(m, f->quantifier_offset) = 1;
		*(ProtobufCBinaryData *) member_at(m, f->offset) =
			(ProtobufCBinaryData){octets->left, (uint8_t *) (uintptr_t) octets->p};
		return 0;
	case ROW_LIST: return write_list(m, f, s, p);
	case ROW_PAIRS: return write_pairs(m, f, s, p);
	case ROW_INTERFACES: return write_interfaces(m, f, s, p);
	case ROW_BLOCK: inner = within(m, f, s); return inner ? write_rows(inner, row->block, s, p) : ERR_LIMIT;
	}
	return 0;
}

static int write_rows(ProtobufCMessage *m, const struct row_block *rows, struct proto_scratch *s, const void *base)
{
	for (uint32_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->rows[i];
		const ProtobufCFieldDescriptor *f;
		ProtobufCMessage *at = m;
		int r;

		if (row->number == 0)
			continue;
		f = field_of(at, row->number);
		if (f->label != PROTOBUF_C_LABEL_REQUIRED && !row_wanted(row, base))
			continue;
		if (row->inner) {
			at = within(at, f, s);
			if (!at)
				return ERR_LIMIT;
			f = field_of(at, row->inner);
		}
		r = write_value(at, f, row, s, base);
		if (r < 0)
			return r;
	}
	return 0;
}

int protobuf_write(const struct proto_message *m, const struct row_message *rows, struct proto_scratch *s,
		   struct buf *out)
{
	ProtobufCMessage *to = fresh(rows->descriptor, s);
	size_t n;
	int r;

	if (!to)
		return ERR_LIMIT;
	r = write_rows(to, &rows->rows, s, m);
	if (r < 0)
		return r;
	n = protobuf_c_message_get_packed_size(to);
	if (n > PROTO_FRAME_MAX)
		return ERR_LIMIT;
	if (n == 0)
		return 0;
	out->len += protobuf_c_message_pack(to, (uint8_t *) buf_reserve(out, n));
	return 0;
}

int protobuf_unwrap(struct span payload, struct proto_scratch *s, struct proto_frame *f)
{
	const Norn__Proto__Command *c = (void *) unpack(&norn__proto__command__descriptor, payload, s);

	if (!c)
		return s->full ? ERR_LIMIT : ERR_MALFORMED;
	proto_copy(text_of(c->command), f->command, sizeof(f->command));
	f->seqno = c->seqno;
	f->payload = span_of(c->content.data, c->content.len);
	return 0;
}

int protobuf_wrap(const char *command, uint32_t seqno, struct span content, struct buf *out)
{
	Norn__Proto__Command c = NORN__PROTO__COMMAND__INIT;
	size_t n;

	c.command = (char *) (uintptr_t) command;
	c.seqno = seqno;
	c.content = (ProtobufCBinaryData){content.left, (uint8_t *) (uintptr_t) content.p};
	n = norn__proto__command__get_packed_size(&c);
	if (n > PROTO_FRAME_MAX)
		return ERR_LIMIT;
	out->len += norn__proto__command__pack(&c, (uint8_t *) buf_reserve(out, n));
	return 0;
}
