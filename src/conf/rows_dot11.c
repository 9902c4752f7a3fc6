/* Options: Wi-Fi. */
#include "conf/rows.h"

static const struct option_row rows[] = {
	OPTION(O, "dot11_ap_signal_from_beacon", dot11_ap_signal_from_beacon, true, NO_RANGE, AT_START,
	       "An access point's signal is that of its beacons."),
	OPTION(O, "dot11_keep_eapol", dot11_keep_eapol, true, NO_RANGE, AT_START,
	       "Keep handshakes for download."),
};
const struct option_table rows_dot11 = SECTION("80211", "Wi-Fi.", rows);
