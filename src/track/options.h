/* Options: what is kept of devices. */
#pragma once
#include "base/uuid.h"
#include "conf/option.h"
#include "track/context.h"

#define TRACK_PHYS_CONF 16 /* phys that take options */

struct phy; /* track/phy.h */

struct track_conf {
	char *oui_file;           /* ouifile; NULL: Debian's */
	uint64_t max_devices;     /* tracker_max_devices; 0: no limit */
	uint64_t max_bytes;       /* norn_tracker_max_bytes; 0: half of the machine's memory */
	uint32_t timeout_sec;     /* tracker_device_timeout; 0: never */
	uint32_t timeout_packets; /* tracker_device_packets: with timeout, only devices with fewer packets; 0: all */
	uint32_t sighting_sec;    /* norn_sighting_seconds */
	uint64_t sighting_bytes;  /* norn_sighting_bytes */
	bool histories;           /* track_device_rrds */
	bool quick_paths;         /* norn_quick_paths; the app's to apply, for it is of all rooms (base/quick.h) */
	bool source_radios;       /* keep_per_datasource_stats */
	struct string_list views; /* of the user's own, for user_views_add() */
	/* Members that are not options. */
	struct uuid server_uuid;
	bool (*source_uuid)(void *ctx, uint16_t source, struct uuid *ret_uuid);
	void (*source_shown)(void *ctx, struct source_shown *shown); /* as in context.h; may be NULL */
	void *ctx;
	/* The phys, numbered from 0, NULL ends them (phy/phys.h has norn's own), and by number the options of each: its
	 * options.h says what struct that is; NULL: the defaults. They live as long as the tracker. */
	const struct phy *const *phys;
	const void *phy_conf[TRACK_PHYS_CONF];
};
extern const struct option_table track_options;
