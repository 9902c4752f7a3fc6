#include "field/sort.h"

#include <ctype.h>
#include <string.h>

/* AA:BB:CC:DD:EE:FF: its digits are hexadecimal, and it is of one length. */
static bool is_address(const struct field_value *v)
{
	struct mac mac;

	return v->type == VALUE_TEXT && v->n == MAC_TEXT_SIZE - 1 && mac_parse(v->text, v->n, &mac) >= 0;
}

void field_sort_take(const struct field_path *path, const void *obj, struct field_ctx *ctx,
		     struct field_sort_key *ret_key)
{
	struct field_value v;

	*ret_key = (struct field_sort_key){.kind = 1};
	(void) field_path_first(path, obj, ctx, &v);
	switch (v.type) {
	case VALUE_U64: ret_key->number = (double) v.u64; break;
	case VALUE_I64: ret_key->number = (double) v.i64; break;
	case VALUE_REAL: ret_key->number = v.real; break;
	case VALUE_LIST:
	case VALUE_MAP: ret_key->number = (double) v.n; break;
	case VALUE_TEXT:
	case VALUE_OCTETS:
		ret_key->kind = is_address(&v) ? 2 : 3;
		ret_key->n = (uint8_t) (v.n < FIELD_SORT_TEXT ? v.n : FIELD_SORT_TEXT);
		if (ret_key->n)
			memcpy(ret_key->text, v.text, ret_key->n);
		break;
	case VALUE_ABSENT:
	case VALUE_OBJECT: ret_key->kind = 0; break;
	}
}

/* Runs of digits compare by value: past leading zeros the longer is greater, else the first digit. */
static int compare_digits(const char *a, size_t an, const char *b, size_t bn)
{
	while (an > 1 && *a == '0')
		a++, an--;
	while (bn > 1 && *b == '0')
		b++, bn--;
	if (an != bn)
		return an < bn ? -1 : 1;
	return memcmp(a, b, an);
}

static size_t digits(const char *p, size_t n)
{
	size_t i = 0;

	while (i < n && isdigit((unsigned char) p[i]))
		i++;
	return i;
}

static int compare_text(const char *a, size_t an, const char *b, size_t bn)
{
	while (an && bn) {
		size_t ad = digits(a, an), bd = digits(b, bn), step_a = 1, step_b = 1;
		int r;

		if (ad && bd) {
			r = compare_digits(a, ad, b, bd);
			step_a = ad;
			step_b = bd;
		} else {
			r = tolower((unsigned char) *a) - tolower((unsigned char) *b);
		}
		if (r)
			return r;
		a += step_a, an -= step_a;
		b += step_b, bn -= step_b;
	}
	return an ? 1 : bn ? -1 : 0;
}

int field_sort_compare(const struct field_sort_key *a, const struct field_sort_key *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->kind == 1)
		return a->number < b->number ? -1 : a->number > b->number;
	if (a->kind == 2)
		return memcmp(a->text, b->text, MAC_TEXT_SIZE - 1);
	return a->kind == 3 ? compare_text(a->text, a->n, b->text, b->n) : 0;
}
