/* dot11_beacon_ie_fingerprint= and dot11_probe_ie_fingerprint=: which elements fingerprints are of. */
#pragma once
#include "app/state.h"

/* Which elements fingerprints are of; how many lists are none, each logged. */
unsigned print_lists_read(struct app *a);
