/* Options: logs. */
#pragma once
#include "conf/option.h"

enum log_class { LOG_CLASS_KISMET, LOG_CLASS_PCAPNG, LOG_CLASS_PPI, LOG_CLASS_WIGLE, LOG_CLASS_OTHER, LOG_CLASSES };

/* What a class takes. */
struct log_class_conf {
	bool duplicates, data, truncate; /* truncate: of duplicates the summary alone */
};

/* Tables of a kismetdb whose rows may go after a time. */
enum log_timeout {
	LOG_TIMEOUT_PACKET,
	LOG_TIMEOUT_DEVICE,
	LOG_TIMEOUT_MESSAGE,
	LOG_TIMEOUT_ALERT,
	LOG_TIMEOUT_SNAPSHOT,
	LOG_TIMEOUT_SIGHTING,
	LOG_TIMEOUTS
};

/* Values of options, in the order of their texts. */
enum log_beacons { LOG_BEACONS_CHANGED, LOG_BEACONS_ALL };
enum log_resume { LOG_RESUME_NEW, LOG_RESUME_SAME };
enum log_filter_default { LOG_FILTER_PASS, LOG_FILTER_BLOCK };

struct log_conf {
	bool enabled;                          /* enable_logging */
	struct string_list types;              /* log_types, classes that are open from the start */
	char *title, *prefix, *file_template;  /* %p %n %D %t %T %i %I %l %h %d %S %E %B */
	bool local_time;                       /* names have it, not UTC */
	char *resume;                          /* a kismetdb that the run resumes, or "auto"; NULL: none */
	uint8_t resume_log;                    /* enum log_resume: whether it continues in that file */
	struct log_class_conf of[LOG_CLASSES]; /* of LOG_CLASS_OTHER all is taken */
	uint64_t rotate_mb, pcapng_max_mb;     /* how large files grow; 0: without end, and as rotate_mb */
	uint32_t rotate_minutes, keep;         /* 0: never; all */
	uint64_t rotate_free_mb;               /* that stay free, 0: none */
	uint32_t timeout_sec[LOG_TIMEOUTS];    /* 0: never */
	uint32_t wigle_sec;                    /* between two rows of a device */
	/* What the kismetdb holds, and how often it is written. */
	bool packets, devices, sources, messages, alerts, gps_track, status, sightings;
	uint32_t device_sec, source_sec, status_sec;
	uint8_t beacons;                                 /* enum log_beacons */
	bool ephemeral;                                  /* it is unlinked once it is open, and lost when norn ends */
	struct string_list device_filter, packet_filter; /* rules for log_filter_parse() */
	uint8_t device_filter_default, packet_filter_default; /* enum log_filter_default: what no rule names */
	/* Members that are not options. */
	const char *home, *data_folder, *conf_folder, *bin_folder;
	uint64_t start_sec;
	const char *resumed_from; /* the log that this run resumes, or NULL: logs_resumed() */
	uint64_t resumed_alerts;  /* restored from it */
};
extern const struct option_table log_options;
