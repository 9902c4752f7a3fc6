/* Options: alerts. */
#include "conf/rows.h"

static const struct option_row rows[] = {
	OPTION(O, "alertbacklog", alertbacklog, 50, RANGE(1, 100000), AT_START,
	       "Alerts that are kept for those who ask."),
	OPTION(O, "alert", alert, "", NO_RANGE, AT_START,
	       "Rates of an alert: NAME,10/min,1/sec; 0/min turns it off; may be repeated."),
	OPTION(O, "apspoof", apspoof, "", NO_RANGE, AT_START,
	       "Addresses that alone may advertise a name: NAME:ssid=\"expression\",validmacs=\"...\"."),
	OPTION(O, "ssidcanary", ssidcanary, "", NO_RANGE, AT_START,
	       "Names that nobody should use: NAME:ssid=\"expression\"."),
	OPTION(O, "devicefound", devicefound, "", NO_RANGE, AT_START,
	       "Address of a device whose coming is told; may be repeated."),
	OPTION(O, "devicefound_timeout", devicefound_timeout, 60, RANGE(1, 86400), AT_START,
	       "Seconds of silence after which it comes anew."),
	OPTION(O, "devicelost", devicelost, "", NO_RANGE, AT_START,
	       "Address of a device whose going is told; may be repeated."),
	OPTION(O, "devicelost_timeout", devicelost_timeout, 60, RANGE(1, 86400), AT_START,
	       "Seconds of silence after which it is gone."),
	OPTION(O, "dot11_max_signal", dot11_max_signal, -10, RANGE(-120, 0), AT_START,
	       "Signal above which no station should be, dBm (OVERPOWERED)."),
	OPTION(O, "own_ssid", own_ssid, "", NO_RANGE, AT_START,
	       "Name of an own network, which some alerts watch over; may be repeated."),
	OPTION(O, "own_bssid", own_bssid, "", NO_RANGE, AT_START,
	       "Address of an own access point, also ADDRESS/MASK; may be repeated."),
	OPTION(O, "load_alert", load_alert, "", NO_RANGE, AT_START,
	       "An alert that is raised once at the start: NAME:text; may be repeated."),
};
const struct option_table rows_alerts = SECTION("alerts", "Alerts.", rows);
