/* What is wrong with an expression, and where. */
#pragma once
#include <stddef.h>

#define QUERY_ERROR_SIZE 384

struct query_error {
	size_t at, n;                /* octets of the text that it is about */
	char text[QUERY_ERROR_SIZE]; /* a sentence: where, what is wrong, and what is allowed there */
};

/* Writes "At octet 7 ('sginal'): ..." of n octets of `text` from `at`; n 0: what stands there is its end. Returns
 * ERR_MALFORMED. */
__attribute__((format(printf, 5, 6))) int query_fail(struct query_error *ret_error, const char *text, size_t at,
						     size_t n, const char *format, ...);
