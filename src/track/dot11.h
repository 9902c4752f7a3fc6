/* The 802.11 record of a device: what it advertises, looks for and is linked with. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/limit.h"
#include "base/ssid.h"
#include "field/field.h"
#include "track/device.h"
#include "wire/frame.h"

#define DOT11_NONCES_MAX 16
#define DOT11_PACKET_MAX 2048 /* octets kept of a stored frame */

/* Bits of dot11_device.typeset. */
enum dot11_type {
	DOT11_BEACON_AP = 1,
	DOT11_ADHOC = 2,
	DOT11_CLIENT = 4,
	DOT11_WIRED = 8,
	DOT11_WDS = 16,
	DOT11_INFERRED_WIRELESS = 64,
	DOT11_INFERRED_WIRED = 128,
	DOT11_PROBE_AP = 256,
};

struct dot11_advertised {
	struct ssid ssid;
	struct ssid owe_ssid;
	struct mac owe_bssid;
	bool has_owe, beacon, probe_response, cloaked, mfp_required, mfp_supported, has_country;
	bool qbss, mobility, mesh_gateway, mesh_forwarding, has_mesh, has_wps, cisco_mfp;
	uint8_t qbss_utilisation, ccx_power, tpc_power, mesh_peerings, ht_mode, wps_version;
	char country[4];
	char channel[10];
	uint16_t center1_mhz, center2_mhz, qbss_stations, mobility_domain, wps_config_methods;
	uint32_t hash, ie_checksum, first_sec, last_sec, beacon_rate, beacons_in_sec, beacons_sec;
	uint32_t wps_state;
	uint32_t max_rate_100kbps;
	uint64_t crypt, crypt_set;
	char *beacon_info, *mesh_id;
	char *wps_manuf, *wps_device_name, *wps_model_name, *wps_model_number, *wps_serial;
	struct location *location;
};

struct dot11_probed {
	struct ssid ssid;
	bool mfp_required, mfp_supported, mobility, has_wps;
	uint8_t wps_version;
	uint16_t mobility_domain, wps_config_methods;
	uint32_t hash, first_sec, last_sec, wps_state;
	uint64_t crypt, crypt_set;
	char *wps_manuf, *wps_device_name, *wps_model_name, *wps_model_number, *wps_serial;
};

struct dot11_client {
	struct mac bssid;
	uint32_t first_sec, last_sec, type;
	bool decrypted;
	uint64_t datasize, datasize_retry, fragments, retries;
	uint8_t ip_kind; /* enum frame_ip_kind */
	uint32_t ip_address, ip_netmask, ip_gateway;
	char *eap_identity, *dhcp_host, *dhcp_vendor;
};

/* A frame that is kept whole. */
struct dot11_packet {
	uint64_t time_us;
	uint16_t linktype;
	struct octets data;
};

struct dot11_eapol {
	uint64_t time_us, replay_counter;
	uint8_t direction, message;
	bool install, has_pmkid;
	uint8_t nonce[32], pmkid[16];
	struct dot11_packet packet;
};
struct dot11_handshake {
	struct mac client;
	LIST(struct dot11_eapol) keys;
};
struct dot11_nonce {
	uint64_t time_us, replay_counter;
	uint8_t message;
	bool install;
	uint8_t nonce[32];
};

struct dot11_device {
	uint16_t typeset, last_sequence;
	bool rm_link_measurement, rm_neighbor_report, keep_beacon, last_was_response;
	int8_t min_tx_power, max_tx_power;
	struct mac last_bssid;
	bool has_last_advertised, has_last_probed;
	uint32_t last_advertised, last_probed; /* hashes of the latest records */
	uint32_t disconnects, last_disconnect_sec, last_beacon_sec, wps_m3_count, wps_m3_last_sec;
	uint32_t beacon_fingerprint, probe_fingerprint, response_fingerprint;
	uint64_t bss_timestamp, fragments, retries, datasize, datasize_retry;
	LIST(struct dot11_client) clients; /* APs it was a client of */
	LIST(struct dot11_advertised) advertised;
	LIST(struct dot11_advertised) responded;
	LIST(struct dot11_probed) probed;
	LIST(struct mac) associated; /* an AP's clients */
	LIST(struct dot11_handshake) handshakes;
	LIST(struct dot11_nonce) nonces;
	LIST(struct dot11_nonce) anonces;
	struct dot11_packet *beacon_packet, *pmkid_packet;
};

extern struct field_table dot11_table;
/* Registers the record with device_table under the phy's number. Once, at start. */
void dot11_register(uint8_t phy);
