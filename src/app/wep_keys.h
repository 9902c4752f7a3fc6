/* wepkey=BSSID[/MASK],KEY: keys of networks whose data is read. */
#pragma once
#include "app/state.h"

/* Reads the WEP keys of the options; the number of those that cannot be read. */
unsigned wep_keys_read(struct app *a);
