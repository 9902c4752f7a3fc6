/* The state folder: what outlives a run. */
#pragma once
#include "app/state.h"

/* The path of a file of the state folder; the caller frees it. */
char *home_path(const struct app *a, const char *name);
/* The server's uuid: of the options, or the one that was made at the first start. */
struct uuid home_server_uuid(const struct app *a);
