/* Settings: configuration files, the command line, --check and --dump-config. */
#pragma once
#include "app/state.h"

/* Reads the configuration files and the command line into app->options: the number of errors, each
 * logged. */
unsigned settings_read(struct app *a);
/* Prints every option as a file that starts the same server; on a terminal, without secrets. */
void settings_dump(const struct app *a);
/* What --check says: 0 when the server would start as it is meant to. */
int settings_check(struct app *a, unsigned errors);
