/* Options: what is captured. */
#include "conf/rows.h"
#include "base/period.h"

static const struct option_row rows[] = {
	OPTION(O, "source", source, "", NO_RANGE, AT_START,
	       "A source, such as capture.pcap:name=old; may be repeated."),
	OPTION(O, "retry_on_source_error", retry_on_source_error, true, NO_RANGE, AT_START,
	       "Open sources again that fail."),
	OPTION(O, "channel_hop", channel_hop, true, NO_RANGE, AT_START, "Sources that can change channels do."),
	OPTION(O, "channel_hop_speed", channel_hop_speed, "5/sec", NO_RANGE, WORD, "How fast."),
	OPTION(O, "split_source_hopping", split_source_hopping, true, NO_RANGE, AT_START,
	       "Similar sources share the channels."),
	OPTION(O, "randomized_hopping", randomized_hopping, true, NO_RANGE, AT_START,
	       "Channels are visited in mixed order."),
	OPTION(O, "remote_capture_enabled", remote_capture_enabled, true, NO_RANGE, AT_START,
	       "Take packets from remote sensors."),
	OPTION(O, "remote_capture_listen", remote_capture_listen, "127.0.0.1", NO_RANGE, WORD, "Address for them."),
	OPTION(O, "remote_capture_port", remote_capture_port, 3501, RANGE(0, 65535), AT_START, "Port for them."),
	OPTION(O, "remote_capture_key", remote_capture_key, "", NO_RANGE, AT_START | OPTION_SECRET,
	       "What they must send (--key-file= of norn's capture programs); empty: nothing is asked. Those that come "
	       "by "
	       "websocket have a login instead."),
	OPTION(O, "override_remote_timestamp", override_remote_timestamp, true, NO_RANGE, AT_START,
	       "Their packets get this server's time."),
	OPTION(O, "server_announce", server_announce, false, NO_RANGE, AT_START,
	       "Tell sensors by UDP where this server is, every " TEXT_OF(ANNOUNCE_SEC) " seconds."),
	OPTION(O, "server_announce_address", server_announce_address, "0.0.0.0", NO_RANGE, WORD,
	       "Address to tell it to, such as a broadcast address; 0.0.0.0: the local network."),
	OPTION(O, "server_announce_port", server_announce_port, 2501, RANGE(1, 65535), AT_START,
	       "Port of the sensors."),
	OPTION(O, "helper_binary_path", helper_binary_path, "%B", NO_RANGE, AT_START | OPTION_PATH,
	       "Where capture programs are; may be repeated, the first folder that has one counts."),
	OPTION(O, "mask_datasource_type", mask_datasource_type, "", NO_RANGE, WORD,
	       "A type of source whose interfaces are not listed; may be repeated."),
	OPTION(O, "mask_datasource_interface", mask_datasource_interface, "", NO_RANGE, WORD,
	       "An interface that is not listed; may be repeated."),
	OPTION(O, "norn_helper_sockets", norn_helper_sockets, "/run/norn-capture", NO_RANGE, AT_START | OPTION_PATH,
	       "Where systemd listens for those that it starts; taken first by a server that cannot gain privileges."),
	OPTION(O, "source_stagger_threshold", source_stagger_threshold, 16, RANGE(0, 65535), AT_START,
	       "With more sources than that at the start the others open in groups."),
	OPTION(O, "source_launch_group", source_launch_group, 8, RANGE(0, 65535), AT_START, "How many a group has."),
	OPTION(O, "source_launch_delay", source_launch_delay, 10, RANGE(0, 3600), AT_START,
	       "Seconds between two groups."),
	OPTION(O, "dot11_datasource_opt", dot11_datasource_opt, "", NO_RANGE, WORD,
	       "OPTION,VALUE for every Wi-Fi source whose definition does not name the option; may be repeated."),
};
const struct option_table rows_sources = SECTION("sources", "What is captured.", rows);
