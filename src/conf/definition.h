/* A definition of a source or a GPS, `what:option=value,option="a,b"`, as a value. */
#pragma once
#include <stddef.h>

#define DEFINITION_SIZE_MAX 4096
#define DEFINITION_OPTIONS_MAX 64

struct definition_option {
	const char *name; /* lower case */
	const char *value;
};
struct definition {
	char text[DEFINITION_SIZE_MAX]; /* what the pointers point into */
	const char *interface;
	unsigned n_options;
	struct definition_option options[DEFINITION_OPTIONS_MAX]; /* sorted by name */
};

/* Fills ret_def, which must not be moved afterwards. ERR_LIMIT when it is too long or has too many
 * options; ERR_MALFORMED without an interface, for an option without name or '=', or an open quote. */
int definition_parse(const char *text, struct definition *ret_def);
/* The option's value, or NULL; name in lower case. */
const char *definition_get(const struct definition *def, const char *name);
