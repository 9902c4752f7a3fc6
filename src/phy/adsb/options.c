/* Options: aircraft. */
#include "phy/adsb/options.h"

#define O struct adsb_conf
static const struct option_row rows[] = {
	OPTION(O, "norn_aircraft_files", registry, "", NO_RANGE, AT_START,
	       "Folder of the list of aircraft of dump1090-mutability (html/db); empty: Debian's, where it is "
	       "installed."),
};
const struct option_table adsb_options = OPTION_TABLE(O, "adsb", "Aircraft.", rows);
