/* Options: alerts. */
#include "detect/options.h"

#define O struct detector_conf
static const struct option_row rows[] = {
	OPTION(O, "alertbacklog", backlog, 50, RANGE(1, 100000), AT_START, "How many alerts are kept for requests."),
	OPTION(O, "alert", rates, "", NO_RANGE, WORD_AT_START,
	       "Rates of an alert: NAME,10/min,1/sec; 0/min turns it off; may be repeated."),
	OPTION(O, "norn_alert_threshold", thresholds, "", NO_RANGE, AT_START,
	       "Numbers of a rule, as doc/alerts.md lists them: NAME:most=20,within=2s; may be repeated."),
	OPTION(O, "apspoof", apspoof, "", NO_RANGE, AT_START,
	       "The only addresses that may advertise a name: NAME:ssid=\"expression\",validmacs=\"...\"."),
	OPTION(O, "ssidcanary", ssidcanary, "", NO_RANGE, AT_START,
	       "Canary names, which no one should use: NAME:ssid=\"expression\"."),
	OPTION(O, "devicefound", found, "", NO_RANGE, WORD_AT_START,
	       "Address of a device that raises an alert when it is seen, also ADDRESS/MASK; may be repeated."),
	OPTION(O, "devicefound_timeout", found_timeout_sec, 60, RANGE(1, 86400), AT_START,
	       "Seconds of silence after which it raises the alert again."),
	OPTION(O, "devicelost", lost, "", NO_RANGE, WORD_AT_START,
	       "Address of a device that raises an alert when it is lost, also ADDRESS/MASK; may be repeated."),
	OPTION(O, "devicelost_timeout", lost_timeout_sec, 60, RANGE(1, 86400), AT_START,
	       "Seconds of silence after which it is lost."),
	OPTION(O, "dot11_max_signal", max_signal, -10, RANGE(-120, 0), AT_START,
	       "Strongest signal that a station should have, dBm (OVERPOWERED)."),
	OPTION(O, "own_ssid", own_ssids, "", NO_RANGE, AT_START,
	       "Name of one of your networks, which some alerts watch over; may be repeated."),
	OPTION(O, "own_bssid", own_bssids, "", NO_RANGE, WORD_AT_START,
	       "Address of one of your access points, also ADDRESS/MASK; may be repeated."),
	OPTION(O, "load_alert", at_start, "", NO_RANGE, AT_START,
	       "An alert that is raised once at startup: NAME:text; may be repeated."),
};
const struct option_table detector_options = OPTION_TABLE(O, "alerts", "Alerts.", rows);
