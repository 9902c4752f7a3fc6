/* Options: positions. */
#include "conf/rows.h"
#include "base/period.h"

static const struct option_row rows[] = {
	OPTION(O, "gps", gps, "", NO_RANGE, WORD,
	       "A GPS: gpsd:host=localhost, serial:device=/dev/ttyACM0,baud=9600, tcp:host=...,port=..., "
	       "web:name=webgps, meta:name=..., or virtual:lat=52.5,lon=13.4,alt=30; may be repeated."),
	OPTION(O, "gps_backfill", gps_backfill, false, NO_RANGE, AT_START,
	       "What was heard without a place in the " TEXT_OF(
		       GPS_GAP_MIN) " minutes before a fix gets one, in devices and in the "
				    "kismetdb: on the line from the last place, or that of the fix."),
};
const struct option_table rows_gps = SECTION("gps", "Positions.", rows);
