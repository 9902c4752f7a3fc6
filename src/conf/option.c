#include "conf/option.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/json_out.h"
#include "base/mem.h"

static void *member(const struct option_row *o, void *object)
{
	return (char *) object + o->offset;
}

static const void *const_member(const struct option_row *o, const void *object)
{
	return (const char *) object + o->offset;
}

static int read_bool(const char *s, bool *ret_value)
{
	static const char *const words[2][5] = {{"false", "no", "off", "0", "f"}, {"true", "yes", "on", "1", "t"}};

	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < ARRAY_SIZE(words[i]); k++)
			if (strcasecmp(s, words[i][k]) == 0) {
				*ret_value = i == 1;
				return 0;
			}
	return ERR_MALFORMED;
}

/* Signed decimal digits, nothing else; the sign goes to *ret_negative. */
static int read_whole(const char *s, uint64_t *ret_value, bool *ret_negative)
{
	bool negative = *s == '-';
	char *end;

	s += negative;
	if (*s == '\0' || strspn(s, "0123456789") != strlen(s))
		return ERR_MALFORMED;
	errno = 0;
	*ret_value = strtoull(s, &end, 10);
	*ret_negative = negative && *ret_value != 0;
	return errno ? ERR_LIMIT : 0;
}

static int read_real(const char *s, double *ret_value)
{
	char *end;

	if (*s == '\0' || strspn(s, "0123456789.+-eE") != strlen(s))
		return ERR_MALFORMED;
	errno = 0;
	*ret_value = strtod(s, &end);
	if (*end != '\0')
		return ERR_MALFORMED;
	return errno ? ERR_LIMIT : 0;
}

static bool in_range(const struct option_row *o, double v)
{
	return !o->ranged || (v >= o->min && v <= o->max);
}

static int set_whole(const struct option_row *o, void *p, const char *value)
{
	bool negative;
	uint64_t v;
	int r = read_whole(value, &v, &negative);

	if (r < 0)
		return r;
	if (!in_range(o, negative ? -(double) v : (double) v))
		return ERR_LIMIT;
	if (o->kind == OPTION_I32) {
		if (v > (negative ? (uint64_t) INT32_MAX + 1 : INT32_MAX))
			return ERR_LIMIT;
		*(int32_t *) p = (int32_t) (negative ? -(int64_t) v : (int64_t) v);
		return 0;
	}
	if (negative || (o->kind == OPTION_U32 && v > UINT32_MAX))
		return ERR_LIMIT;
	if (o->kind == OPTION_U32)
		*(uint32_t *) p = (uint32_t) v;
	else
		*(uint64_t *) p = v;
	return 0;
}

static int set_real(const struct option_row *o, double *p, const char *value)
{
	double v;
	int r = read_real(value, &v);

	if (r < 0)
		return r;
	if (!in_range(o, v))
		return ERR_LIMIT;
	*p = v;
	return 0;
}

static int set_enum(const struct option_row *o, uint8_t *p, const char *value)
{
	for (uint8_t i = 0; o->texts[i]; i++)
		if (strcasecmp(o->texts[i], value) == 0) {
			*p = i;
			return 0;
		}
	return ERR_MALFORMED;
}

static int list_add(struct string_list *l, const char *s, size_t n)
{
	while (n && (*s == ' ' || *s == '\t')) {
		s++;
		n--;
	}
	while (n && (s[n - 1] == ' ' || s[n - 1] == '\t'))
		n--;
	if (n == 0)
		return 0;
	if (l->n == OPTION_LIST_MAX)
		return ERR_LIMIT;
	if ((l->n & (l->n - 1)) == 0) /* full at each power of two */
		xgrow(l->items, l->n ? l->n * 2 : 1);
	l->items[l->n++] = xstrndup(s, n);
	return 0;
}

static int set_list(const struct option_row *o, struct string_list *l, const char *value)
{
	int r = 0;

	if (!(o->flags & OPTION_COMMAS))
		return list_add(l, value, strlen(value));
	while (r >= 0 && *value) {
		size_t n = strcspn(value, ",");

		r = list_add(l, value, n);
		value += n + (value[n] == ',');
	}
	return r;
}

int option_set(const struct option_row *o, void *object, const char *value)
{
	void *p = member(o, object);

	switch ((enum option_kind) o->kind) {
	case OPTION_BOOL: return read_bool(value, p);
	case OPTION_U32:
	case OPTION_I32:
	case OPTION_U64: return set_whole(o, p, value);
	case OPTION_REAL: return set_real(o, p, value);
	case OPTION_TEXT:
		free(*(char **) p);
		*(char **) p = *value ? xstrdup(value) : NULL;
		return 0;
	case OPTION_LIST: return set_list(o, p, value);
	case OPTION_ENUM: return set_enum(o, p, value);
	}
	return ERR_UNSUPPORTED;
}

static void clear_list(struct string_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->items[i]);
	free(l->items);
	*l = (struct string_list){0};
}

void option_clear(const struct option_row *o, void *object)
{
	void *p = member(o, object);

	switch ((enum option_kind) o->kind) {
	case OPTION_BOOL: *(bool *) p = false; break;
	case OPTION_U32:
	case OPTION_I32: *(uint32_t *) p = 0; break;
	case OPTION_U64: *(uint64_t *) p = 0; break;
	case OPTION_REAL: *(double *) p = 0; break;
	case OPTION_TEXT:
		free(*(char **) p);
		*(char **) p = NULL;
		break;
	case OPTION_LIST: clear_list(p); break;
	case OPTION_ENUM: *(uint8_t *) p = 0; break;
	}
}

char *option_fallback(const struct option_row *o)
{
	size_t n = strlen(o->fallback);

	if (n >= 2 && o->fallback[0] == '"')
		return xstrndup(o->fallback + 1, n - 2);
	return xstrndup(o->fallback, n);
}

size_t option_count(const struct option_row *o, const void *object)
{
	if (o->kind != OPTION_LIST)
		return 1;
	return ((const struct string_list *) const_member(o, object))->n;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

static bool has_comment(const char *s)
{
	for (const char *at = strchr(s, '#'); at; at = strchr(at + 1, '#'))
		if (at == s || is_space(at[-1]))
			return true;
	return false;
}

/* Quotes where the reader would otherwise take something away (line.h): space, quotes, or what looks like a comment. */
static void print_text(const struct option_row *o, const char *s, struct buf *out)
{
	size_t n = s ? strlen(s) : 0;
	bool quote = n && (is_space(s[0]) || is_space(s[n - 1]) || s[0] == '"' ||
			   (option_has_comments(o) && has_comment(s)));
	const char *marks = !quote ? "" : strchr(s, '"') ? "\"\"" : "\"";

	buf_str(out, marks);
	buf_add(out, s, n);
	buf_str(out, marks);
}

static const char *text_at(const struct option_row *o, const void *p, size_t i)
{
	if (o->kind == OPTION_LIST)
		return ((const struct string_list *) p)->items[i];
	return *(char *const *) p;
}

void option_print(const struct option_row *o, const void *object, size_t i, struct buf *out)
{
	if ((o->flags & OPTION_SECRET) && text_at(o, const_member(o, object), i))
		buf_str(out, "***");
	else
		option_write(o, object, i, out);
}

void option_write(const struct option_row *o, const void *object, size_t i, struct buf *out)
{
	const void *p = const_member(o, object);

	switch ((enum option_kind) o->kind) {
	case OPTION_BOOL: buf_str(out, *(const bool *) p ? "true" : "false"); break;
	case OPTION_U32: json_u64(out, *(const uint32_t *) p); break;
	case OPTION_I32: json_i64(out, *(const int32_t *) p); break;
	case OPTION_U64: json_u64(out, *(const uint64_t *) p); break;
	case OPTION_REAL: json_real(out, *(const double *) p); break;
	case OPTION_TEXT:
	case OPTION_LIST: print_text(o, text_at(o, p, i), out); break;
	case OPTION_ENUM: buf_str(out, o->texts[*(const uint8_t *) p]); break;
	}
}

static void allowed_number(const struct option_row *o, const char *what, struct buf *out)
{
	buf_str(out, what);
	if (!o->ranged)
		return;
	buf_str(out, " from ");
	json_real(out, o->min);
	buf_str(out, " to ");
	json_real(out, o->max);
}

void option_allowed(const struct option_row *o, struct buf *out)
{
	switch ((enum option_kind) o->kind) {
	case OPTION_BOOL: buf_str(out, "true or false"); break;
	case OPTION_U32:
	case OPTION_U64: allowed_number(o, o->ranged ? "a whole number" : "a whole number, 0 or more", out); break;
	case OPTION_I32: allowed_number(o, "a whole number", out); break;
	case OPTION_REAL: allowed_number(o, "a number", out); break;
	case OPTION_TEXT: buf_str(out, "any text"); break;
	case OPTION_LIST: buf_printf(out, "at most %d values", OPTION_LIST_MAX); break;
	case OPTION_ENUM:
		buf_str(out, "one of ");
		for (size_t i = 0; o->texts[i]; i++)
			buf_printf(out, "%s%s", i ? ", " : "", o->texts[i]);
		break;
	}
}

bool option_has_comments(const struct option_row *o)
{
	bool is_text = o->kind == OPTION_TEXT || o->kind == OPTION_LIST;

	return !(o->flags & OPTION_SECRET) && (!is_text || (o->flags & (OPTION_PATH | OPTION_COMMAS | OPTION_WORD)));
}

void option_table_default(const struct option_table *t, void *object)
{
	for (size_t i = 0; i < t->n; i++) {
		cleanup_free char *value = option_fallback(&t->rows[i]);

		option_clear(&t->rows[i], object);
		if (option_set(&t->rows[i], object, value) < 0)
			abort(); /* a default that its own row does not allow: the tests would have shown it */
	}
}

void option_table_clear(const struct option_table *t, void *object)
{
	for (size_t i = 0; i < t->n; i++)
		option_clear(&t->rows[i], object);
}

bool option_table_continues(const struct option_table *t, const struct option_table *before)
{
	return before && strcmp(t->name, before->name) == 0;
}

const struct option_row *option_find(const struct option_table *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcasecmp(t->rows[i].name, name) == 0)
			return &t->rows[i];
	return NULL;
}

bool string_list_has(const struct string_list *l, const char *text)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcasecmp(l->items[i], text) == 0)
			return true;
	return false;
}
