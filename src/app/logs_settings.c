#include "app/logs_settings.h"
#include "app/state.h"

#define MB 1000000u

struct log_conf logs_settings(const struct app *a)
{
	const struct rest_conf *o = &a->conf.rest;
	uint64_t most = o->kis_log_rotate_mb * MB;

	return (struct log_conf){
		.title = or_empty(o->log_title),
		.prefix = or_empty(o->log_prefix),
		.file_template = or_empty(o->log_template),
		.home = a->arguments.home,
		.data_folder = or_empty(a->arguments.data),
		.conf_folder = or_empty(a->arguments.conf),
		.bin_folder = or_empty(a->arguments.bin),
		.of = {[LOG_CLASS_KISMET] = {o->kis_log_duplicate_packets, o->kis_log_data_packets, false, most},
		       [LOG_CLASS_PCAPNG] = {o->pcapng_log_duplicate_packets, o->pcapng_log_data_packets,
					     o->pcapng_truncate_duplicate_packets,
					     o->pcapng_log_max_mb ? o->pcapng_log_max_mb * MB : most},
		       [LOG_CLASS_PPI] = {o->ppi_log_duplicate_packets, o->ppi_log_data_packets, false, most},
		       [LOG_CLASS_WIGLE] = {false, false, false, most},
		       [LOG_CLASS_OTHER] = {true, true, false, most}},
		.wigle_sec = o->wigle_log_throttle,
		.timeout_sec = {[LOG_TIMEOUT_PACKET] = o->kis_log_packet_timeout,
				[LOG_TIMEOUT_DEVICE] = o->kis_log_device_timeout,
				[LOG_TIMEOUT_MESSAGE] = o->kis_log_message_timeout,
				[LOG_TIMEOUT_ALERT] = o->kis_log_alert_timeout,
				[LOG_TIMEOUT_SNAPSHOT] = o->kis_log_snapshot_timeout},
		.rotate_sec = o->kis_log_rotate_minutes * 60,
		.rotate_free = o->kis_log_rotate_free_mb * MB,
		.keep = o->kis_log_keep,
		.device_sec = o->kis_log_device_rate,
		.source_sec = o->kis_log_datasource_rate,
		.status_sec = o->kis_log_system_status ? o->kis_log_system_status_rate : 0,
		.local_time = o->norn_log_local_time,
		.ephemeral = o->kis_log_ephemeral_dangerous,
		.packets = o->kis_log_packets,
		.thin_beacons = o->kis_log_beacons == 0,
		.devices = o->kis_log_devices,
		.sources = o->kis_log_datasources,
		.messages = o->kis_log_messages,
		.alerts = o->kis_log_alerts,
		.gps_track = o->kis_log_gps_track,
		.resume_same = o->norn_resume_log == 1,
		.start_sec = a->api.start_us / 1000000};
}
