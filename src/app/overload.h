/* Tells when the machine is too slow for what it sees: packets that wait, and packets that are lost. */
#pragma once
#include "app/state.h"

/* Tells when packets wait or are lost; once a second. */
void overload_watch(struct app *a, uint32_t now);
