/* The rooms of the program. */
#pragma once
#include "app/state.h"

/* Starts them in the order of their table; 0, or negative when one did not start. */
int rooms_start(struct app *a);
/* Stops them in the other order, also those that have not started. */
void rooms_stop(struct app *a);
