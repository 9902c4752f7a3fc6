/* Payloads of version 3: a msgpack map whose keys are small numbers. The library makes room for as
 * many elements as a list claims, so the shape is walked first: every claim must be kept by the
 * octets. */
#include <msgpack.h>

#include "base/err.h"
#include "proto/row.h"
#include "proto/table.h"

#define DEPTH_MAX 6

/* How many octets stand behind the first one, and how many values behind them. */
struct shape {
	uint8_t length; /* octets that hold a count or length */
	uint8_t skip;   /* octets besides */
	uint8_t kind;   /* 0: nothing follows, 1: octets, 2: values, 3: pairs of values */
};

/* msgpack specification, formats 0xc0 to 0xdf. */
static const struct shape shapes[32] = {
	{0, 0, 0},  {0, 0, 9}, {0, 0, 0}, {0, 0, 0}, {1, 0, 1}, {2, 0, 1}, {4, 0, 1}, {1, 1, 1},
	{2, 1, 1},  {4, 1, 1}, {0, 4, 0}, {0, 8, 0}, {0, 1, 0}, {0, 2, 0}, {0, 4, 0}, {0, 8, 0},
	{0, 1, 0},  {0, 2, 0}, {0, 4, 0}, {0, 8, 0}, {0, 2, 0}, {0, 3, 0}, {0, 5, 0}, {0, 9, 0},
	{0, 17, 0}, {1, 0, 1}, {2, 0, 1}, {4, 0, 1}, {2, 0, 2}, {4, 0, 2}, {2, 0, 3}, {4, 0, 3},
};

static uint32_t count_of(struct span *s, uint8_t length)
{
	return length == 1 ? span_u8(s) : length == 2 ? span_be16(s) : length == 4 ? span_be32(s) : 0;
}

static bool whole(struct span *s, unsigned depth)
{
	uint8_t first = span_u8(s);
	uint32_t n = 0, values = 0;

	if (first < 0x80 || first >= 0xe0) {
		return !s->bad;
	} else if (first < 0x90) {
		values = (first & 15u) * 2;
	} else if (first < 0xa0) {
		values = first & 15u;
	} else if (first < 0xc0) {
		span_skip(s, first & 31u);
	} else {
		const struct shape *shape = &shapes[first - 0xc0];

		n = count_of(s, shape->length);
		span_skip(s, shape->skip);
		if (shape->kind == 1)
			span_skip(s, n);
		else if (shape->kind >= 2 && n > s->left)
			return false;
		else if (shape->kind >= 2)
			values = n * (shape->kind - 1u);
		if (shape->kind == 9)
			return false;
	}
	if (values && depth == 0)
		return false;
	while (values-- && !s->bad)
		if (!whole(s, depth - 1))
			return false;
	return !s->bad;
}

static int read_map(const msgpack_object *o, const struct row_block *rows, struct proto_scratch *s, void *base);

static bool text_of(const msgpack_object *o, struct span *ret)
{
	if (o->type != MSGPACK_OBJECT_STR && o->type != MSGPACK_OBJECT_BIN)
		return false;
	*ret = span_of(o->via.str.ptr, o->via.str.size);
	return true;
}

static int read_list(const msgpack_object *o, struct proto_scratch *s, struct proto_list *ret)
{
	if (o->type != MSGPACK_OBJECT_ARRAY)
		return ERR_MALFORMED;
	ret->items = scratch_take(s, o->via.array.size * sizeof(*ret->items));
	if (!ret->items)
		return ERR_LIMIT;
	for (ret->count = 0; ret->count < o->via.array.size; ret->count++)
		if (!text_of(&o->via.array.ptr[ret->count], &ret->items[ret->count]))
			return ERR_MALFORMED;
	return 0;
}

static int read_pairs(const msgpack_object *o, struct proto_scratch *s, struct proto_pairs *ret)
{
	if (o->type != MSGPACK_OBJECT_MAP)
		return ERR_MALFORMED;
	ret->items = scratch_take(s, o->via.map.size * sizeof(*ret->items));
	if (!ret->items)
		return ERR_LIMIT;
	for (ret->count = 0; ret->count < o->via.map.size; ret->count++) {
		const msgpack_object_kv *kv = &o->via.map.ptr[ret->count];

		if (!text_of(&kv->key, &ret->items[ret->count].name) ||
		    !text_of(&kv->val, &ret->items[ret->count].value))
			return ERR_MALFORMED;
	}
	return 0;
}

static int read_interfaces(const msgpack_object *o, struct proto_scratch *s, struct proto_interfaces *ret)
{
	if (o->type != MSGPACK_OBJECT_ARRAY)
		return ERR_MALFORMED;
	ret->items = scratch_take(s, o->via.array.size * sizeof(*ret->items));
	if (!ret->items)
		return ERR_LIMIT;
	memset(ret->items, 0, o->via.array.size * sizeof(*ret->items));
	for (ret->count = 0; ret->count < o->via.array.size; ret->count++) {
		int r = read_map(&o->via.array.ptr[ret->count], &row_interface, s, &ret->items[ret->count]);

		if (r < 0)
			return r;
		ret->items[ret->count].has = true;
	}
	return 0;
}

static int read_number(const msgpack_object *o, const struct row *row, void *base)
{
	if (o->type == MSGPACK_OBJECT_POSITIVE_INTEGER)
		row_put_unsigned(row, base, o->via.u64);
	else if (o->type == MSGPACK_OBJECT_BOOLEAN)
		row_put_unsigned(row, base, o->via.boolean);
	else if (o->type == MSGPACK_OBJECT_NEGATIVE_INTEGER && row->kind != ROW_U32 && row->kind != ROW_U64)
		row_put_number(row, base, (double) o->via.i64);
	else if ((o->type == MSGPACK_OBJECT_FLOAT32 || o->type == MSGPACK_OBJECT_FLOAT64) &&
		 (row->kind == ROW_FLOAT || row->kind == ROW_DOUBLE))
		row_put_number(row, base, o->via.f64);
	else
		return ERR_MALFORMED;
	return 0;
}

static int read_value(const msgpack_object *o, const struct row *row, struct proto_scratch *s, void *base)
{
	void *p = (uint8_t *) base + row->offset;

	switch ((enum row_kind) row->kind) {
	case ROW_U32:
	case ROW_U64:
	case ROW_I32:
	case ROW_FLOAT:
	case ROW_DOUBLE:
	case ROW_BOOL: return read_number(o, row, base);
	case ROW_TEXT:
	case ROW_OCTETS: row_found(row, base); return text_of(o, p) ? 0 : ERR_MALFORMED;
	case ROW_LIST: return read_list(o, s, p);
	case ROW_PAIRS: return read_pairs(o, s, p);
	case ROW_INTERFACES: return read_interfaces(o, s, p);
	case ROW_BLOCK: *(bool *) p = true; return read_map(o, row->block, s, p);
	}
	return 0;
}

static int read_map(const msgpack_object *o, const struct row_block *rows, struct proto_scratch *s, void *base)
{
	if (o->type != MSGPACK_OBJECT_MAP)
		return ERR_MALFORMED;
	for (uint32_t i = 0; i < o->via.map.size; i++) {
		const msgpack_object_kv *kv = &o->via.map.ptr[i];

		if (kv->key.type != MSGPACK_OBJECT_POSITIVE_INTEGER)
			return ERR_MALFORMED;
		for (uint32_t j = 0; j < rows->count; j++) {
			const struct row *row = &rows->rows[j];
			int r;

			if (row->key == 0 || row->key != kv->key.via.u64 || kv->val.type == MSGPACK_OBJECT_NIL)
				continue;
			r = read_value(&kv->val, row, s, base);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

int msgpack_read(struct span payload, const struct row_message *rows, struct proto_scratch *s, struct proto_message *m)
{
	struct span walk = payload;
	msgpack_unpacked u;
	size_t at = 0;
	int r = ERR_MALFORMED;

	if (payload.left == 0)
		return 0;
	if (!whole(&walk, DEPTH_MAX))
		return ERR_MALFORMED;
	msgpack_unpacked_init(&u);
	if (msgpack_unpack_next(&u, (const char *) payload.p, payload.left, &at) == MSGPACK_UNPACK_SUCCESS)
		r = read_map(&u.data, &rows->rows, s, m);
	msgpack_unpacked_destroy(&u);
	return r;
}

static int append(void *out, const char *p, size_t n)
{
	buf_add(out, p, n);
	return 0;
}

static void write_map(msgpack_packer *k, const struct row_block *rows, const void *base);

static void write_text(msgpack_packer *k, const struct span *text)
{
	(void) msgpack_pack_str_with_body(k, text->p, text->left);
}

static void write_list(msgpack_packer *k, const struct proto_list *l)
{
	(void) msgpack_pack_array(k, l->count);
	for (uint32_t i = 0; i < l->count; i++)
		write_text(k, &l->items[i]);
}

static void write_pairs(msgpack_packer *k, const struct proto_pairs *l)
{
	(void) msgpack_pack_map(k, l->count);
	for (uint32_t i = 0; i < l->count; i++) {
		write_text(k, &l->items[i].name);
		write_text(k, &l->items[i].value);
	}
}

static void write_interfaces(msgpack_packer *k, const struct proto_interfaces *l)
{
	(void) msgpack_pack_array(k, l->count);
	for (uint32_t i = 0; i < l->count; i++)
		write_map(k, &row_interface, &l->items[i]);
}

static void write_value(msgpack_packer *k, const struct row *row, const void *base)
{
	const void *p = (const uint8_t *) base + row->offset;

	switch ((enum row_kind) row->kind) {
	case ROW_U32:
	case ROW_U64:
	case ROW_I32: (void) msgpack_pack_uint64(k, row_unsigned(row, base)); break;
	case ROW_FLOAT: (void) msgpack_pack_float(k, (float) row_number(row, base)); break;
	case ROW_DOUBLE: (void) msgpack_pack_double(k, row_number(row, base)); break;
	case ROW_BOOL: (void) (*(const bool *) p ? msgpack_pack_true(k) : msgpack_pack_false(k)); break;
	case ROW_TEXT: write_text(k, p); break;
	case ROW_OCTETS:
		(void) msgpack_pack_bin_with_body(k, ((const struct span *) p)->p, ((const struct span *) p)->left);
		break;
	case ROW_LIST: write_list(k, p); break;
	case ROW_PAIRS: write_pairs(k, p); break;
	case ROW_INTERFACES: write_interfaces(k, p); break;
	case ROW_BLOCK: write_map(k, row->block, p); break;
	}
}

static void write_map(msgpack_packer *k, const struct row_block *rows, const void *base)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < rows->count; i++)
		n += rows->rows[i].key && row_wanted(&rows->rows[i], base);
	(void) msgpack_pack_map(k, n);
	for (uint32_t i = 0; i < rows->count; i++)
		if (rows->rows[i].key && row_wanted(&rows->rows[i], base)) {
			(void) msgpack_pack_uint8(k, rows->rows[i].key);
			write_value(k, &rows->rows[i], base);
		}
}

int msgpack_write(const struct proto_message *m, const struct row_message *rows, struct buf *out)
{
	msgpack_packer k;

	msgpack_packer_init(&k, out, append);
	if (rows->rows.count && m->type != PROTO_PONG)
		write_map(&k, &rows->rows, m);
	return 0;
}
