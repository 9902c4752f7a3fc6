/* Options: what is captured. */
#include "conf/rows.h"

static const struct option_row rows[] = {
	OPTION(O, "source", source, "", NO_RANGE, AT_START,
	       "A source, such as capture.pcap:name=old; may be repeated."),
	OPTION(O, "retry_on_source_error", retry_on_source_error, true, NO_RANGE, AT_START,
	       "Open sources again that fail."),
	OPTION(O, "channel_hop", channel_hop, true, NO_RANGE, AT_START,
	       "Sources that can change channels do."),
	OPTION(O, "channel_hop_speed", channel_hop_speed, "5/sec", NO_RANGE, AT_START,
	       "How fast."),
	OPTION(O, "split_source_hopping", split_source_hopping, true, NO_RANGE,
	       AT_START, "Similar sources share the channels."),
	OPTION(O, "randomized_hopping", randomized_hopping, true, NO_RANGE, AT_START,
	       "Channels are visited in mixed order."),
	OPTION(O, "remote_capture_enabled", remote_capture_enabled, true, NO_RANGE,
	       AT_START, "Take packets from remote sensors."),
	OPTION(O, "remote_capture_listen", remote_capture_listen, "127.0.0.1", NO_RANGE,
	       AT_START, "Address for them."),
	OPTION(O, "remote_capture_port", remote_capture_port, 3501, RANGE(0, 65535),
	       AT_START, "Port for them."),
	OPTION(O, "override_remote_timestamp", override_remote_timestamp, true, NO_RANGE,
	       AT_START, "Their packets get this server's time."),
	OPTION(O, "helper_binary_path", helper_binary_path, "%B", NO_RANGE, AT_START | OPTION_PATH,
	       "Where capture programs are; may be repeated, the first folder that has one counts."),
	OPTION(O, "source_stagger_threshold", source_stagger_threshold, 16, RANGE(0, 65535), AT_START,
	       "With more sources than that at the start the others open in groups."),
	OPTION(O, "source_launch_group", source_launch_group, 8, RANGE(0, 65535), AT_START,
	       "How many a group has."),
	OPTION(O, "source_launch_delay", source_launch_delay, 10, RANGE(0, 3600), AT_START,
	       "Seconds between two groups."),
};
const struct option_table rows_sources = SECTION("sources", "What is captured.", rows);
