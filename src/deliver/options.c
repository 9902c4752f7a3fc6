/* Options: where alerts are sent. */
#include "deliver/options.h"

#include "base/period.h"

#define O struct delivery_conf
static const struct option_row rows[] = {
	OPTION(O, "norn_alert_syslog", syslog, "", NO_RANGE, AT_START,
	       "Syslog server that alerts go to: udp:HOST:PORT, tcp:HOST:PORT or unix:PATH; may be repeated."),
	OPTION(O, "norn_alert_syslog_facility", facility, 16, RANGE(0, 23), AT_START,
	       "Facility of those messages; 16 is local0."),
	OPTION(O, "norn_alert_webhook", webhooks, "", NO_RANGE, AT_START | OPTION_SECRET,
	       "URL that alerts are posted to as JSON, https except to this machine; may be repeated."),
	OPTION(O, "norn_alert_webhook_header", headers, "", NO_RANGE, AT_START | OPTION_SECRET,
	       "Header sent to webhooks, Name: value; may be repeated."),
	OPTION(O, "norn_alert_webhook_ca", ca_file, "", NO_RANGE, AT_START | OPTION_PATH,
	       "File of CA certificates that webhooks are verified against; empty: the system's."),
	OPTION(O, "norn_alert_severity", severity, 0, RANGE(0, 20), AT_START,
	       "Alerts of a lower severity are not sent: 5 low, 10 medium, 15 high, 20 critical."),
	OPTION(O, "norn_alert_tries", tries, 10, RANGE(1, 1000), AT_START,
	       "How often an alert is offered to a receiver, with pauses of " TEXT_OF(
		       DELIVER_FIRST_SEC) " s that double up to " TEXT_OF(DELIVER_MOST_SEC) " s."),
};
const struct option_table delivery_options = OPTION_TABLE(O, "alerts", "Alerts.", rows);
