/* What datasources, their drivers and defaults show. */
#include <string.h>

#include "base/mem.h"
#include "capture/registry.h"

/* Capabilities, as a helper's kind has them. */
#define LISTS .list_capable = 1, .list_ipc = 1
#define PROBES .probe_capable = 1, .probe_ipc = 1
#define WIFI .wifi = 1
#define HELPER .local_capable = 1, .local_ipc = 1, .remote_capable = 1
#define TUNES .tuning_capable = 1
#define HOPS .tuning_capable = 1, .hop_capable = 1
static const struct source_driver drivers[] = {
	{.type = "pcapfile",
	 .description = "Pcap and pcapng files, also compressed by gzip, zstd or lz4",
	 .probe_capable = 1,
	 .local_capable = 1,
	 .remote_capable = 1},
	{.type = "dot11scan", .description = "Networks that a client reports", .passive_capable = 1},
	{.type = "bluetoothscan", .description = "Bluetooth devices that a client reports", .passive_capable = 1},
	{.type = "kismetdb",
	 .description = "Packets of kismetdb logs, of norn or Kismet",
	 .probe_capable = 1,
	 .local_capable = 1,
	 .remote_capable = 1},
	{.type = "stdin", .description = "Pcap or pcapng from standard input or a FIFO", .local_capable = 1},
	{.type = "tzsp", .description = "Frames that access points send by TZSP, over UDP", .local_capable = 1},
	{.type = "linuxwifi", .description = "Wi-Fi interfaces of Linux", WIFI, LISTS, PROBES, HELPER, HOPS},
	{.type = "example", .description = "Made-up frames, for trying things out", WIFI, LISTS, HELPER, HOPS},
	{.type = "openbsdwifi", .description = "Wi-Fi interfaces of OpenBSD", WIFI, LISTS, PROBES, HELPER, HOPS},
	{.type = "osxcorewlanwifi", .description = "Wi-Fi of macOS", WIFI, LISTS, PROBES, HELPER, HOPS},
	{.type = "hak5wificoconut", .description = "Wi-Fi Coconut, 14 radios", WIFI, LISTS, PROBES, HELPER},
	{.type = "bladerf-wiphy", .description = "BladeRF as Wi-Fi", WIFI, LISTS, PROBES, HELPER, HOPS},
	{.type = "linuxbluetooth", .description = "Bluetooth interfaces of Linux", LISTS, PROBES, HELPER},
	{.type = "ubertooth", .description = "Ubertooth One", LISTS, PROBES, HELPER, TUNES},
	{.type = "ticc2540", .description = "TI CC2540, Bluetooth LE", LISTS, PROBES, HELPER, HOPS},
	{.type = "nrf51822", .description = "nRF51822, Bluetooth LE", PROBES, HELPER},
	{.type = "nxp_kw41z", .description = "NXP KW41Z, Bluetooth LE and Zigbee", PROBES, HELPER, HOPS},
	{.type = "ticc2531", .description = "TI CC2531, 802.15.4", LISTS, PROBES, HELPER, HOPS},
	{.type = "nrf52840", .description = "nRF52840, 802.15.4", PROBES, HELPER, HOPS},
	{.type = "rzkillerbee", .description = "RZ KillerBee, 802.15.4", LISTS, PROBES, HELPER, HOPS},
	{.type = "freaklabszigbee", .description = "Freaklabs, 802.15.4", PROBES, HELPER, HOPS},
	{.type = "nrfmousejack", .description = "nRF24 mice and keyboards", LISTS, PROBES, HELPER, HOPS},
	{.type = "rtl433", .description = "Sensors by rtl_433", LISTS, PROBES, HELPER},
	{.type = "rtlamr", .description = "Meters by rtlamr", PROBES, HELPER, HOPS},
	{.type = "rtladsb", .description = "Aircraft by an RTL-SDR", LISTS, PROBES, HELPER},
	{.type = "adsbproxy", .description = "Aircraft by another receiver", .remote_capable = 1},
	{.type = "antsdr-droneid", .description = "Drones seen by an AntSDR", PROBES, HELPER},
	{.type = "btgeiger", .description = "Geiger counter over Bluetooth", PROBES, HELPER},
	{.type = "radview", .description = "Radiation by a serial line", PROBES, HELPER},
	{.type = "radiacode-usb", .description = "Radiacode over USB", LISTS, PROBES, HELPER},
};

static const struct driver_helper helpers[] = {
	{"linuxwifi", {"norn_cap_linux_wifi", "kismet_cap_linux_wifi"}},
	{"example", {"norn_cap_example"}},
	{"openbsdwifi", {"kismet_cap_openbsd_wifi"}},
	{"osxcorewlanwifi", {"kismet_cap_osx_corewlan_wifi"}},
	{"hak5wificoconut", {"kismet_cap_hak5_wifi_coconut"}},
	{"bladerf-wiphy", {"kismet_cap_bladerf_wiphy"}},
	{"linuxbluetooth", {"kismet_cap_linux_bluetooth"}},
	{"ubertooth", {"kismet_cap_ubertooth_one"}},
	{"ticc2540", {"kismet_cap_ti_cc_2540"}},
	{"nrf51822", {"kismet_cap_nrf_51822"}},
	{"nxp_kw41z", {"kismet_cap_nxp_kw41z"}},
	{"ticc2531", {"kismet_cap_ti_cc_2531"}},
	{"nrf52840", {"kismet_cap_nrf_52840"}},
	{"rzkillerbee", {"kismet_cap_rz_killerbee"}},
	{"freaklabszigbee", {"kismet_cap_freaklabs_zigbee"}},
	{"nrfmousejack", {"kismet_cap_nrf_mousejack"}},
	{"rtl433", {"kismet_cap_sdr_rtl433"}},
	{"rtlamr", {"kismet_cap_sdr_rtlamr"}},
	{"rtladsb", {"kismet_cap_sdr_rtladsb"}},
	{"antsdr-droneid", {"kismet_cap_antsdr_droneid"}},
	{"btgeiger", {"kismet_cap_bt_geiger"}},
	{"radview", {"kismet_cap_serial_radview"}},
	{"radiacode-usb", {"kismet_cap_radiacode_usb"}},
};

const struct source_driver *driver_of_type(const char *type)
{
	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++)
		if (strcmp(drivers[i].type, type) == 0)
			return &drivers[i];
	return NULL;
}

const struct driver_helper *driver_helper_of(const struct source_driver *d)
{
	for (size_t i = 0; i < ARRAY_SIZE(helpers); i++)
		if (strcmp(helpers[i].type, d->type) == 0)
			return &helpers[i];
	return NULL;
}

const struct source_driver *capture_drivers(uint32_t *ret_n)
{
	*ret_n = ARRAY_SIZE(drivers);
	return drivers;
}

#define D struct source_driver
static const struct field driver_rows[] = {
	FIELD(D, "kismet.datasource.driver.type", type, "Name of the kind, for type= in definitions."),
	FIELD(D, "kismet.datasource.driver.description", description, "What it captures from."),
	FIELD(D, "kismet.datasource.driver.probe_capable", probe_capable,
	      "It recognises its interfaces without type=."),
	FIELD(D, "kismet.datasource.driver.probe_ipc", probe_ipc, "By its helper."),
	FIELD(D, "kismet.datasource.driver.list_capable", list_capable, "It can list interfaces."),
	FIELD(D, "kismet.datasource.driver.list_ipc", list_ipc, "By its helper."),
	FIELD(D, "kismet.datasource.driver.local_capable", local_capable, "It captures on this machine."),
	FIELD(D, "kismet.datasource.driver.local_ipc", local_ipc, "By its helper."),
	FIELD(D, "kismet.datasource.driver.remote_capable", remote_capable, "It captures on other machines."),
	FIELD(D, "kismet.datasource.driver.passive_capable", passive_capable, "It needs no interface."),
	FIELD(D, "kismet.datasource.driver.tuning_capable", tuning_capable, "It can set a channel."),
	FIELD(D, "kismet.datasource_driver.hop_capable", hop_capable, "It can hop."),
};
struct field_table driver_table = FIELD_TABLE(D, "datasource driver", driver_rows);

#define C struct capture_conf
static const struct field defaults_rows[] = {
	FIELD(C, "kismet.datasourcetracker.default.hop_rate", hop_rate, "Channels a second."),
	FIELD(C, "kismet.datasourcetracker.default.hop", hop, "Change channels.", .type = "uint8_t"),
	FIELD(C, "kismet.datasourcetracker.default.split", split, "Similar sources share the channels.",
	      .type = "uint8_t"),
	FIELD(C, "kismet.datasourcetracker.default.random_order", shuffle, "Channels are visited in mixed order.",
	      .type = "uint8_t"),
	FIELD(C, "kismet.datasourcetracker.default.retry_on_error", retry, "Open sources again that fail.",
	      .type = "uint8_t"),
	FIELD(C, "kismet.datasourcetracker.default.remote_cap_listen", remote_listen, "Address for remote sensors."),
	FIELD(C, "kismet.datasourcetracker.default.remote_cap_port", remote_port, "Port for remote sensors."),
	FIELD(C, "kismet.datasourcetracker.default.remote_cap_timestamp", remote_timestamp,
	      "Remote packets get this server's time.", .type = "uint8_t"),
};
struct field_table defaults_table = FIELD_TABLE(C, "datasource defaults", defaults_rows);

static const char *const state_texts[] = {"pending", "running", "done", "closed", "error", NULL};
static const struct field channel_row = FIELD_ELEM(struct channel_text, text);

/* A list whose names are joined by ','. */
static struct field_items split(const char *text, struct field_ctx *ctx)
{
	struct channel_text *items = arena_alloc(ctx->arena, sizeof(*items) * (strlen(text) / 2 + 1));
	uint32_t n = 0;

	while (*text) {
		size_t length = strcspn(text, ",");
		size_t kept = length < sizeof(items->text) ? length : sizeof(items->text) - 1;

		if (length) {
			memcpy(items[n].text, text, kept);
			items[n++].text[kept] = '\0';
		}
		text += length + (text[length] == ',');
	}
	return (struct field_items){items, n};
}

static struct field_items channels_of(const void *obj, struct field_ctx *ctx)
{
	return split(((const struct source_record *) obj)->channels, ctx);
}

static struct field_items hop_channels_of(const void *obj, struct field_ctx *ctx)
{
	return split(((const struct source_record *) obj)->hop_channels, ctx);
}

static const void *history_of(const struct source_history *from, struct field_ctx *ctx)
{
	struct history h = from->h;

	h.kept.p = h.kept.n ? (uint8_t *) (uintptr_t) from->kept : NULL;
	return history_view(&h, HISTORY_OCTETS, ctx);
}

static const void *packets_history(const void *obj, struct field_ctx *ctx)
{
	return history_of(&((const struct source_record *) obj)->packets_history, ctx);
}

static const void *octets_history(const void *obj, struct field_ctx *ctx)
{
	return history_of(&((const struct source_record *) obj)->octets_history, ctx);
}

static uint64_t zero(const void *obj, struct field_ctx *ctx)
{
	(void) obj;
	(void) ctx;
	return 0;
}

#define S struct source_record
static const struct field source_rows[] = {
	FIELD(S, "kismet.datasource.source_number", number, "Running number."),
	FIELD(S, "kismet.datasource.source_key", key, "Sum over the text of the uuid."),
	FIELD_IN(S, "kismet.datasource.type_driver", driver, &driver_table, "Kind of the source."),
	FIELD(S, "kismet.datasource.name", name, "Name."),
	FIELD(S, "kismet.datasource.uuid", uuid, "UUID."),
	FIELD(S, "kismet.datasource.interface", interface, "Interface of the definition."),
	FIELD(S, "kismet.datasource.capture_interface", capture_interface, "Interface that is captured."),
	FIELD(S, "kismet.datasource.definition", definition, "Definition, its options by name."),
	FIELD(S, "kismet.datasource.hardware", hardware, "Chipset and driver."),
	FIELD(S, "kismet.datasource.ipc_binary", ipc_binary, "Name of the helper."),
	FIELD(S, "kismet.datasource.datasource_version", version, "Version of the helper."),
	FIELD(S, "kismet.datasource.remote_ip", remote_ip, "Address of a remote sensor."),
	FIELD(S, "kismet.datasource.ipc_pid", pid, "Process of the helper; -1: none."),
	FIELD(S, "kismet.datasource.dlt", dlt, "Link type of the latest packet."),
	FIELD(S, "kismet.datasource.running", running, "Capture is running.", .type = "uint8_t"),
	FIELD(S, "kismet.datasource.paused", paused, "Packets are left out.", .type = "uint8_t"),
	FIELD(S, "kismet.datasource.remote", remote, "It runs on another machine.", .type = "uint8_t"),
	FIELD_CALL_U64("kismet.datasource.passive", zero, "It is fed over HTTP.", .type = "uint8_t"),
	FIELD_CALL_U64("kismet.datasource.cmd_pending", zero, "Commands on their way.", .type = "uint8_t"),
	FIELD(S, "kismet.datasource.error", error, "The source failed.", .type = "uint8_t"),
	FIELD(S, "kismet.datasource.error_reason", error_reason, "Why it failed, or ended early."),
	FIELD(S, "kismet.datasource.warning", warning, "Warning about it."),
	FIELD(S, "kismet.datasource.retry", retry, "It is opened again after a failure.", .type = "uint8_t"),
	FIELD(S, "kismet.datasource.retry_attempts", retry_attempts, "Failures in a row."),
	FIELD(S, "kismet.datasource.total_retry_attempts", total_retry_attempts, "Failures in all."),
	FIELD(S, "kismet.datasource.num_packets", packets, "Packets and reports received, without those of a pause."),
	FIELD(S, "kismet.datasource.num_error_packets", error_packets, "Packets that are broken."),
	FIELD_CALL_OBJECT("kismet.datasource.packets_rrd", packets_history, &history_view_table,
			  "Packets by second, minute and hour."),
	FIELD_CALL_OBJECT("kismet.datasource.packets_datasize_rrd", octets_history, &history_view_table,
			  "Their octets."),
	FIELD(S, "kismet.datasource.channel", channel, "Channel that it stays on."),
	FIELD_CALL_LIST("kismet.datasource.channels", channels_of, sizeof(struct channel_text), &channel_row,
			"Channels that it can set."),
	FIELD(S, "kismet.datasource.hopping", hopping, "It changes channels.", .type = "uint8_t"),
	FIELD_CALL_LIST("kismet.datasource.hop_channels", hop_channels_of, sizeof(struct channel_text), &channel_row,
			"Channels that it visits."),
	FIELD(S, "kismet.datasource.hop_rate", hop_rate, "Channels a second."),
	FIELD(S, "kismet.datasource.hop_split", hop_split, "It shares channels with similar sources.",
	      .type = "uint8_t"),
	FIELD(S, "kismet.datasource.hop_offset", hop_offset, "Channel that it begins with."),
	FIELD(S, "kismet.datasource.hop_shuffle", hop_shuffle, "It visits them in mixed order.", .type = "uint8_t"),
	FIELD(S, "kismet.datasource.hop_shuffle_skip", hop_skip, "Distance between two channels."),
	FIELD_CALL_U64("kismet.datasource.linktype_override", zero, "Link type that is forced.", .type = "uint32_t"),
	FIELD(S, "kismet.datasource.info.antenna_type", antenna_type, "info_antenna_type."),
	FIELD(S, "kismet.datasource.info.antenna_gain", antenna_gain, "info_antenna_gain, dB."),
	FIELD(S, "kismet.datasource.info.antenna_orientation", antenna_orientation,
	      "info_antenna_orientation, degrees."),
	FIELD(S, "kismet.datasource.info.antenna_beamwidth", antenna_beamwidth, "info_antenna_beamwidth, degrees."),
	FIELD(S, "kismet.datasource.info.amp_type", amp_type, "info_amp_type."),
	FIELD(S, "kismet.datasource.info.amp_gain", amp_gain, "info_amp_gain, dB."),
	FIELD(S, "norn.datasource.metagps", metagps, "GPS whose position its packets take, metagps=."),
	FIELD_TEXTS(S, "norn.datasource.state", state, state_texts, "State, in a word."),
	FIELD(S, "norn.datasource.reports", reports, "Reports in JSON that were received."),
	FIELD(S, "norn.datasource.captured", captured, "Frames that the helper was given."),
	FIELD(S, "norn.datasource.kernel_dropped", kernel_dropped,
	      "Frames that the kernel lost before the helper had them."),
	FIELD(S, "norn.datasource.helper_dropped", helper_dropped, "Frames that the helper had no room for."),
	FIELD(S, "norn.datasource.lost", lost, "Frames that were lost with a connection."),
	FIELD(S, "norn.datasource.bytes_read", bytes_read, "Octets of the file that were read."),
	FIELD(S, "norn.datasource.bytes_total", bytes_total, "Octets of the file."),
	FIELD(S, "norn.datasource.frames_per_second", frames_per_second, "Frames a second over the whole run."),
};
struct field_table source_table = FIELD_TABLE(S, "datasource", source_rows);

#define I struct source_interface
static const struct field interface_rows[] = {
	FIELD(I, "kismet.datasource.probed.interface", interface, "Name for a definition."),
	FIELD(I, "kismet.datasource.probed.capture_interface", capture_interface, "Interface that would be captured."),
	FIELD(I, "kismet.datasource.probed.hardware", hardware, "Chipset and driver."),
	FIELD(I, "kismet.datasource.probed.datasource_version", version, "Version of the helper."),
	FIELD(I, "kismet.datasource.probed.in_use_uuid", in_use, "Source that uses it."),
	FIELD_IN(I, "kismet.datasource.type_driver", driver, &driver_table, "Kind of source."),
};
struct field_table interface_table = FIELD_TABLE(I, "probed interface", interface_rows);
