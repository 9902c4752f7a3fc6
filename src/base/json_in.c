#include "base/json_in.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONG_DIGITS 19 /* of 2^63 */

static const json_t *in(const struct json_in *v)
{
	return (const json_t *) (const void *) v;
}
static const struct json_in *out(const json_t *v)
{
	return (const struct json_in *) (const void *) v;
}

/* The length of a whole number of more digits than the library takes; 0: there is none here. */
static size_t long_number(const char *p, size_t n)
{
	size_t digits = 0;

	while (digits < n && p[digits] >= '0' && p[digits] <= '9')
		digits++;
	return digits >= LONG_DIGITS && (digits == n || !strchr(".eE", p[digits])) ? digits : 0;
}

/* The document with such numbers as texts; the caller frees. */
static char *quote_long_numbers(const char *text, size_t n, size_t *ret_n)
{
	struct buf b = {0};
	bool in_text = false;

	for (size_t i = 0; i < n; i++) {
		size_t digits = in_text ? 0 : long_number(text + i, n - i);

		if (digits) {
			buf_char(&b, '"');
			buf_add(&b, text + i, digits);
			buf_char(&b, '"');
			i += digits - 1;
			continue;
		}
		if (in_text && text[i] == '\\' && i + 1 < n)
			buf_char(&b, text[i++]);
		else if (text[i] == '"')
			in_text = !in_text;
		buf_char(&b, text[i]);
	}
	*ret_n = b.len;
	return b.p;
}

struct json_in *json_in_read(const char *text, size_t n, char ret_error[JSON_IN_ERROR_SIZE])
{
	json_error_t error;
	json_t *v = json_loadb(text, n, JSON_DECODE_ANY, &error);

	if (!v && json_error_code(&error) == json_error_numeric_overflow) {
		size_t quoted_n;
		char *quoted = quote_long_numbers(text, n, &quoted_n);

		v = json_loadb(quoted ? quoted : "", quoted_n, JSON_DECODE_ANY, &error);
		free(quoted);
	}
	if (!v)
		(void) snprintf(ret_error, JSON_IN_ERROR_SIZE, "invalid JSON at octet %d: %.110s", error.position,
				error.text);
	return (struct json_in *) (void *) v;
}

/* The offset behind the text that begins at i, or n. */
static size_t end_of_text(const char *text, size_t n, size_t i)
{
	for (i++; i < n && text[i] != '"'; i++)
		if (text[i] == '\\')
			i++;
	return i < n ? i + 1 : n;
}

/* The offset behind the value that begins at i: of a comma or a bracket that it did not open, or n. */
static size_t end_of_value(const char *text, size_t n, size_t i)
{
	size_t depth = 0;

	while (i < n) {
		char c = text[i];

		if (depth == 0 && (c == ',' || c == '}' || c == ']'))
			break;
		depth += c == '{' || c == '[';
		depth -= c == '}' || c == ']';
		i = c == '"' ? end_of_text(text, n, i) : i + 1;
	}
	return i;
}

void json_in_skim(const char *text, size_t n, bool (*skip)(const char *name, size_t n), struct buf *out)
{
	size_t done = 0, i = 0;

	while (i < n) {
		const char *next = memchr(text + i, '"', n - i);
		size_t from = next ? (size_t) (next - text) : n, end;

		if (!next)
			break;
		end = end_of_text(text, n, from);
		i = end;
		if (end == n || text[end] != ':' || !skip(text + from + 1, end - from - 2))
			continue;
		buf_add(out, text + done, end + 1 - done);
		buf_char(out, '0');
		done = i = end_of_value(text, n, end + 1);
	}
	buf_add(out, text + done, n - done);
}

void json_in_free(struct json_in *document)
{
	json_decref((json_t *) (void *) document);
}

struct json_in *json_in_of(const char *text)
{
	return (struct json_in *) (void *) json_string(text);
}

bool json_in_is_object(const struct json_in *v)
{
	return json_is_object(in(v));
}

bool json_in_is_list(const struct json_in *v)
{
	return json_is_array(in(v));
}

const struct json_in *json_in_get(const struct json_in *v, const char *name)
{
	json_t *member = json_object_get(in(v), name);

	return json_is_null(member) ? NULL : out(member);
}

const struct json_in *json_in_next(const struct json_in *v, void **cursor, const char **ret_name)
{
	json_t *object = (json_t *) (uintptr_t) (const void *) v;

	*cursor = *cursor ? json_object_iter_next(object, *cursor) : json_object_iter(object);
	if (!*cursor)
		return NULL;
	*ret_name = json_object_iter_key(*cursor);
	return out(json_object_iter_value(*cursor));
}

size_t json_in_count(const struct json_in *v)
{
	return json_is_array(in(v)) ? json_array_size(in(v)) : json_object_size(in(v));
}

const struct json_in *json_in_at(const struct json_in *v, size_t i)
{
	return out(json_array_get(in(v), i));
}

const char *json_in_text(const struct json_in *v)
{
	return json_string_value(in(v));
}

bool json_in_real(const struct json_in *v, double *ret)
{
	const char *text = json_string_value(in(v));
	char *end;

	if (json_is_number(in(v))) {
		*ret = json_number_value(in(v));
		return true;
	}
	if (!text || !*text)
		return false;
	*ret = strtod(text, &end);
	return *end == '\0' && isfinite(*ret);
}

bool json_in_whole(const struct json_in *v, int64_t *ret)
{
	const char *text = json_string_value(in(v));
	char *end;
	double real;

	if (json_is_integer(in(v))) {
		*ret = json_integer_value(in(v));
		return true;
	}
	if (text && *text) {
		errno = 0;
		*ret = strtoll(text, &end, 10);
		if (*end == '\0' && errno == 0)
			return true;
	}
	if (!json_in_real(v, &real) || fabs(real) > 9e15 || real != floor(real))
		return false;
	*ret = (int64_t) real;
	return true;
}

bool json_in_number_text(const struct json_in *v, char ret_text[JSON_IN_NUMBER_SIZE])
{
	if (json_is_integer(in(v)))
		(void) snprintf(ret_text, JSON_IN_NUMBER_SIZE, "%lld", (long long) json_integer_value(in(v)));
	else if (json_is_real(in(v)))
		(void) snprintf(ret_text, JSON_IN_NUMBER_SIZE, "%.15g", json_real_value(in(v)));
	return json_is_number(in(v));
}

bool json_in_is_truth(const struct json_in *v)
{
	return json_is_boolean(in(v));
}

bool json_in_truth(const struct json_in *v)
{
	const char *text = json_string_value(in(v));
	int64_t n;

	if (json_is_true(in(v)))
		return true;
	if (text && strcmp(text, "true") == 0)
		return true;
	return json_in_whole(v, &n) && n != 0;
}

bool json_in_may_be_truth(const struct json_in *v)
{
	const char *text = json_string_value(in(v));
	double number;

	return json_is_boolean(in(v)) || json_in_real(v, &number) ||
	       (text && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0));
}

char *json_in_dump(const struct json_in *v)
{
	return json_dumps(in(v), JSON_COMPACT | JSON_ENCODE_ANY);
}
