/* Values that rooms would only stumble over later: looked at when the options are read. */
#pragma once
#include "app/state.h"

/* Checks the values that rooms take later: the number of errors, each logged; what is wrong in Kismet's files makes
 * way for the default. */
unsigned values_check(struct options *o);
