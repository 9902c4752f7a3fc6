/* application/x-www-form-urlencoded: the pairs of a form (WHATWG URL standard, section 5.1). Pure. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* A form on its way: text and n as the caller sets them, the rest begins as 0. text[n] must be writable. */
struct form {
	char *text;
	size_t n, at;
	bool torn; /* JSON began that does not close: its end is not searched again */
};
/* One pair. Both texts lie in the form's own octets and end with NUL; a value may hold a NUL of its own, n counts it.
 */
struct form_pair {
	char *name, *value;
	size_t n;
};

/* The next pair, decoded where it stands; false at the end. A pair splits at its first '='; without one the value is
 * empty; a broken "%" stays as it is; line breaks around a pair are an editor's and no part of it.
 *
 * Clients that send JSON without encoding it are understood, as no encoder leaves a bracket and a quotation mark: such
 * a value goes to its closing bracket, with every '&' and '+' within. */
bool form_next(struct form *f, struct form_pair *ret_pair);
