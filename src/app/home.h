/* The state folder: what outlives a run. */
#pragma once
#include "app/state.h"

/* The path of a file of the state folder; the caller frees it. */
char *home_path(const struct app *a, const char *name);
/* The server's uuid: of the options, or the one that was made at the first start. */
struct uuid home_server_uuid(const struct app *a);
/* Makes the folder when it can, and says when nothing can be kept; 0. */
int home_open(struct app *a);
void home_close(struct app *a);
/* Keeps names and tags; 0 or negative. ctx is the app; any thread, may wait. */
int home_save_annotations(void *ctx);
