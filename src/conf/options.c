#include "conf/options.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

#define O struct options
#define PATH (AT_START | OPTION_PATH)

static const struct option_row server_rows[] = {
	OPTION(O, "server_name", server_name, "", NO_RANGE, AT_START, "Name of the server, shown to users."),
	OPTION(O, "server_description", server_description, "", NO_RANGE, AT_START,
	       "What the server is for."),
	OPTION(O, "server_location", server_location, "", NO_RANGE, AT_START, "Where the server stands."),
	OPTION(O, "server_uuid", server_uuid, "", NO_RANGE, AT_START,
	       "UUID of the server; empty: a random one that is kept."),
	OPTION(O, "configdir", configdir, "%h/.norn/", NO_RANGE, PATH,
	       "Where names, tags, logins and keys are kept."),
};
static const struct option_row httpd_rows[] = {
	OPTION(O, "httpd_port", httpd_port, 2501, RANGE(0, 65535), AT_START,
	       "Port that the server listens on; 0: any free one."),
	OPTION(O, "httpd_bind_address", httpd_bind_address, "127.0.0.1", NO_RANGE,
	       AT_START | OPTION_COMMAS,
	       "Addresses to listen on, IPv4 or IPv6; beyond loopback everything needs a login."),
	OPTION(O, "httpd_unix_socket", httpd_unix_socket, "", NO_RANGE, PATH,
	       "Unix socket to listen on as well."),
	OPTION(O, "httpd_require_login", httpd_require_login, auto, ONE_OF("auto", "always", "never"),
	       AT_START, "Whether reading needs a login; auto: beyond loopback."),
	OPTION(O, "httpd_username", httpd_username, "", NO_RANGE, AT_START,
	       "Name of the administrator's login; empty: set in the web interface."),
	OPTION(O, "httpd_password", httpd_password, "", NO_RANGE, AT_START | OPTION_SECRET,
	       "Its password."),
	OPTION(O, "httpd_auth_file", httpd_auth_file, "%h/.norn/kismet_httpd.conf", NO_RANGE, PATH,
	       "Where a login that a user sets is kept."),
	OPTION(O, "httpd_session_db", httpd_session_db, "%h/.norn/session.db", NO_RANGE, PATH,
	       "Where API keys are kept."),
	OPTION(O, "httpd_session_timeout", httpd_session_timeout, 7200, RANGE(60, 31536000), AT_START,
	       "Seconds that a session lives without use."),
	OPTION(O, "httpd_allow_auth_creation", httpd_allow_auth_creation, true, NO_RANGE, AT_START,
	       "API keys may be made."),
	OPTION(O, "httpd_allow_auth_view", httpd_allow_auth_view, true, NO_RANGE, AT_START,
	       "Administrators may see API keys."),
	OPTION(O, "httpd_uri_prefix", httpd_uri_prefix, "", NO_RANGE, AT_START,
	       "Path in front of all others, for a proxy that passes it on."),
	OPTION(O, "httpd_home", httpd_home, "", NO_RANGE, PATH, "Folder of static files."),
	OPTION(O, "httpd_allow_cors", httpd_allow_cors, false, NO_RANGE, AT_START,
	       "Pages of other origins may read."),
	OPTION(O, "httpd_allowed_origin", httpd_allowed_origin, "", NO_RANGE, AT_START,
	       "The one other origin that may; empty: any."),
	OPTION(O, "httpd_ekjson_flatten", httpd_ekjson_flatten, false, NO_RANGE, AT_START,
	       "ekjson has '_' for '.' in names, as Elasticsearch expects it."),
	OPTION(O, "httpd_ssl", httpd_ssl, false, NO_RANGE, AT_START, "Serve by TLS."),
	OPTION(O, "httpd_ssl_cert", httpd_ssl_cert, "", NO_RANGE, PATH, "Certificate chain, PEM."),
	OPTION(O, "httpd_ssl_key", httpd_ssl_key, "", NO_RANGE, PATH, "Its key, PEM."),
};
static const struct option_row source_rows[] = {
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
static const struct option_row tracking_rows[] = {
	OPTION(O, "tracker_device_timeout", tracker_device_timeout, 0, NO_RANGE, AT_START,
	       "Seconds after which a silent device is forgotten; 0: never."),
	OPTION(O, "tracker_device_packets", tracker_device_packets, 0, NO_RANGE, AT_START,
	       "Only those with fewer packets than this; 0: all."),
	OPTION(O, "tracker_max_devices", tracker_max_devices, 0, NO_RANGE, AT_START,
	       "Most devices; beyond it the least valuable go; 0: no limit."),
	OPTION(O, "norn_tracker_max_bytes", tracker_max_bytes, 0, NO_RANGE, AT_START,
	       "Most octets of all devices; 0: half of the memory that there is."),
	OPTION(O, "track_device_rrds", track_device_rrds, true, NO_RANGE, AT_START,
	       "Keep packets over time of each device."),
	OPTION(O, "manuf_lookup", manuf_lookup, true, NO_RANGE, AT_START, "Name the vendors of devices."),
	OPTION(O, "ouifile", ouifile, "", NO_RANGE, PATH,
	       "File of vendors; empty: that of the package ieee-data."),
};
static const struct option_row dot11_rows[] = {
	OPTION(O, "dot11_ap_signal_from_beacon", dot11_ap_signal_from_beacon, true, NO_RANGE, AT_START,
	       "An access point's signal is that of its beacons."),
	OPTION(O, "dot11_keep_eapol", dot11_keep_eapol, true, NO_RANGE, AT_START,
	       "Keep handshakes for download."),
};
static const struct option_row log_rows[] = {
	OPTION(O, "enable_logging", enable_logging, true, NO_RANGE, AT_START,
	       "Write logs."),
	OPTION(O, "log_types", log_types, "", NO_RANGE, AT_START | OPTION_COMMAS,
	       "Classes of logs to write: kismet, pcapng; empty: none."),
	OPTION(O, "log_title", log_title, "Kismet", NO_RANGE, AT_START,
	       "Title of logs, in their names."),
	OPTION(O, "log_prefix", log_prefix, "./", NO_RANGE, PATH,
	       "Folder of logs."),
	OPTION(O, "log_template", log_template, "%p/%n-%D-%t-%i.%l", NO_RANGE, AT_START,
	       "Names of logs: %p folder, %n title, %D date, %t time, %T start, %i number, %l class."),
	OPTION(O, "kis_log_packets", kis_log_packets, true, NO_RANGE, AT_START,
	       "kismetdb holds packets."),
	OPTION(O, "kis_log_duplicate_packets", kis_log_duplicate_packets, true, NO_RANGE, AT_START,
	       "Logs hold packets that were heard before."),
	OPTION(O, "kis_log_data_packets", kis_log_data_packets, true, NO_RANGE, AT_START,
	       "Logs hold data packets."),
	OPTION(O, "kis_log_devices", kis_log_devices, true, NO_RANGE, AT_START,
	       "kismetdb holds devices."),
	OPTION(O, "kis_log_device_rate", kis_log_device_rate, 30, RANGE(1, 86400), AT_START,
	       "Seconds between two writings of changed devices."),
	OPTION(O, "kis_log_datasources", kis_log_datasources, true, NO_RANGE, AT_START,
	       "kismetdb holds datasources."),
	OPTION(O, "kis_log_datasource_rate", kis_log_datasource_rate, 30, RANGE(1, 86400), AT_START,
	       "Seconds between two writings of datasources."),
	OPTION(O, "kis_log_messages", kis_log_messages, true, NO_RANGE, AT_START,
	       "kismetdb holds messages."),
	OPTION(O, "kis_log_alerts", kis_log_alerts, true, NO_RANGE, AT_START,
	       "kismetdb holds alerts."),
	OPTION(O, "kis_log_gps_track", kis_log_gps_track, true, NO_RANGE, AT_START,
	       "kismetdb holds the places of each GPS."),
};
static const struct option_row gps_rows[] = {
	OPTION(O, "gps", gps, "", NO_RANGE, AT_START,
	       "A GPS: web:name=webgps, or virtual:lat=52.5,lon=13.4,alt=30; may be repeated."),
};
static const struct option_row alert_rows[] = {
	OPTION(O, "alertbacklog", alertbacklog, 50, RANGE(1, 100000), AT_START,
	       "Alerts that are kept for those who ask."),
	OPTION(O, "alert", alert, "", NO_RANGE, AT_START,
	       "Rates of an alert: NAME,10/min,1/sec; 0/min turns it off; may be repeated."),
	OPTION(O, "apspoof", apspoof, "", NO_RANGE, AT_START,
	       "Addresses that alone may advertise a name: NAME:ssid=\"expression\",validmacs=\"...\"."),
	OPTION(O, "ssidcanary", ssidcanary, "", NO_RANGE, AT_START,
	       "Names that nobody should use: NAME:ssid=\"expression\"."),
	OPTION(O, "devicefound", devicefound, "", NO_RANGE, AT_START,
	       "Address of a device whose coming is told; may be repeated."),
	OPTION(O, "devicefound_timeout", devicefound_timeout, 60, RANGE(1, 86400), AT_START,
	       "Seconds of silence after which it comes anew."),
	OPTION(O, "devicelost", devicelost, "", NO_RANGE, AT_START,
	       "Address of a device whose going is told; may be repeated."),
	OPTION(O, "devicelost_timeout", devicelost_timeout, 60, RANGE(1, 86400), AT_START,
	       "Seconds of silence after which it is gone."),
	OPTION(O, "dot11_max_signal", dot11_max_signal, -10, RANGE(-120, 0), AT_START,
	       "Signal above which no station should be, dBm (OVERPOWERED)."),
	OPTION(O, "load_alert", load_alert, "", NO_RANGE, AT_START,
	       "An alert that is raised once at the start: NAME:text; may be repeated."),
};

#define SECTION(name, doc, rows) {name, doc, rows, ARRAY_SIZE(rows)}
const struct option_table option_sections[] = {
	SECTION("server", "The server.", server_rows),
	SECTION("httpd", "The web server and its logins.", httpd_rows),
	SECTION("sources", "What is captured.", source_rows),
	SECTION("tracking", "What is kept of devices.", tracking_rows),
	SECTION("80211", "Wi-Fi.", dot11_rows),
	SECTION("logging", "Logs.", log_rows),
	SECTION("gps", "Positions.", gps_rows),
	SECTION("alerts", "Alerts.", alert_rows),
};
const size_t option_section_count = ARRAY_SIZE(option_sections);

/* Kismet's further names: known, so not reported as unknown, but nothing heeds them. */
static const char *const not_heeded[] = {
	"allowkeytransmit", "allowplugins", "btle_ignore_random", "btmanuf_lookup",
	"btmanuffile", "btoid_lookup", "btoidfile", "device_location_signal_threshold", 
	"dontbeevil", "dot11_11d_country_full",
	"dot11_ap_only_survey", "dot11_beacon_ie_fingerprint", "dot11_datasource_opt",
	"dot11_fingerprint_devices", "dot11_keep_ietags", "dot11_link_bssts", 
	"dot11_probe_ie_fingerprint", "dot11_related_bss_window", "dot11_view_accesspoints",
	"dot11_view_ssids", "geiger_spectrum_history", "helper_binary_path",
	"hidedata", "httpd_jwt_issuer", "httpd_jwt_key", "httpd_mime", "httpd_redirect_unknown",
	"httpd_user_home", "icao_lookup", "icaofile", "keep_location_cloud_history",
	"keep_per_datasource_stats", "kis_log_alert_timeout", 	"kis_log_channel_history", 	"kis_log_device_filter", "kis_log_device_filter_default",
	"kis_log_device_timeout", 	"kis_log_ephemeral_dangerous", 	"kis_log_message_timeout", "kis_log_packet_filter",
	"kis_log_packet_filter_default", "kis_log_packet_timeout", 	"kis_log_snapshot_timeout", "kis_log_system_status", "kis_log_system_status_rate",
	"kismet_packet_threads", "log_config_present", 	"manuf", "mask_datasource_interface", "mask_datasource_type",
	"packet_backlog_limit", "packet_backlog_warning", "packet_dedup_size", "packet_log_warning",
	"pcapng_log_data_packets", "pcapng_log_duplicate_packets", "pcapng_log_max_mb",
	"pcapng_truncate_duplicate_packets", "ppi_log_data_packets", "ppi_log_duplicate_packets",
	"prelude_alerts", "rtl433_track_last", "server_announce", "server_announce_address",
	"server_announce_port", "source_launch_delay", "source_launch_group",
	"source_stagger_threshold", "tcp_buffer_kb", "track_device_phy_views",
	"track_device_seenby_views", "tracker_device_presize", "uav_match", "ulimit_mbytes", "view",
	"wepkey", "wigle_log_throttle",
};

static const struct option_row *find_row(const char *name)
{
	for (size_t i = 0; i < option_section_count; i++) {
		const struct option_row *o = option_find(&option_sections[i], name);

		if (o)
			return o;
	}
	return NULL;
}

static bool is_not_heeded(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(not_heeded); i++)
		if (strcasecmp(not_heeded[i], name) == 0)
			return true;
	return false;
}

static void for_each_row(struct options *o, void (*visit)(const struct option_row *, struct options *))
{
	for (size_t i = 0; i < option_section_count; i++)
		for (size_t k = 0; k < option_sections[i].n; k++)
			visit(&option_sections[i].rows[k], o);
}

static void set_default(const struct option_row *row, struct options *o)
{
	cleanup_free char *value = option_fallback(row);

	option_clear(row, o);
	if (option_set(row, o, value) < 0)
		abort(); /* a default that its own row does not allow: the tests would have told */
}

void options_default(struct options *o)
{
	for_each_row(o, set_default);
}

static void clear(const struct option_row *row, struct options *o)
{
	option_clear(row, o);
}

void options_finish(struct options *o)
{
	for_each_row(o, clear);
}

static void where(const struct conf_value *v, char *ret, size_t size)
{
	if (v->file)
		(void) snprintf(ret, size, "%s:%u", v->file, v->line);
	else
		(void) snprintf(ret, size, "command line");
}

/* The first of several values of that name: a list begins anew there. */
static bool is_first(const struct conf *c, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcasecmp(c->values[k].name, c->values[i].name) == 0)
			return false;
	return true;
}

static unsigned set_value(struct options *o, const struct conf *c, size_t i,
			  const struct conf_paths *paths)
{
	const struct conf_value *v = &c->values[i];
	const struct option_row *row = find_row(v->name);
	cleanup_free char *text = NULL;
	struct buf allowed = {0};
	char place[512];
	int r;

	where(v, place, sizeof(place));
	if (!row) {
		if (is_first(c, i) && !is_not_heeded(v->name))
			log_warning("%s: '%s' is no option; it is ignored", place, v->name);
		return 0;
	}
	if (row->kind == OPTION_LIST && is_first(c, i))
		option_clear(row, o);
	text = row->flags & OPTION_PATH ? conf_expand(v->value, paths) : xstrdup(v->value);
	r = option_set(row, o, text);
	if (r >= 0)
		return 0;
	option_allowed(row, &allowed);
	log_write(LOG_LEVEL_ERROR, "%s: %s: '%.200s' is not allowed; it takes %s", place, row->name,
		  v->value, buf_text(&allowed));
	buf_finish(&allowed);
	return 1;
}

unsigned options_set(struct options *o, const struct conf *c, const struct conf_paths *paths)
{
	unsigned errors = 0;

	for (size_t i = 0; i < option_section_count; i++) {
		for (size_t k = 0; k < option_sections[i].n; k++) {
			const struct option_row *row = &option_sections[i].rows[k];
			char **text = (char **) (void *) ((char *) o + row->offset);
			char *expanded;

			if (!(row->flags & OPTION_PATH) || row->kind != OPTION_TEXT || !*text)
				continue;
			expanded = conf_expand(*text, paths);
			free(*text);
			*text = expanded;
		}
	}
	for (size_t i = 0; i < c->n; i++)
		errors += set_value(o, c, i, paths);
	return errors;
}

static void print_row(const struct option_row *row, const struct options *o, struct buf *out)
{
	size_t n = option_count(row, o);

	buf_printf(out, "# %s%s\n", row->doc,
		   row->flags & OPTION_NOT_YET ? " (Not heeded by this version.)" : "");
	if (n == 0)
		buf_printf(out, "#%s=\n", row->name);
	for (size_t i = 0; i < n; i++) {
		buf_printf(out, "%s=", row->name);
		option_print(row, o, i, out);
		buf_char(out, '\n');
	}
}

void options_print(const struct options *o, struct buf *out)
{
	for (size_t i = 0; i < option_section_count; i++) {
		buf_printf(out, "%s## %s\n\n", i ? "\n" : "", option_sections[i].doc);
		for (size_t k = 0; k < option_sections[i].n; k++)
			print_row(&option_sections[i].rows[k], o, out);
	}
}
