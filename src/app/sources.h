/* Sources. */
#pragma once
#include "app/state.h"

/* The room, without a source; 0. */
int sources_create(struct app *a);
void sources_destroy(struct app *a);
/* The server is ready: listens for sensors and opens the sources of the options. 0. */
int sources_open(struct app *a);
/* Sources that live are let go of before readers are, which wait for them; begins the stop. */
void sources_dismiss(struct app *a);
/* No packet comes any more. */
void sources_stop(struct app *a);
