/* Configuration as `name=value` lines. */
#pragma once
#include <stddef.h>

#define CONF_LINE_MAX 4096
#define CONF_VALUES_MAX 4096

struct conf_value {
	char *name, *value;
	unsigned line;
};
struct conf {
	struct conf_value *values; /* in the order of the file */
	size_t n;
};

/* Reads a file; comments start with '#', values may be quoted. Logs what is wrong and returns
 * negative. conf_finish() in either case. */
int conf_read(const char *path, struct conf *ret_conf);
void conf_add(struct conf *c, const char *name, const char *value, unsigned line);
/* The last value of that name, or NULL. */
const char *conf_get(const struct conf *c, const char *name);
void conf_finish(struct conf *c);
