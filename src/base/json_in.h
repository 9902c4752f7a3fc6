/* Reading JSON that came from outside: commands, session files, helpers' reports. The values belong
 * to the document and live as long as it. Any thread, one at a time a document. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define JSON_IN_ERROR_SIZE 160

struct json_in; /* a value, and also the document */

/* Parses n bytes; NULL with a sentence in ret_error. Whole numbers beyond 64 bits with a sign become texts. Depth and
 * duplicate keys are bounded by the library; the caller bounds the size. */
struct json_in *json_in_read(const char *text, size_t n, char ret_error[JSON_IN_ERROR_SIZE]);
void json_in_free(struct json_in *document);
/* Appends the document with 0 for the values of members that skip() names, for members that are unused. Takes
 * any text, and what is no document stays none. */
void json_in_skim(const char *text, size_t n, bool (*skip)(const char *name, size_t n), struct buf *out);
/* A document that is one text; NULL when it is not UTF-8. */
struct json_in *json_in_of(const char *text);

bool json_in_is_object(const struct json_in *v);
bool json_in_is_list(const struct json_in *v);
/* The member of that name, case sensitive; NULL when there is none, when it is JSON's null, as clients send what they
 * leave out, or when v is no object or NULL. */
const struct json_in *json_in_get(const struct json_in *v, const char *name);
/* The next member of an object: *cursor starts as NULL; the value, or NULL at the end. */
const struct json_in *json_in_next(const struct json_in *v, void **cursor, const char **ret_name);
/* How many elements or members. */
size_t json_in_count(const struct json_in *v);
const struct json_in *json_in_at(const struct json_in *v, size_t i);

/* The value as JSON text again, which the caller frees. */
char *json_in_dump(const struct json_in *v);

/* The text of a string, NULL for anything else. */
const char *json_in_text(const struct json_in *v);
/* A number, or a text that is one: JavaScript clients send both. */
bool json_in_real(const struct json_in *v, double *ret);
bool json_in_whole(const struct json_in *v, int64_t *ret); /* 1.0 is one, 1.5 none */
/* The text of a number; false for anything else, "6" too. */
#define JSON_IN_NUMBER_SIZE 32
bool json_in_number_text(const struct json_in *v, char ret_text[JSON_IN_NUMBER_SIZE]);
bool json_in_is_truth(const struct json_in *v); /* true or false, as JSON has them */
/* true, 1 and "true" are true. */
bool json_in_truth(const struct json_in *v);
/* Whether it is true, false, a number, or a text of one of these. */
bool json_in_may_be_truth(const struct json_in *v);
