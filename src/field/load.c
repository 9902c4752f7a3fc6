#include "field/load.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_out.h"
#include "base/limit.h"
#include "base/mem.h"
#include "field/copy.h"
#include "field/list.h"

static bool load_row(const struct field *row, void *obj, const struct json_in *v, struct field_load *l);

/* Numbers: what the member cannot hold is refused. */

static bool whole(const struct json_in *v, double least, double most, double *ret_real, int64_t *ret)
{
	*ret_real = 0;
	if (json_in_whole(v, ret))
		return (double) *ret >= least && (double) *ret <= most;
	return json_in_real(v, ret_real) && *ret_real >= least && *ret_real <= most;
}

static bool load_u64(const struct json_in *v, uint64_t *to)
{
	const char *text = json_in_text(v);
	char *end;
	double real;
	int64_t n = 0;

	if (text && *text >= '0' && *text <= '9') {
		errno = 0;
		*to = strtoull(text, &end, 10);
		return *end == '\0' && errno == 0;
	}
	if (!whole(v, 0, 18446744073709549568.0, &real, &n))
		return false;
	*to = real > 0 ? (uint64_t) real : (uint64_t) n;
	return true;
}

static bool load_i64(const struct json_in *v, double least, double most, int64_t *to)
{
	double real;
	int64_t n = 0;

	if (!whole(v, least, most, &real, &n) || real != 0)
		return false;
	*to = n;
	return true;
}

static bool load_number(enum field_kind kind, const struct json_in *v, void *to)
{
	static const double most[] = {
		[FIELD_U8] = UINT8_MAX,  [FIELD_U16] = UINT16_MAX, [FIELD_U32] = UINT32_MAX, [FIELD_I8] = INT8_MAX,
		[FIELD_I16] = INT16_MAX, [FIELD_I32] = INT32_MAX,  [FIELD_I64] = 9e18};
	bool sign = kind >= FIELD_I8;
	int64_t n;

	if (!load_i64(v, sign ? -most[kind] - 1 : 0, most[kind], &n))
		return false;
	switch (kind) {
	case FIELD_U8: *(uint8_t *) to = (uint8_t) n; break;
	case FIELD_U16: *(uint16_t *) to = (uint16_t) n; break;
	case FIELD_U32: *(uint32_t *) to = (uint32_t) n; break;
	case FIELD_I8: *(int8_t *) to = (int8_t) n; break;
	case FIELD_I16: *(int16_t *) to = (int16_t) n; break;
	case FIELD_I32: *(int32_t *) to = (int32_t) n; break;
	case FIELD_I64: *(int64_t *) to = n; break;
	default: return false;
	}
	return true;
}

static bool load_real(const struct json_in *v, double most, double *to)
{
	double n;

	if (!json_in_real(v, &n) || !isfinite(n) || fabs(n) > most)
		return false;
	*to = n;
	return true;
}

/* Texts. */

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 32) >= 'a' && (c | 32) <= 'f')
		return (c | 32) - 'a' + 10;
	return -1;
}

static bool hex_octets(const char *text, uint8_t *to, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int high = nibble(text[i * 2]), low = high < 0 ? -1 : nibble(text[i * 2 + 1]);

		if (low < 0)
			return false;
		to[i] = (uint8_t) (high << 4 | low);
	}
	return true;
}

bool field_load_octets(const struct json_in *v, uint8_t *ret, size_t n)
{
	const char *text = json_in_text(v);

	return text && strlen(text) == n * 2 && hex_octets(text, ret, n);
}

bool field_load_hex(const struct json_in *v, size_t most, struct octets *ret)
{
	const char *text = json_in_text(v);
	size_t n = text ? strlen(text) / 2 : 0;
	uint8_t *p;

	if (!text || strlen(text) % 2 || n > most)
		return false;
	p = n ? xalloc(n) : NULL;
	if (!hex_octets(text, p, n)) {
		free(p);
		return false;
	}
	free(ret->p);
	*ret = (struct octets){p, (uint32_t) n};
	return true;
}

/* The octets behind an escape of air text; 0: it is none. */
static size_t unescape(const char *t, uint8_t *ret)
{
	uint8_t pair[2];

	if (t[0] != '\\')
		return 0;
	if (t[1] == 'x' && hex_octets(t + 2, ret, 1))
		return 4;
	if (t[1] == 'u' && strlen(t) >= 6 && hex_octets(t + 2, pair, 2) && pair[0] == 0) {
		*ret = pair[1];
		return 6;
	}
	*ret = t[1] == 'n' ? '\n' : t[1] == 'r' ? '\r' : t[1] == 't' ? '\t' : (uint8_t) t[1];
	return t[1] && strchr("nrt\\\"", t[1]) ? 2 : 0;
}

/* A name whose text does not show its octets has them in another row. */
static void load_ssid(const char *text, struct ssid *to)
{
	*to = (struct ssid){0};
	while (*text && to->len < SSID_MAX) {
		uint8_t c = (uint8_t) *text;
		size_t n = unescape(text, &c);

		to->b[to->len++] = c;
		text += n ? n : 1;
	}
}

static bool load_string(const struct field *row, char **to, const char *text)
{
	size_t n = strlen(text);

	if (n > FIELD_LOAD_TEXT)
		return false;
	free(*to);
	*to = n || !(row->flags & FIELD_NULL_EMPTY) ? xstrndup(text, n) : NULL;
	return true;
}

static bool load_enum(const struct field *row, uint8_t *to, const char *text)
{
	for (uint8_t i = 0; row->texts[i]; i++)
		if (strcmp(row->texts[i], text) == 0) {
			*to = i;
			return true;
		}
	return false;
}

static bool load_text(const struct field *row, void *to, const struct json_in *v)
{
	const char *text = json_in_text(v);
	size_t n = text ? strlen(text) : 0;

	if (!text)
		return false;
	switch ((enum field_kind) row->kind) {
	case FIELD_STRING: return load_string(row, to, text);
	case FIELD_OCTETS: return field_load_hex(v, FIELD_LOAD_TEXT, to);
	case FIELD_MAC: return mac_parse(text, n, to) >= 0;
	case FIELD_UUID: return uuid_parse(text, n, to) >= 0;
	case FIELD_KEY: return key_parse(text, n, to) >= 0;
	case FIELD_SSID: load_ssid(text, to); return true;
	case FIELD_ENUM: return load_enum(row, to, text);
	default: return false;
	}
}

/* char m[N] */
static bool load_chars(const struct field *row, char *to, const struct json_in *v)
{
	const char *text = json_in_text(v);

	if (!text || strlen(text) >= row->size)
		return false;
	(void) strcpy(to, text);
	return true;
}

/* Lists. */

static bool load_array(const struct field *row, void *to, const struct json_in *v, struct field_load *l)
{
	for (size_t i = 0; i < row->count && i < json_in_count(v); i++)
		if (!load_row(row->elem, (char *) to + i * row->size, json_in_at(v, i), l))
			return false;
	return json_in_is_list(v);
}

static void free_element(const struct field *row, void *elem)
{
	struct field rows[2] = {*row->elem};
	struct field_row_meta owned[2] = {{.owns = true}, {.owns = true}};
	struct field_meta meta = {.rows = owned, .n_rows = 2, .owns = true};
	struct field_table t = {.rows = rows, .n_rows = 1, .size = row->size, .meta = &meta};

	if (row->key)
		rows[t.n_rows++] = *row->key;
	field_free(&t, elem);
}

static bool is_full(const struct field *row, const struct list *list)
{
	return row->most ? limit_full((enum limit)(row->most - 1), list->count) : list->count >= FIELD_LOAD_ITEMS;
}

static bool load_key(const struct field *row, void *elem, const char *key, struct field_load *l)
{
	struct json_in *v = json_in_of(key);
	bool good = v && load_row(row, elem, v, l);

	json_in_free(v);
	return good;
}

/* key: the member's name, NULL in a list. */
static void load_element(const struct field *row, void *obj, struct list *list, const char *key,
			 const struct json_in *v, struct field_load *l)
{
	void *elem;
	bool outer = l->drop;

	if (is_full(row, list)) {
		l->refused++;
		return;
	}
	elem = list_add(list, row->size, row->first ? (char *) obj + row->first - 1 : NULL);
	memset(elem, 0, row->size);
	l->drop = false;
	if (row->key)
		l->drop = !key || !load_key(row->key, elem, key, l);
	if (!l->drop && !load_row(row->elem, elem, v, l))
		l->drop = true;
	if (l->drop) {
		free_element(row, elem);
		list->count--;
		l->refused++;
	}
	l->drop = outer;
}

/* Gives back what doubling left over. */
static void fit(const struct field *row, void *obj, struct list *list)
{
	if (row->first && list->items == (char *) obj + row->first - 1)
		return;
	if (list->count == 0) {
		free(list->items);
		*list = (struct list){0};
	} else if (list->count < list->cap) {
		char *items = list->items;

		xgrow(items, list->count * row->size);
		list->items = items;
		list->cap = list->count;
	}
}

static bool load_list(const struct field *row, void *obj, struct list *to, const struct json_in *v,
		      struct field_load *l)
{
	const struct json_in *value;
	void *cursor = NULL;
	const char *key;

	if (json_in_is_object(v)) /* an empty list of Kismet's may be an object */
		while ((value = json_in_next(v, &cursor, &key)) != NULL)
			load_element(row, obj, to, key, value, l);
	else if (json_in_is_list(v))
		for (size_t i = 0; i < json_in_count(v); i++)
			load_element(row, obj, to, NULL, json_in_at(v, i), l);
	else
		return false;
	fit(row, obj, to);
	return true;
}

static bool load_pointer(const struct field *row, void **to, const struct json_in *v, struct field_load *l)
{
	if (!json_in_is_object(v))
		return false;
	if (!*to)
		*to = xalloc(row->table->size);
	field_load(row->table, *to, v, l);
	return true;
}

bool field_load_value(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	void *to = (char *) obj + row->offset;
	double real;

	switch ((enum field_kind) row->kind) {
	case FIELD_BOOL: *(bool *) to = json_in_truth(v); return true;
	case FIELD_U64: return load_u64(v, to);
	case FIELD_U8:
	case FIELD_U16:
	case FIELD_U32:
	case FIELD_I8:
	case FIELD_I16:
	case FIELD_I32:
	case FIELD_I64: return load_number(row->kind, v, to);
	case FIELD_FLOAT:
		if (!load_real(v, 3e38, &real))
			return false;
		*(float *) to = (float) real;
		return true;
	case FIELD_REAL: return load_real(v, 1e300, to);
	case FIELD_TEXT: return load_chars(row, to, v);
	case FIELD_STRING:
	case FIELD_OCTETS:
	case FIELD_MAC:
	case FIELD_UUID:
	case FIELD_KEY:
	case FIELD_SSID:
	case FIELD_ENUM: return load_text(row, to, v);
	case FIELD_OBJECT:
		if (!json_in_is_object(v))
			return false;
		field_load(row->table, to, v, l);
		return true;
	case FIELD_POINTER: return load_pointer(row, to, v, l);
	case FIELD_ARRAY: return load_array(row, to, v, l);
	case FIELD_LIST:
	case FIELD_MAP: return load_list(row, obj, to, v, l);
	case FIELD_BLOCK:
	case FIELD_GET_U64:
	case FIELD_GET_I64:
	case FIELD_GET_REAL:
	case FIELD_GET_TEXT:
	case FIELD_GET_OBJECT:
	case FIELD_GET_LIST: return true; /* follows from other rows */
	}
	return false;
}

static bool load_row(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	return row->set ? row->set(row, obj, v, l) : field_load_value(row, obj, v, l);
}

static bool reads_back(const struct field *row)
{
	if (row->flags & FIELD_VIEW)
		return false;
	if ((row->flags & FIELD_HIDDEN) && (row->flags & FIELD_STATE) != FIELD_STATE)
		return false;
	return row->set || (row->kind < FIELD_GET_U64 && row->kind != FIELD_BLOCK);
}

/* The struct that the row is of; made when it lies behind a pointer that is NULL. */
static void *struct_of(const struct field *row, const struct field_row_meta *m, void *obj)
{
	void **at;

	if (!row->through)
		return obj;
	at = (void **) (void *) ((char *) obj + row->through - 1);
	if (!*at && m->behind)
		*at = xalloc(m->behind->size);
	return *at;
}

void field_load(const struct field_table *table, void *obj, const struct json_in *from, struct field_load *l)
{
	const struct field_meta *m = field_meta(table);

	for (size_t i = 0; i < table->n_rows; i++) {
		const struct field *row = &table->rows[i];
		const struct json_in *v = reads_back(row) ? json_in_get(from, row->name) : NULL;
		void *of = v ? struct_of(row, &m->rows[i], obj) : NULL;

		if (of && !load_row(row, of, v, l))
			l->refused++;
	}
	if (table->loaded)
		table->loaded(obj, l);
}

bool field_load_sec(const struct json_in *v, uint64_t *us)
{
	int64_t n;

	if (!json_in_whole(v, &n) || n < 0 || n > UINT32_MAX)
		return false;
	*us = (uint64_t) n * 1000000 + *us % 1000000;
	return true;
}

bool field_load_usec(const struct json_in *v, uint64_t *us)
{
	int64_t n;

	if (!json_in_whole(v, &n) || n < 0 || n >= 1000000)
		return false;
	*us = *us / 1000000 * 1000000 + (uint64_t) n;
	return true;
}
