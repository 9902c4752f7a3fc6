/* uav_match=: makers' rules of the configuration; without any, those of norn_uav.conf (settings.c). */
#pragma once
#include "app/state.h"

/* The same of makers' rules for drones. */
unsigned uav_rules_read(struct app *a);
void uav_rules_free(struct app *a);
