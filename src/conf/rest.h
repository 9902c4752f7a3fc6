/* Options that are to go to their rooms. */
#pragma once
#include "conf/option.h"

struct rest_conf {
	/* server */
	/* httpd */
	/* sources */
	struct string_list source;
	bool retry_on_source_error, channel_hop, split_source_hopping, randomized_hopping;
	char *channel_hop_speed;
	bool remote_capture_enabled, override_remote_timestamp;
	char *remote_capture_listen, *remote_capture_key;
	uint32_t remote_capture_port;
	uint32_t source_stagger_threshold, source_launch_group, source_launch_delay;
	struct string_list helper_binary_path;
	struct string_list mask_datasource_type, mask_datasource_interface;
	char *norn_helper_sockets;
	bool server_announce;
	char *server_announce_address;
	uint32_t server_announce_port;
	/* tracking */
	/* 802.11 */
	struct string_list dot11_datasource_opt;
	/* logs */
	bool enable_logging, kis_log_packets, kis_log_duplicate_packets, kis_log_data_packets;
	bool kis_log_devices, kis_log_datasources, kis_log_messages, kis_log_alerts, kis_log_gps_track;
	bool kis_log_system_status, kis_log_ephemeral_dangerous, norn_log_local_time;
	uint32_t kis_log_system_status_rate;
	struct string_list log_types, kis_log_device_filter, kis_log_packet_filter;
	uint8_t kis_log_device_filter_default, kis_log_packet_filter_default;
	char *log_title, *log_prefix, *log_template, *resume;
	uint8_t kis_log_beacons, norn_resume_log;
	uint64_t kis_log_rotate_mb, kis_log_rotate_free_mb, pcapng_log_max_mb;
	uint32_t kis_log_rotate_minutes, kis_log_keep;
	uint32_t kis_log_packet_timeout, kis_log_device_timeout, kis_log_message_timeout;
	uint32_t kis_log_alert_timeout, kis_log_snapshot_timeout;
	uint32_t wigle_log_throttle;
	bool ppi_log_duplicate_packets, ppi_log_data_packets;
	bool pcapng_log_duplicate_packets, pcapng_log_data_packets, pcapng_truncate_duplicate_packets;
	uint32_t kis_log_device_rate, kis_log_datasource_rate;
	/* positions */
	/* alerts */
};

extern const struct option_table rows_sources, rows_logs;
