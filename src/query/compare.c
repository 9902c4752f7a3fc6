#include "query/compare.h"

#include <stdlib.h>

#include "field/value.h"

/* What a visit of values needs. */
struct comparing {
	const struct query_condition *c;
	double now_sec;
	struct regex_space *space;
	struct field_ctx *ctx;
};

bool query_compare_text(const struct query_condition *c, const char *text, size_t n, struct regex_space *space)
{
	for (uint32_t i = 0; i < c->n; i++)
		if (query_pattern_match(&c->patterns[i], text, n, space))
			return true;
	return false;
}

/* Kinds of which 0 says that nothing is known. */
static bool zero_is_none(uint8_t kind)
{
	return kind == QUERY_DBM || kind == QUERY_FREQUENCY || kind == QUERY_TIME;
}

static bool compare_number(const struct comparing *x, double v)
{
	if (v == 0 && zero_is_none(x->c->of))
		return false;
	if (x->c->kind == CONDITION_ANY)
		return true;
	for (uint32_t i = 0; i < x->c->n && x->c->kind == CONDITION_RANGES; i++)
		if (query_range_has(&x->c->ranges[i], v, x->now_sec))
			return true;
	return false;
}

static bool compare_address(const struct comparing *x, const struct mac *m)
{
	uint64_t v = mac_u64(m);
	size_t from = 0, to = x->c->n;

	if (x->c->kind == CONDITION_ANY)
		return v;
	if (x->c->kind == CONDITION_SET) {
		while (from < to) {
			size_t middle = (from + to) / 2;

			if (x->c->set[middle] == v)
				return true;
			if (x->c->set[middle] < v)
				from = middle + 1;
			else
				to = middle;
		}
		return false;
	}
	for (uint32_t i = 0; i < x->c->n; i++)
		if (mac_matches(m, &x->c->masks[i]))
			return true;
	return false;
}

/* The number that a channel begins with. */
static bool channel_number(const char *text, size_t n, double *ret)
{
	unsigned v = 0;
	size_t i = 0;

	for (; i < n && i < 6 && text[i] >= '0' && text[i] <= '9'; i++)
		v = v * 10 + (unsigned) (text[i] - '0');
	*ret = v;
	return i > 0;
}

static bool compare_shown(const struct comparing *x, const char *text, size_t n)
{
	struct mac mac;
	double v;

	switch ((enum query_condition_kind) x->c->kind) {
	case CONDITION_PATTERNS: return query_compare_text(x->c, text, n, x->space);
	case CONDITION_ANY: return n > 0;
	case CONDITION_RANGES: return x->c->of == QUERY_CHANNEL && channel_number(text, n, &v) && compare_number(x, v);
	case CONDITION_MASKS:
	case CONDITION_SET: return mac_parse(text, n, &mac) >= 0 && compare_address(x, &mac);
	}
	return false;
}

int query_visit(const struct field_value *v, struct field_ctx *ctx, field_visit_fn visit, void *arg)
{
	struct field_value item;
	int r = 0;

	if ((v->type != VALUE_LIST && v->type != VALUE_MAP) || v->row->elem->kind == FIELD_OBJECT)
		return visit(v, arg);
	for (size_t i = 0; i < v->n && !r; i++) {
		const void *elem = (const char *) v->obj + i * v->row->size;

		if (v->type == VALUE_MAP) {
			field_read(v->row->key, elem, ctx, &item);
			r = visit(&item, arg);
		}
		if (!r) {
			field_read(v->row->elem, elem, ctx, &item);
			r = visit(&item, arg);
		}
	}
	return r;
}

static int compare_one(const struct field_value *v, void *arg)
{
	const struct comparing *x = arg;

	switch (v->type) {
	case VALUE_U64: return compare_number(x, (double) v->u64);
	case VALUE_I64: return compare_number(x, (double) v->i64);
	case VALUE_REAL: return compare_number(x, v->real);
	case VALUE_TEXT:
	case VALUE_OCTETS: return compare_shown(x, v->text ? v->text : "", v->n);
	case VALUE_LIST:
	case VALUE_MAP: return compare_number(x, (double) v->n);
	case VALUE_OBJECT: return x->c->kind == CONDITION_ANY;
	case VALUE_ABSENT: return false;
	}
	return false;
}

/* Numbers of a map or of a list of records are how many there are. */
static int compare_value(const struct field_value *v, void *arg)
{
	struct comparing *x = arg;

	if (v->type == VALUE_MAP && x->c->kind == CONDITION_RANGES)
		return compare_one(v, x);
	return query_visit(v, x->ctx, compare_one, x);
}

/* A path through no list, without the detour over a value's text where the member says enough. */
static bool compare_plain(const struct query_test *t, const void *record, struct comparing *x, struct field_ctx *ctx)
{
	const struct field *row = t->path->row;
	struct field_value v;
	const void *at;

	for (uint8_t i = 0; i + 1 < t->path->n_steps; i++) {
		field_read(t->path->steps[i].row, record, ctx, &v);
		if (v.type != VALUE_OBJECT)
			return false;
		record = v.obj;
	}
	at = field_member(row, record);
	if (!at)
		return false;
	if (t->by_number)
		return t->bits[*(const uint8_t *) at / 64] >> *(const uint8_t *) at % 64 & 1;
	if (row->kind == FIELD_MAC && x->c->kind != CONDITION_PATTERNS)
		return compare_address(x, at);
	field_read(row, record, ctx, &v);
	return compare_value(&v, x);
}

bool query_compare(const struct query_test *t, const void *record, struct field_ctx *ctx, struct regex_space *space)
{
	struct comparing x = {t->condition, (double) (ctx->now_us / 1000000), space, ctx};

	if (t->plain)
		return compare_plain(t, record, &x, ctx);
	return field_path_each(t->path, record, ctx, compare_value, &x);
}
