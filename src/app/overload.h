/* Reports when the machine is too slow for its traffic: packets that wait, and packets that are lost. */
#pragma once
#include "app/state.h"

/* Raises alerts when packets wait or are lost; once a second. */
void overload_watch(struct app *a, uint32_t now);
