/* Logs. */
#pragma once
#include "app/state.h"

/* Makes the room; no log is open yet. 0. */
int logging_start(struct app *a);
/* Opens the logs that the options ask for. */
void logging_open(struct app *a);
/* Closes all; ends the process when there is no time for more. */
void logging_stop(struct app *a);

/* The catalogue of the logs that lie in the folders. */
int logging_start_archive(struct app *a);
void logging_stop_archive(struct app *a);
