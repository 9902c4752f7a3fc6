/* Options: Wi-Fi. */
#include "conf/rows.h"

static const struct option_row rows[] = {
	OPTION(O, "dot11_ap_signal_from_beacon", dot11_ap_signal_from_beacon, true, NO_RANGE, AT_START,
	       "An access point's signal is that of its beacons."),
	OPTION(O, "dot11_ap_only_survey", dot11_ap_only_survey, false, NO_RANGE, AT_START,
	       "Track access points alone, no clients."),
	OPTION(O, "dot11_view_accesspoints", dot11_view_accesspoints, true, NO_RANGE, AT_START,
	       "A view of access points."),
	OPTION(O, "dot11_link_bssts", dot11_link_bssts, false, NO_RANGE, AT_START,
	       "Relate access points whose clocks began together: they are of one box."),
	OPTION(O, "dot11_related_bss_window", dot11_related_bss_window, 10000000, NO_RANGE, AT_START,
	       "How far apart those clocks may have begun, in microseconds."),
	OPTION(O, "wepkey", wepkey, "", NO_RANGE, AT_START | OPTION_SECRET,
	       "BSSID[/MASK],KEY: the WEP key of a network, 5, 13 or 16 octets in hex."),
	OPTION(O, "uav_match", uav_match, "", NO_RANGE, AT_START,
	       "A maker's rule: ID:name=\"...\",model=\"...\",ssid=\"...\",mac=\"...\",match_any=."),
	OPTION(O, "hidedata", hidedata, false, NO_RANGE, AT_START,
	       "Neither logs nor streams get what data frames hold; their headers stay."),
	OPTION(O, "dontbeevil", dontbeevil, false, NO_RANGE, AT_START, "The same as hidedata."),
	OPTION(O, "dot11_keep_eapol", dot11_keep_eapol, true, NO_RANGE, AT_START,
	       "Keep handshakes for download."),
	OPTION(O, "dot11_keep_ietags", dot11_keep_ietags, false, NO_RANGE, AT_START,
	       "Keep every element of each network, as octets."),
	OPTION(O, "dot11_11d_country_full", dot11_11d_country_full, false, NO_RANGE, AT_START,
	       "Keep the channels that a country element names; DOT11D heeds them too."),
};
const struct option_table rows_dot11 = SECTION("80211", "Wi-Fi.", rows);
