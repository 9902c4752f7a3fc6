/* One line of the configuration, taken apart in place: `name=value`, `name+=value`, or a name alone. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct conf_line {
	const char *name;
	char *value; /* "" where there is no '=': a directive without value */
	bool append; /* it was name+=value */
	bool quoted; /* quotes around it were removed */
};

/* Takes n octets with a NUL behind them, and writes into them. 1 and *ret_line, which points into them; 0 for an
 * empty line or a comment; ERR_MALFORMED for '=' without a name; ERR_UNSUPPORTED where a control character shows
 * that this is no text. Quotes around the whole value go, and so does a comment behind them; a value
 * that has quotes itself is put between two of them at either end. */
int conf_line_take(char *line, size_t n, struct conf_line *ret_line);
/* The value without the comment behind it, ` # ...`, in place: for values that cannot hold one. */
void conf_line_bare(char *value);
