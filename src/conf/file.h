/* Configuration as `name=value` lines, with files that include others. */
#pragma once
#include <stddef.h>

#define CONF_LINE_MAX 8192
#define CONF_VALUES_MAX 16384
#define CONF_DEPTH_MAX 8 /* files that include files */

struct conf_value {
	char *name, *value;
	char *file; /* where it stands, NULL on the command line */
	unsigned line;
};
struct conf {
	struct conf_value *values; /* in the order in which they take effect */
	size_t n;
};

/* What %E, %h, %B and %S in paths stand for. */
struct conf_paths {
	const char *conf, *home, *bin, *data;
};

/* Reads a file and what it includes: comments start with '#', values may be quoted, `include=` needs
 * its file, `opt_include=` does not, `opt_override=` files are read last and replace what was said
 * before (of lists too, unless written `name+=value`). Logs what is wrong, all of it, and returns
 * negative. conf_finish() in either case. */
int conf_read(const char *path, const struct conf_paths *paths, struct conf *ret_conf);
/* Reads one more file whose values replace those before. */
int conf_override(const char *path, const struct conf_paths *paths, struct conf *c);
void conf_add(struct conf *c, const char *name, const char *value, const char *file, unsigned line);
void conf_finish(struct conf *c);
/* The path with its %X replaced; the caller frees. */
char *conf_expand(const char *path, const struct conf_paths *paths);
