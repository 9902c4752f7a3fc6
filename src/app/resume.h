/* Warm restart: resume= at the start. A file that was named and cannot be read ends the start, for the user who named
 * it wants what it holds; resume=auto begins anew when there is nothing to go on with. */
#pragma once
#include "app/state.h"

/* Brings back what resume= names; before the logs are opened. Negative, and logged, when the server may not
 * start without. */
int app_resume(struct app *a);
