#include "capture/drivers.h"

#include <string.h>

#include "base/mem.h"

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

bool source_is_tzsp(const struct source_driver *d)
{
	return strcmp(d->type, "tzsp") == 0;
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
