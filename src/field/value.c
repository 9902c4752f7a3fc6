#include <string.h>

#include "field/value.h"
#include "base/json_out.h"
#include "field/field.h"

static void set_text(struct field_value *v, const char *p, size_t n)
{
	v->type = p ? VALUE_TEXT : VALUE_ABSENT;
	v->text = p;
	v->n = n;
}

static void set_scratch(struct field_value *v)
{
	set_text(v, v->scratch, strlen(v->scratch));
}

static void set_items(struct field_value *v, const struct field *row, const void *items, size_t n)
{
	v->type = row->kind == FIELD_MAP ? VALUE_MAP : VALUE_LIST;
	v->obj = items;
	v->n = n;
	v->row = row;
}

static void set_object(struct field_value *v, const struct field *row, const void *obj)
{
	v->type = obj ? VALUE_OBJECT : VALUE_ABSENT;
	v->obj = obj;
	v->table = row->table;
}

static void set_string(struct field_value *v, const struct field *row, const char *s)
{
	if (!s && (row->flags & FIELD_NULL_EMPTY))
		s = "";
	set_text(v, s, s ? strlen(s) : 0);
}

static void set_u64(struct field_value *v, uint64_t n)
{
	v->type = VALUE_U64;
	v->u64 = n;
}

static void set_i64(struct field_value *v, int64_t n)
{
	v->type = VALUE_I64;
	v->i64 = n;
}

static void set_real(struct field_value *v, double n)
{
	v->type = VALUE_REAL;
	v->real = n;
}

static void set_enum(struct field_value *v, const struct field *row, uint8_t n)
{
	size_t i = 0;

	while (i < n && row->texts[i])
		i++;
	set_string(v, row, row->texts[i] ? row->texts[i] : "");
}

static void set_ssid(struct field_value *v, const struct ssid *s)
{
	_Static_assert(sizeof(v->scratch) >= SSID_TEXT_SIZE, "a name fits");
	(void) ssid_text(s, v->scratch);
	set_scratch(v);
}

static void call(const struct field *row, const void *obj, struct field_ctx *ctx, struct field_value *v)
{
	struct field_text t;
	struct field_items items;

	switch ((enum field_kind) row->kind) {
	case FIELD_GET_U64: set_u64(v, row->get.u64(obj, ctx)); break;
	case FIELD_GET_I64: set_i64(v, row->get.i64(obj, ctx)); break;
	case FIELD_GET_REAL: set_real(v, row->get.real(obj, ctx)); break;
	case FIELD_GET_TEXT:
		t = row->get.text(obj, ctx);
		set_text(v, t.p, t.n);
		break;
	case FIELD_GET_OBJECT: set_object(v, row, row->get.object(obj, ctx)); break;
	case FIELD_GET_LIST:
		items = row->get.items(obj, ctx);
		set_items(v, row, items.items, items.count);
		break;
	default: break;
	}
}

void field_read(const struct field *row, const void *obj, struct field_ctx *ctx, struct field_value *ret)
{
	const void *p;
	const struct list *l;
	const struct octets *o;

	ret->type = VALUE_ABSENT;
	if (row->through)
		obj = *(const void *const *) (const void *) ((const char *) obj + row->through - 1);
	if (!obj || (row->present && !row->present(obj)))
		return;
	p = (const char *) obj + row->offset;
	l = p;
	o = p;
	switch ((enum field_kind) row->kind) {
	case FIELD_BOOL: set_u64(ret, *(const bool *) p); break;
	case FIELD_U8: set_u64(ret, *(const uint8_t *) p); break;
	case FIELD_U16: set_u64(ret, *(const uint16_t *) p); break;
	case FIELD_U32: set_u64(ret, *(const uint32_t *) p); break;
	case FIELD_U64: set_u64(ret, *(const uint64_t *) p); break;
	case FIELD_I8: set_i64(ret, *(const int8_t *) p); break;
	case FIELD_I16: set_i64(ret, *(const int16_t *) p); break;
	case FIELD_I32: set_i64(ret, *(const int32_t *) p); break;
	case FIELD_I64: set_i64(ret, *(const int64_t *) p); break;
	case FIELD_FLOAT: set_real(ret, (double) *(const float *) p); break;
	case FIELD_REAL: set_real(ret, *(const double *) p); break;
	case FIELD_TEXT: set_text(ret, p, strlen(p)); break;
	case FIELD_STRING: set_string(ret, row, *(char *const *) p); break;
	case FIELD_OCTETS:
		ret->type = VALUE_OCTETS;
		ret->text = (const char *) o->p;
		ret->n = o->n;
		break;
	case FIELD_MAC: mac_format(p, ret->scratch), set_scratch(ret); break;
	case FIELD_UUID: uuid_format(p, ret->scratch), set_scratch(ret); break;
	case FIELD_KEY: key_format(p, ret->scratch), set_scratch(ret); break;
	case FIELD_SSID: set_ssid(ret, p); break;
	case FIELD_ENUM: set_enum(ret, row, *(const uint8_t *) p); break;
	case FIELD_OBJECT: set_object(ret, row, p); break;
	case FIELD_POINTER: set_object(ret, row, *(void *const *) p); break;
	case FIELD_BLOCK: break;
	case FIELD_ARRAY: set_items(ret, row, p, row->count); break;
	case FIELD_LIST:
	case FIELD_MAP: set_items(ret, row, l->items, l->count); break;
	case FIELD_GET_U64:
	case FIELD_GET_I64:
	case FIELD_GET_REAL:
	case FIELD_GET_TEXT:
	case FIELD_GET_OBJECT:
	case FIELD_GET_LIST: call(row, obj, ctx, ret); break;
	}
}
