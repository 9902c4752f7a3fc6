#include "capture/options.h"

#include <stdlib.h>
#include <string.h>

#include "base/period.h"

#define O struct capture_conf
static const struct option_row rows[] = {
	OPTION(O, "source", sources, "", NO_RANGE, AT_START,
	       "A source, such as wlan0 or capture.pcap:name=old; may be repeated."),
	OPTION(O, "retry_on_source_error", retry, true, NO_RANGE, AT_START, "Reopen sources that fail."),
	OPTION(O, "channel_hop", hop, true, NO_RANGE, AT_START, "Sources that can hop change channels."),
	OPTION(O, "channel_hop_speed", hop_speed, "5/sec", NO_RANGE, WORD_AT_START,
	       "Channels a second, such as 5/sec or 10/min."),
	OPTION(O, "split_source_hopping", split, true, NO_RANGE, AT_START, "Similar sources share the channels."),
	OPTION(O, "randomized_hopping", shuffle, true, NO_RANGE, AT_START, "Channels are visited in mixed order."),
	OPTION(O, "remote_capture_enabled", remote_enabled, true, NO_RANGE, AT_START, "Accept remote sensors."),
	OPTION(O, "remote_capture_listen", remote_listen, "127.0.0.1", NO_RANGE, WORD_AT_START,
	       "Address at which sensors connect."),
	OPTION(O, "remote_capture_port", remote_port, 3501, RANGE(0, 65535), AT_START,
	       "Port at which sensors connect."),
	OPTION(O, "remote_capture_key", remote_key, "", NO_RANGE, AT_START | OPTION_SECRET,
	       "Key that sensors have to send (--key-file= of norn's capture programs); empty: none. Those that "
	       "connect by websocket use a login instead."),
	OPTION(O, "override_remote_timestamp", remote_timestamp, true, NO_RANGE, AT_START,
	       "Packets of sensors get this server's time."),
	OPTION(O, "server_announce", announce, false, NO_RANGE, AT_START,
	       "Announce this server to sensors by UDP, every " TEXT_OF(ANNOUNCE_SEC) " seconds."),
	OPTION(O, "server_announce_address", announce_address, "0.0.0.0", NO_RANGE, WORD_AT_START,
	       "Address to announce it to, such as a broadcast address; 0.0.0.0: the local network."),
	OPTION(O, "server_announce_port", announce_port, 2501, RANGE(1, 65535), AT_START,
	       "UDP port of the announcement."),
	OPTION(O, "helper_binary_path", helper_folders, "%B", NO_RANGE, AT_START | OPTION_PATH,
	       "Where capture programs are; may be repeated, the first folder that has one counts."),
	OPTION(O, "mask_datasource_type", masked_types, "", NO_RANGE, WORD_AT_START,
	       "A type of source whose interfaces are not listed; may be repeated."),
	OPTION(O, "mask_datasource_interface", masked_interfaces, "", NO_RANGE, WORD_AT_START,
	       "An interface that is not listed; may be repeated."),
	OPTION(O, "norn_helper_sockets", helper_sockets, "/run/norn-capture", NO_RANGE, AT_START | OPTION_PATH,
	       "Where systemd listens for those that it starts; taken first by a server that cannot gain privileges."),
	OPTION(O, "source_stagger_threshold", stagger_threshold, 16, RANGE(0, 65535), AT_START,
	       "With more sources than this at the start, the others are opened in groups."),
	OPTION(O, "source_launch_group", launch_group, 8, RANGE(0, 65535), AT_START, "Sources in a group."),
	OPTION(O, "source_launch_delay", launch_delay_sec, 10, RANGE(0, 3600), AT_START, "Seconds between two groups."),
	OPTION(O, "dot11_datasource_opt", wifi_options, "", NO_RANGE, WORD_AT_START,
	       "OPTION,VALUE for every Wi-Fi source whose definition does not name the option; may be repeated."),
};
const struct option_table capture_options = OPTION_TABLE(O, "sources", "What is captured.", rows);

double capture_hop_rate(const char *text)
{
	char *unit;
	double n = strtod(text, &unit);

	if (strncmp(unit, "/min", 4) == 0)
		return n / 60;
	return strncmp(unit, "/dwell", 6) == 0 && n > 0 ? 1 / n : n;
}
