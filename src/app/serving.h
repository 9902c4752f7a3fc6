/* HTTP. */
#pragma once
#include "app/state.h"

/* Serves, and opens the logs; 0 or negative. */
int serving_start(struct app *a);
void serving_stop(struct app *a);
/* The web interface's folder: httpd_home, what is installed, or what was built beside this program. The caller frees
 * it. */
char *serving_web_folder(const struct app *a);
