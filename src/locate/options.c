/* Options: positions. */
#include "locate/options.h"

#include "base/period.h"

#define O struct locate_conf
static const struct option_row rows[] = {
	OPTION(O, "gps", gps, "", NO_RANGE, WORD_AT_START,
	       "A GPS: gpsd:host=localhost, serial:device=/dev/ttyACM0,baud=9600, tcp:host=...,port=..., "
	       "web:name=webgps, meta:name=..., or virtual:lat=52.5,lon=13.4,alt=30; may be repeated."),
	OPTION(O, "gps_backfill", backfill, false, NO_RANGE, AT_START,
	       "Gives devices and packets that were seen without a position in the " TEXT_OF(
		       GPS_GAP_MIN) " minutes before a fix gets one, in devices and in the "
				    "kismetdb: on the line from the last position, or that of the fix."),
};
const struct option_table locate_options = OPTION_TABLE(O, "gps", "Positions.", rows);
