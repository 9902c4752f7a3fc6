/* The commands of norn-log and their options: the tables that the command line, --help and the
 * manual page follow. */
#pragma once
#include "log.h"

enum {
	TAKES_OUT = 1,
	TAKES_FILTER = 2,
	TAKES_SPLIT = 4,
	TAKES_RATE = 8,
	TAKES_EXCLUDE = 16,
	TAKES_JSON = 32,
	TAKES_SPAN = 64, /* a span of time, and a device */
};

struct log_command {
	const char *name;
	int (*run)(const struct log_options *o);
	bool several; /* logs at once */
	unsigned takes;
	const char *doc, *example; /* the example without the program's name */
};

struct log_option {
	const char *name;
	unsigned of;       /* commands that take one of these; 0: every command */
	const char *value; /* NULL: none */
	/* Reads the value; false when it cannot be. */
	bool (*read)(struct log_options *o, char *value);
	const char *doc;
};

/* NULL when there is none of that name. */
const struct log_command *log_command_find(const char *name);
const struct log_option *log_option_find(const char *name);
/* What --help prints: of one command, or of all (NULL). */
void log_help(struct buf *out, const struct log_command *c);
/* The manual page, as reStructuredText. */
void log_manual(struct buf *out);
