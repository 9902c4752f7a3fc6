/* Every table of routes, in the order in which paths are looked up. */
#include "api/api.h"
#include "track/adsb.h"
#include "plugin/plugin.h"

/* One name a line, so that two changes seldom meet. */
/* clang-format off */
extern const struct route_table
	api_system_routes,
	api_device_routes,
	api_session_routes,
	api_message_routes,
	api_source_routes,
	api_alert_routes,
	api_pcap_routes,
	api_gps_routes,
	api_dot11_routes,
	api_uav_routes,
	api_plugin_routes,
	api_logging_routes,
	api_filter_routes,
	api_poi_routes,
	api_echo_routes,
	api_remote_routes,
	api_eventbus_routes,
	api_monitor_routes,
	api_fingerprint_routes,
	api_openapi_routes,
	api_packetchain_routes,
	api_metrics_routes,
	api_ssid_routes,
	api_scan_routes,
	api_aircraft_routes,
	api_radiation_routes;

const struct route_table *const api_tables[] = {
	&api_system_routes,
	&api_device_routes,
	&api_session_routes,
	&api_message_routes,
	&api_source_routes,
	&api_alert_routes,
	&api_pcap_routes,
	&api_gps_routes,
	&api_dot11_routes,
	&api_uav_routes,
	&api_plugin_routes,
	&api_logging_routes,
	&api_filter_routes,
	&api_poi_routes,
	&api_echo_routes,
	&api_remote_routes,
	&api_eventbus_routes,
	&api_monitor_routes,
	&api_fingerprint_routes,
	&api_openapi_routes,
	&api_packetchain_routes,
	&api_metrics_routes,
	&api_ssid_routes,
	&api_scan_routes,
	&api_aircraft_routes,
	&api_radiation_routes,
	NULL,
};
/* clang-format on */

void api_prepare_system(void);
void api_prepare_session(void);
void api_prepare_gps(void);
void api_prepare_packetchain(void);

void api_prepare(void)
{
	api_prepare_system();
	api_prepare_session();
	api_prepare_gps();
	api_prepare_packetchain();
	field_prepare(&message_fields);
	field_prepare(&source_table);
	field_prepare(&fingerprint_table);
	field_prepare(&plugin_table);
	field_prepare(&poi_table);
	field_prepare(&adsb_map_table);
	field_prepare(&log_class_filter_table);
	field_prepare(&log_packet_filter_table);
}
