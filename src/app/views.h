/* view=: views of the user's own. */
#pragma once
#include "app/state.h"

/* view=: the views that the user defines. How many lines are wrong; each is logged. */
unsigned views_read(struct app *a);
