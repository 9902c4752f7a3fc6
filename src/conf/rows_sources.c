/* Options: what is captured. */
#include "conf/rows.h"

static const struct option_row rows[] = {
	OPTION(O, "source", source, "", NO_RANGE, AT_START,
	       "A source, such as capture.pcap:name=old; may be repeated."),
	OPTION(O, "retry_on_source_error", retry_on_source_error, true, NO_RANGE, AT_START,
	       "Open sources again that fail."),
	OPTION(O, "channel_hop", channel_hop, true, NO_RANGE, AT_START | OPTION_NOT_YET,
	       "Sources that can change channels do."),
	OPTION(O, "channel_hop_speed", channel_hop_speed, "5/sec", NO_RANGE, AT_START | OPTION_NOT_YET,
	       "How fast."),
	OPTION(O, "split_source_hopping", split_source_hopping, true, NO_RANGE,
	       AT_START | OPTION_NOT_YET, "Similar sources share the channels."),
	OPTION(O, "randomized_hopping", randomized_hopping, true, NO_RANGE, AT_START | OPTION_NOT_YET,
	       "Channels are visited in mixed order."),
	OPTION(O, "remote_capture_enabled", remote_capture_enabled, true, NO_RANGE,
	       AT_START | OPTION_NOT_YET, "Take packets from remote sensors."),
	OPTION(O, "remote_capture_listen", remote_capture_listen, "127.0.0.1", NO_RANGE,
	       AT_START | OPTION_NOT_YET, "Address for them."),
	OPTION(O, "remote_capture_port", remote_capture_port, 3501, RANGE(0, 65535),
	       AT_START | OPTION_NOT_YET, "Port for them."),
	OPTION(O, "override_remote_timestamp", override_remote_timestamp, true, NO_RANGE,
	       AT_START | OPTION_NOT_YET, "Their packets get this server's time."),
};
const struct option_table rows_sources = SECTION("sources", "What is captured.", rows);
