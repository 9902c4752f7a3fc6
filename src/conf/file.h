/* Configuration as `name=value` lines (line.h), with files that include others. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#define CONF_LINE_MAX 8192
#define CONF_VALUES_MAX 16384
#define CONF_DEPTH_MAX 8 /* files that include files */
#define CONF_FAULT_SIZE 512

struct conf_value {
	char *name, *value;
	char *file; /* that it is from, NULL on the command line */
	unsigned line;
	bool append;   /* name+=value */
	bool quoted;   /* what looks like a comment in it is none */
	bool reported; /* that it is wrong */
};
struct conf {
	struct conf_value *values; /* in the order in which they take effect */
	size_t n;
	unsigned errors, warnings;   /* faults that were logged, by conf_fault() */
	char first[CONF_FAULT_SIZE]; /* the first of them */
};

/* What %E, %h, %B and %S in paths stand for. */
struct conf_paths {
	const char *conf, *home, *bin, *data;
};

/* Reads a file and what it includes, to the end: a name without '=' is a directive with the empty value; `include=`
 * needs its file, `opt_include=` does not, and both take a pattern of names (glob(7)), whose files are read in their
 * order; `opt_override=` files are read last and replace what was said before (of lists too, unless written
 * `name+=value`). A relative path is looked for beside the file that names it, then in the current folder. Every fault
 * is logged (conf_fault()). conf_finish() afterwards. */
void conf_read(const char *path, const struct conf_paths *paths, struct conf *c);
/* Reads one more file whose values replace those before. */
void conf_override(const char *path, const struct conf_paths *paths, struct conf *c);
void conf_add(struct conf *c, const char *name, const char *value, const char *file, unsigned line);
/* Takes the values of that name away. */
void conf_remove(struct conf *c, const char *name);
void conf_finish(struct conf *c);
/* The path with its %X replaced; the caller frees. */
char *conf_expand(const char *path, const struct conf_paths *paths);

/* Whether faults of that file are warnings: its name begins with "kismet", and Kismet starts with such files. */
bool conf_is_lenient(const char *file);
/* Logs a fault with its file and line, and counts it among the errors or the warnings; file NULL: the command line,
 * line 0: the file as a whole. True when it is an error. */
__attribute__((format(printf, 4, 5))) bool conf_fault(struct conf *c, const char *file, unsigned line,
						      const char *format, ...);
