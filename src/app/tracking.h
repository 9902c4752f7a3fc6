/* The model of devices. */
#pragma once
#include "app/state.h"

/* Makes the model and what outlives a run beside logs; 0. */
int tracking_start(struct app *a);
void tracking_stop(struct app *a);
