/* Alerts at the start: rules and rates of the options, and what the server reports about itself. */
#pragma once
#include "app/state.h"

/* Makes the alerts and their rules; the number of settings that could not be read. */
unsigned detection_start(struct app *a);
/* The number of settings of alerts that cannot be read; nothing stays. */
unsigned detection_check(struct app *a);
/* What the server reports about itself when it starts. */
void detection_raise_at_start(struct app *a);
