/* The command line, with Kismet's names and meanings. */
#pragma once
#include <stdbool.h>

#include "conf/file.h"

struct arguments {
	const char *file;     /* -f, or NULL: the standard one if it exists */
	const char *override; /* -o NAME: <confdir>/kismet_NAME.conf */
	char *home, *conf, *data, *bin;
	struct conf values; /* what options say, as if it stood in the file */
	bool doctor;        /* the command `doctor` */
	bool has_conf;      /* --confdir= was given */
	bool silent, check, dump, daemonize, debug;
	bool set_password;
	const char *user; /* whose; NULL: who it is now */
};

/* 0 to go on, 1 when all is said (--help, --version), negative for bad arguments, with a reason on
 * stderr. arguments_finish() in any case. */
int arguments_read(int argc, char **argv, struct arguments *ret_arguments);
void arguments_finish(struct arguments *a);
