/* Options: what is kept of devices. */
#include "track/options.h"

#define O struct track_conf
static const struct option_row rows[] = {
	OPTION(O, "tracker_device_timeout", timeout_sec, 0, NO_RANGE, AT_START,
	       "Seconds without a packet after which a device is removed; 0: never."),
	OPTION(O, "tracker_device_packets", timeout_packets, 0, NO_RANGE, AT_START,
	       "Remove only devices with fewer packets than this; 0: all."),
	OPTION(O, "tracker_max_devices", max_devices, 0, NO_RANGE, AT_START,
	       "Greatest number of devices; beyond it the least valuable are evicted; 0: no limit."),
	OPTION(O, "norn_tracker_max_bytes", max_bytes, 0, NO_RANGE, AT_START,
	       "Most octets of all devices; 0: half of the memory that there is."),
	OPTION(O, "track_device_rrds", histories, true, NO_RANGE, AT_START,
	       "Keep the packets over time of each device."),
	OPTION(O, "keep_per_datasource_stats", source_radios, false, NO_RANGE, AT_START,
	       "Keep signal, noise, rate and frequencies of each device for each datasource that saw it."),
	OPTION(O, "norn_sighting_seconds", sighting_sec, 60, RANGE(1, 3600), AT_START,
	       "Seconds of a sighting, which says what a datasource saw of a device in that time."),
	OPTION(O, "norn_sighting_bytes", sighting_bytes, 67108864, RANGE(131072, 1e12), AT_START,
	       "Most octets of the sightings of the last hour that are kept in memory; the oldest go."),
	OPTION(O, "norn_quick_paths", quick_paths, true, NO_RANGE, AT_START,
	       "Leave out work whose result is known already; false makes each frame dearer and changes nothing "
	       "else: for who doubts a record, and for tests."),
	OPTION(O, "view", views, "", NO_RANGE, AT_START,
	       "A view of your own: NAME:EXPRESSION, in the language of /query/devices, such as "
	       "corp:type:ap ssid:corp*; NAME:FIELD PATH=REGULAR EXPRESSION, devices of which a text at the path "
	       "matches "
	       "the Perl-compatible expression; or NAME:[[\"path\",\"regular expression\"],...]. Lines of one name add "
	       "up."),
	OPTION(O, "ouifile", oui_file, "", NO_RANGE, PATH_AT_START,
	       "File of vendors, in the format of udev, the IEEE or Kismet, also compressed by gzip; empty: that of "
	       "the package udev, or else of ieee-data."),
};
const struct option_table track_options = OPTION_TABLE(O, "tracking", "What is kept of devices.", rows);
