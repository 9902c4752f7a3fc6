/* Options: what is captured, and what new sources get unless their definition says otherwise. */
#pragma once
#include "conf/option.h"

struct capture_conf {
	struct string_list sources; /* definitions of those of the start */
	char *hop_speed;            /* channel_hop_speed, for capture_hop_rate() */
	bool hop, split, shuffle, retry, remote_timestamp;
	bool remote_enabled;
	char *remote_listen;
	uint32_t remote_port;
	char *remote_key; /* what sensors over plain TCP must send; NULL: nothing */
	bool announce;    /* server_announce */
	char *announce_address;
	uint32_t announce_port;
	/* Sources of the start beyond the threshold open in groups, so many seconds apart. */
	uint32_t stagger_threshold, launch_group, launch_delay_sec;
	struct string_list helper_folders;                  /* where capture programs are */
	char *helper_sockets;                               /* norn_helper_sockets */
	struct string_list masked_types, masked_interfaces; /* what is left out of the list of interfaces */
	/* dot11_datasource_opt: "option,value" for each Wi-Fi source whose definition lacks the option. */
	struct string_list wifi_options;
	double hop_rate; /* no option: capture_create() makes it of hop_speed, channels a second */
};
extern const struct option_table capture_options;

/* "5/sec", "300/min" or "0.2/dwell" (seconds a channel) as channels a second. */
double capture_hop_rate(const char *text);
