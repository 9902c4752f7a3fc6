/* A definition of a source or a GPS, `what:option=value,option="a,b"`, as a value. What holds ':' or ',' stands in
 * double quotes, also a file's name: "/data/12:30.pcap":name=x; within them \" is a quote and \\ a backslash. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#define DEFINITION_SIZE_MAX 4096
#define DEFINITION_OPTIONS_MAX 64
#define DEFINITION_ERROR_SIZE 256

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
/* The same, and on an error a sentence that goes on after "the definition": which part cannot be read, and how it is
 * written. */
int definition_read(const char *text, struct definition *ret_def, char ret_error[DEFINITION_ERROR_SIZE]);
/* Writes a text as it stands in a definition, in quotes when it needs them. How many octets it takes, as snprintf(). */
int definition_quote(const char *text, char *ret, size_t size);
/* The option's value, or NULL; name in lower case. */
const char *definition_get(const struct definition *def, const char *name);
/* True for true, yes, on and 1; `standard` when the option is not there. */
bool definition_yes(const struct definition *def, const char *name, bool standard);
