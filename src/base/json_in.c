#include "base/json_in.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const json_t *in(const struct json_in *v)
{
	return (const json_t *) (const void *) v;
}
static const struct json_in *out(const json_t *v)
{
	return (const struct json_in *) (const void *) v;
}

struct json_in *json_in_read(const char *text, size_t n, char ret_error[JSON_IN_ERROR_SIZE])
{
	json_error_t error;
	json_t *v = json_loadb(text, n, JSON_DECODE_ANY, &error);

	if (!v)
		(void) snprintf(ret_error, JSON_IN_ERROR_SIZE, "invalid JSON at octet %d: %.110s",
				error.position, error.text);
	return (struct json_in *) (void *) v;
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
	return out(json_object_get(in(v), name));
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
	if (!json_in_real(v, &real) || fabs(real) > 9e15)
		return false;
	*ret = (int64_t) real;
	return true;
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
