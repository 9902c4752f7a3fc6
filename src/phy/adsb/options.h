/* Options: aircraft. */
#pragma once
#include "conf/option.h"

struct adsb_conf {
	char *registry; /* norn_aircraft_files: folder of dump1090's list of aircraft; "": Debian's */
};
extern const struct option_table adsb_options;
