/* The rows of the 802.11 record. */
#include <string.h>

#include "base/json_out.h"
#include "base/mem.h"
#include "track/crypt.h"
#include "track/dot11.h"

static uint8_t dot11_phy;

static struct field_text arena_text(struct field_ctx *ctx, const char *s)
{
	size_t n = strlen(s);

	return (struct field_text){arena_copy(ctx->arena, s, n), n};
}

static struct field_text crypt_words(uint64_t bits, struct field_ctx *ctx)
{
	char text[CRYPT_TEXT_SIZE];

	crypt_text(bits, text);
	return arena_text(ctx, text);
}

static double seconds_of(uint64_t us)
{
	return (double) us / 1e6;
}

/* Frames kept whole. */

static uint64_t packet_sec(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return ((const struct dot11_packet *) obj)->time_us / 1000000;
}
static uint64_t packet_usec(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return ((const struct dot11_packet *) obj)->time_us % 1000000;
}
static uint64_t packet_source(const void *obj, struct field_ctx *ctx)
{
	(void) obj;
	(void) ctx;
	return 0;
}

static const struct field packet_rows[] = {
	FIELD_CALL_U64("kismet.packet.ts_sec", packet_sec, "Packet time, seconds."),
	FIELD_CALL_U64("kismet.packet.ts_usec", packet_usec, "Packet time, microseconds."),
	FIELD(struct dot11_packet, "kismet.packet.dlt", linktype, "Link type.",
	      .type = "uint64_t"),
	FIELD_CALL_U64("kismet.packet.source", packet_source, "Number of the source."),
	FIELD(struct dot11_packet, "kismet.packet.data", data, "Octets of the frame."),
};
static struct field_table packet_table =
	FIELD_TABLE(struct dot11_packet, "raw packet", packet_rows);

/* EAPOL. */

static double eapol_time(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return seconds_of(((const struct dot11_eapol *) obj)->time_us);
}

static struct field_text hex_of(const uint8_t *p, size_t n, struct field_ctx *ctx)
{
	static const char digits[] = "0123456789ABCDEF";
	char *t = arena_alloc(ctx->arena, n * 2);

	for (size_t i = 0; i < n; i++) {
		t[i * 2] = digits[p[i] >> 4];
		t[i * 2 + 1] = digits[p[i] & 15];
	}
	return (struct field_text){t, n * 2};
}

static struct field_text eapol_nonce(const void *obj, struct field_ctx *ctx)
{
	return hex_of(((const struct dot11_eapol *) obj)->nonce, 32, ctx);
}
static struct field_text eapol_pmkid(const void *obj, struct field_ctx *ctx)
{
	const struct dot11_eapol *e = obj;

	return hex_of(e->pmkid, e->has_pmkid ? 16 : 0, ctx);
}

static const struct field eapol_rows[] = {
	FIELD_CALL_REAL("dot11.eapol.timestamp", eapol_time, "Packet time."),
	FIELD(struct dot11_eapol, "dot11.eapol.direction", direction,
	      "Distribution: ad-hoc 0, from 1, to 2, inter 3."),
	FIELD(struct dot11_eapol, "dot11.eapol.message_num", message,
	      "Message of the four-way handshake, 0 when unknown."),
	FIELD(struct dot11_eapol, "dot11.eapol.replay_counter", replay_counter,
	      "Replay counter of the key frame."),
	FIELD(struct dot11_eapol, "dot11.eapol.install", install, "Install bit."),
	FIELD_CALL_TEXT("dot11.eapol.nonce", eapol_nonce, "Nonce in hex."),
	FIELD_CALL_TEXT("dot11.eapol.rsn_pmkid", eapol_pmkid, "PMKID in hex."),
	FIELD_IN(struct dot11_eapol, "dot11.eapol.packet", packet, &packet_table, "The frame."),
};
static struct field_table eapol_table =
	FIELD_TABLE(struct dot11_eapol, "dot11 eapol", eapol_rows);

static double nonce_time(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return seconds_of(((const struct dot11_nonce *) obj)->time_us);
}
static struct field_text nonce_text(const void *obj, struct field_ctx *ctx)
{
	return hex_of(((const struct dot11_nonce *) obj)->nonce, 32, ctx);
}
static const struct field nonce_rows[] = {
	FIELD_CALL_REAL("dot11.eapol.nonce.timestamp", nonce_time, "Packet time."),
	FIELD(struct dot11_nonce, "dot11.eapol.nonce.message_num", message, "Message number."),
	FIELD(struct dot11_nonce, "dot11.eapol.nonce.replay_counter", replay_counter,
	      "Highest replay counter seen."),
	FIELD(struct dot11_nonce, "dot11.eapol.nonce.install", install, "Install bit."),
	FIELD_CALL_TEXT("dot11.eapol.nonce.nonce", nonce_text, "Nonce in hex."),
};
static struct field_table nonce_table =
	FIELD_TABLE(struct dot11_nonce, "dot11 nonce", nonce_rows);

/* SSIDs. */

static const char *const ht_modes[] = {"", "HT20", "HT40+", "HT40-", "HT80", "HT160", "HT80+80", NULL};

static struct field_text advertised_crypt(const void *obj, struct field_ctx *ctx)
{
	return crypt_words(((const struct dot11_advertised *) obj)->crypt, ctx);
}
static double advertised_rate(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return ((const struct dot11_advertised *) obj)->max_rate_100kbps / 10.0;
}
static double qbss_percent(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return ((const struct dot11_advertised *) obj)->qbss_utilisation / 255.0 * 100.0;
}
static struct field_text advertised_hex(const void *obj, struct field_ctx *ctx)
{
	const struct dot11_advertised *a = obj;

	return hex_of(a->ssid.b, a->ssid.len, ctx);
}
static bool needs_hex(const void *obj)
{
	const struct ssid *s = &((const struct dot11_advertised *) obj)->ssid;
	size_t n = 0;

	for (size_t i = 0; i < s->len; i++) {
		size_t len = s->b[i] < 32 ? 0 : utf8_sequence(s->b + i, s->len - i);

		if (len == 0)
			return true;
		i += len - 1;
		n++;
	}
	return n > 0 && memchr(s->b, '\\', s->len);
}
#define A struct dot11_advertised
static bool has_owe(const void *o)
{
	return ((const A *) o)->has_owe;
}
static bool has_country(const void *o)
{
	return ((const A *) o)->has_country;
}
static bool has_mesh(const void *o)
{
	return ((const A *) o)->has_mesh;
}
static bool has_wps(const void *o)
{
	return ((const A *) o)->has_wps;
}

static const struct field advertised_rows[] = {
	FIELD(A, "dot11.advertisedssid.ssid", ssid, "Name of the network.", .type = "string"),
	FIELD_CALL_TEXT("norn.advertisedssid.ssid_hex", advertised_hex,
			"Octets of a name that its text does not tell whole.",
			.present = needs_hex),
	FIELD(A, "dot11.advertisedssid.ssidlen", ssid.len, "Octets of the name.",
	      .type = "uint32_t", .flags = FIELD_VIEW),
	FIELD(A, "dot11.advertisedssid.ssid_hash", hash, "Hash of the name.", .type = "uint64_t"),
	FIELD(A, "dot11.advertisedssid.owe_ssid", owe_ssid, "Name of the OWE companion.",
	      .type = "string", .present = has_owe),
	FIELD(A, "dot11.advertisedssid.owe_ssid_len", owe_ssid.len, "Octets of that name.",
	      .present = has_owe, .flags = FIELD_VIEW),
	FIELD(A, "dot11.advertisedssid.owe_bssid", owe_bssid, "BSSID of the OWE companion.",
	      .present = has_owe),
	FIELD(A, "dot11.advertisedssid.beacon", beacon, "Seen in beacons.", .type = "uint8_t"),
	FIELD(A, "dot11.advertisedssid.probe_response", probe_response,
	      "Seen in probe responses.", .type = "uint8_t"),
	FIELD(A, "dot11.advertisedssid.channel", channel, "Advertised channel."),
	FIELD_TEXTS(A, "dot11.advertisedssid.ht_mode", ht_mode, ht_modes, "Channel width."),
	FIELD(A, "dot11.advertisedssid.ht_center_1", center1_mhz, "Centre in MHz.",
	      .type = "uint64_t"),
	FIELD(A, "dot11.advertisedssid.ht_center_2", center2_mhz, "Second centre in MHz.",
	      .type = "uint64_t"),
	FIELD(A, "dot11.advertisedssid.first_time", first_sec, "First seen.", .type = "uint64_t"),
	FIELD(A, "dot11.advertisedssid.last_time", last_sec, "Last seen.", .type = "uint64_t"),
	FIELD(A, "dot11.advertisedssid.beacon_info", beacon_info, "The vendor's name of the AP."),
	FIELD(A, "dot11.advertisedssid.cloaked", cloaked, "The name is hidden.",
	      .type = "uint8_t"),
	FIELD(A, "dot11.advertisedssid.crypt_bitfield", crypt, "Encryption, 64 bits."),
	FIELD(A, "dot11.advertisedssid.crypt_set", crypt_set, "Encryption, the older bits."),
	FIELD_CALL_TEXT("dot11.advertisedssid.crypt_string", advertised_crypt,
			"Encryption, in words."),
	FIELD_CALL_REAL("dot11.advertisedssid.maxrate", advertised_rate,
			"Highest rate in Mbit/s."),
	FIELD(A, "dot11.advertisedssid.beaconrate", beacon_rate,
	      "Beacons a second by the interval."),
	FIELD(A, "dot11.advertisedssid.beacons_sec", beacons_in_sec,
	      "Beacons in the current second."),
	FIELD(A, "dot11.advertisedssid.ietag_checksum", ie_checksum,
	      "CRC-32 over the elements."),
	FIELD(A, "dot11.advertisedssid.wpa_mfp_required", mfp_required,
	      "Management frame protection is required.", .type = "uint8_t"),
	FIELD(A, "dot11.advertisedssid.wpa_mfp_supported", mfp_supported,
	      "Management frame protection is supported.", .type = "uint8_t"),
	FIELD(A, "dot11.advertisedssid.dot11d_country", country, "Country.",
	      .present = has_country),
	FIELD(A, "dot11.advertisedssid.wps_version", wps_version, "WPS version.",
	      .present = has_wps),
	FIELD(A, "dot11.advertisedssid.wps_state", wps_state,
	      "WPS bits: configured 1, not configured 2, locked 4.", .present = has_wps),
	FIELD(A, "dot11.advertisedssid.wps_config_methods", wps_config_methods,
	      "WPS methods.", .present = has_wps),
	FIELD(A, "dot11.advertisedssid.wps_manuf", wps_manuf, "WPS manufacturer."),
	FIELD(A, "dot11.advertisedssid.wps_device_name", wps_device_name, "WPS device name."),
	FIELD(A, "dot11.advertisedssid.wps_model_name", wps_model_name, "WPS model."),
	FIELD(A, "dot11.advertisedssid.wps_model_number", wps_model_number, "WPS model number."),
	FIELD(A, "dot11.advertisedssid.wps_serial_number", wps_serial, "WPS serial number."),
	FIELD(A, "dot11.advertisedssid.dot11r_mobility", mobility, "Fast transition is offered.",
	      .type = "uint8_t"),
	FIELD(A, "dot11.advertisedssid.dot11r_mobility_domain_id", mobility_domain,
	      "Mobility domain."),
	FIELD(A, "dot11.advertisedssid.dot11e_qbss", qbss, "The load is told.",
	      .type = "uint8_t"),
	FIELD(A, "dot11.advertisedssid.dot11e_qbss_stations", qbss_stations,
	      "Stations that the AP tells of."),
	FIELD_CALL_REAL("dot11.advertisedssid.dot11e_channel_utilization_perc", qbss_percent,
			"Load of the channel in percent."),
	FIELD(A, "dot11.advertisedssid.ccx_txpower", ccx_power, "Cisco CCX power in dBm."),
	FIELD(A, "dot11.advertisedssid.cisco_client_mfp", cisco_mfp,
	      "Cisco's client management frame protection.", .type = "uint8_t"),
	FIELD(A, "dot11.advertisedssid.dot11s.meshid", mesh_id, "Mesh identifier."),
	FIELD(A, "dot11.advertisedssid.dot11s.gateway", mesh_gateway, "Mesh gate.",
	      .present = has_mesh, .type = "uint8_t"),
	FIELD(A, "dot11.advertisedssid.dot11s.num_peerings", mesh_peerings, "Mesh peers.",
	      .present = has_mesh),
	FIELD(A, "dot11.advertisedssid.dot11s.forwarding", mesh_forwarding, "Mesh forwards.",
	      .present = has_mesh, .type = "uint8_t"),
	FIELD(A, "dot11.advertisedssid.advertised_txpower", tpc_power,
	      "Transmit power by the TPC report."),
};
static struct field_table advertised_table =
	FIELD_TABLE(A, "dot11 advertised ssid", advertised_rows);

#define P struct dot11_probed
static struct field_text probed_crypt(const void *obj, struct field_ctx *ctx)
{
	return crypt_words(((const P *) obj)->crypt, ctx);
}
static bool probed_mobility(const void *o)
{
	return ((const P *) o)->mobility;
}
static bool probed_wps(const void *o)
{
	return ((const P *) o)->has_wps;
}
static struct field_text no_bssid(const void *obj, struct field_ctx *ctx)
{
	(void) obj;
	(void) ctx;
	return (struct field_text){"00:00:00:00:00:00", 17};
}
static const struct field probed_rows[] = {
	FIELD(P, "dot11.probedssid.ssid", ssid, "Name looked for; empty for any.",
	      .type = "string"),
	FIELD(P, "dot11.probedssid.ssidlen", ssid.len, "Octets of the name.", .type = "uint32_t",
	      .flags = FIELD_VIEW),
	FIELD_CALL_TEXT("dot11.probedssid.bssid", no_bssid, "BSSID; not used.",
			.type = "mac_addr"),
	FIELD(P, "dot11.probedssid.first_time", first_sec, "First probe.", .type = "uint64_t"),
	FIELD(P, "dot11.probedssid.last_time", last_sec, "Last probe.", .type = "uint64_t"),
	FIELD(P, "dot11.probedssid.dot11r_mobility", mobility, "Fast transition is named.",
	      .present = probed_mobility, .type = "uint8_t"),
	FIELD(P, "dot11.probedssid.dot11r_mobility_domain_id", mobility_domain,
	      "Mobility domain.", .present = probed_mobility),
	FIELD(P, "dot11.probedssid.crypt_bitfield", crypt, "Encryption, 64 bits."),
	FIELD(P, "dot11.probedssid.crypt_set", crypt_set, "Encryption, the older bits."),
	FIELD_CALL_TEXT("dot11.probedssid.crypt_string", probed_crypt, "Encryption, in words."),
	FIELD(P, "dot11.probedssid.wpa_mfp_required", mfp_required,
	      "Management frame protection is required.", .type = "uint8_t"),
	FIELD(P, "dot11.probedssid.wpa_mfp_supported", mfp_supported,
	      "Management frame protection is supported.", .type = "uint8_t"),
	FIELD(P, "dot11.probedssid.wps_version", wps_version, "WPS version.",
	      .present = probed_wps),
	FIELD(P, "dot11.probedssid.wps_state", wps_state,
	      "WPS bits: configured 1, not configured 2, locked 4.", .present = probed_wps),
	FIELD(P, "dot11.probedssid.wps_config_methods", wps_config_methods, "WPS methods.",
	      .present = probed_wps),
	FIELD(P, "dot11.probedssid.wps_manuf", wps_manuf, "WPS manufacturer."),
	FIELD(P, "dot11.probedssid.wps_device_name", wps_device_name, "WPS device name."),
	FIELD(P, "dot11.probedssid.wps_model_name", wps_model_name, "WPS model."),
	FIELD(P, "dot11.probedssid.wps_model_number", wps_model_number, "WPS model number."),
	FIELD(P, "dot11.probedssid.wps_serial_number", wps_serial, "WPS serial number."),
};
static struct field_table probed_table = FIELD_TABLE(P, "dot11 probed ssid", probed_rows);

/* Links. */

static struct field_text client_bssid_key(const void *obj, struct field_ctx *ctx)
{
	const struct dot11_client *c = obj;
	struct key k = {key_phy_hash("IEEE802.11"), c->bssid};
	char text[KEY_TEXT_SIZE];

	key_format(&k, text);
	return arena_text(ctx, text);
}
#define C struct dot11_client
static const struct field ip_rows[] = {
	FIELD(C, "kismet.common.ipdata.type", ip_kind, "What told it: 3 ARP, 4 DHCP.", .type = "int32_t"),
	FIELD(C, "kismet.common.ipdata.address", ip_address, "IPv4 address, as a number.",
	      .type = "uint64_t"),
	FIELD(C, "kismet.common.ipdata.netmask", ip_netmask, "Its network mask, as a number.",
	      .type = "uint64_t"),
	FIELD(C, "kismet.common.ipdata.gateway", ip_gateway, "Its router, as a number.",
	      .type = "uint64_t"),
};
static struct field_table ip_table = FIELD_TABLE(C, "ip data", ip_rows);
static const void *client_ip(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return ((const C *) obj)->ip_kind ? obj : NULL;
}

static const struct field client_rows[] = {
	FIELD(C, "dot11.client.bssid", bssid, "Address of the access point."),
	FIELD_CALL_TEXT("dot11.client.bssid_key", client_bssid_key, "Its device key.",
			.type = "devicekey"),
	FIELD(C, "dot11.client.first_time", first_sec, "First frame.", .type = "uint64_t"),
	FIELD(C, "dot11.client.last_time", last_sec, "Last frame.", .type = "uint64_t"),
	FIELD(C, "dot11.client.type", type, "Kind of client, 0 when unknown."),
	FIELD(C, "dot11.client.dhcp_host", dhcp_host, "Host name told by DHCP."),
	FIELD(C, "dot11.client.dhcp_vendor", dhcp_vendor, "Vendor class told by DHCP."),
	FIELD(C, "dot11.client.eap_identity", eap_identity, "EAP identity."),
	FIELD(C, "dot11.client.decrypted", decrypted, "Data was decrypted.", .type = "uint8_t"),
	FIELD(C, "dot11.client.datasize", datasize, "Octets of data."),
	FIELD(C, "dot11.client.datasize_retry", datasize_retry, "Octets sent again."),
	FIELD(C, "dot11.client.num_fragments", fragments, "Fragments."),
	FIELD(C, "dot11.client.num_retries", retries, "Retries."),
	FIELD_CALL_OBJECT("dot11.client.ipdata", client_ip, &ip_table, "Its IPv4 address."),
};
static struct field_table client_table = FIELD_TABLE(C, "dot11 client", client_rows);

static const struct field advertised_elem = FIELD_ELEM_SELF(&advertised_table);
static const struct field probed_elem = FIELD_ELEM_SELF(&probed_table);
static const struct field client_elem = FIELD_ELEM_SELF(&client_table);
static const struct field client_key = FIELD_ELEM(C, bssid);
static const struct field eapol_elem = FIELD_ELEM_SELF(&eapol_table);
static const struct field nonce_elem = FIELD_ELEM_SELF(&nonce_table);
static const struct field handshake_key = FIELD_ELEM(struct dot11_handshake, client);
static const struct field handshake_value =
	FIELD_MANY(struct dot11_handshake, "", keys, &eapol_elem, "");
static const struct field mac_self = FIELD_ELEM_KIND(FIELD_MAC);

static struct field_text associated_device_key(const void *obj, struct field_ctx *ctx)
{
	struct key k = {key_phy_hash("IEEE802.11"), *(const struct mac *) obj};
	char text[KEY_TEXT_SIZE];

	key_format(&k, text);
	return arena_text(ctx, text);
}
static const struct field associated_value =
	FIELD_CALL_TEXT("", associated_device_key, "", .type = "devicekey");

#define X struct dot11_device
static const void *last_advertised(const void *obj, struct field_ctx *ctx)
{
	const X *x = obj;
	const struct dot11_advertised *a = x->last_was_response ? x->responded.items : x->advertised.items;
	uint32_t n = x->last_was_response ? x->responded.count : x->advertised.count;

	(void) ctx;
	for (uint32_t i = 0; x->has_last_advertised && i < n; i++)
		if (a[i].hash == x->last_advertised)
			return &a[i];
	return NULL;
}
static const void *last_probed(const void *obj, struct field_ctx *ctx)
{
	const X *x = obj;

	(void) ctx;
	for (uint32_t i = 0; x->has_last_probed && i < x->probed.count; i++)
		if (x->probed.items[i].hash == x->last_probed)
			return &x->probed.items[i];
	return NULL;
}
#define COUNT(name, member)                                                                        \
	static uint64_t name(const void *obj, struct field_ctx *ctx)                               \
	{                                                                                          \
		(void) ctx;                                                                        \
		return ((const X *) obj)->member.count;                                            \
	}
COUNT(count_clients, clients)
COUNT(count_advertised, advertised)
COUNT(count_responded, responded)
COUNT(count_probed, probed)
COUNT(count_associated, associated)
#define HAS(name, expression)                                                                      \
	static bool name(const void *obj)                                                          \
	{                                                                                          \
		const X *x = obj;                                                                  \
		return expression;                                                                 \
	}
HAS(has_clients, x->clients.count > 0)
HAS(has_advertised, x->advertised.count > 0)
HAS(has_responded, x->responded.count > 0)
HAS(has_probed, x->probed.count > 0)
HAS(has_associated, x->associated.count > 0)
HAS(has_handshakes, x->handshakes.count > 0)
HAS(has_nonces, x->nonces.count > 0)
HAS(has_anonces, x->anonces.count > 0)

static const struct field dot11_rows[] = {
	FIELD(X, "dot11.device.typeset", typeset,
	      "Bits: beaconing AP 1, ad-hoc 2, client 4, wired 8, WDS 16, answering AP 256.",
	      .type = "uint64_t"),
	FIELD_KEYED(X, "dot11.device.client_map", clients, &client_key, &client_elem,
		    "What it did at each access point.", .present = has_clients,
		    .type = "map[macaddr, x]"),
	FIELD_CALL_U64("dot11.device.num_client_aps", count_clients, "Access points it used."),
	FIELD_MANY(X, "dot11.device.advertised_ssid_map", advertised, &advertised_elem,
		   "Networks in its beacons.", .present = has_advertised),
	FIELD_CALL_U64("dot11.device.num_advertised_ssids", count_advertised,
		       "Networks in its beacons."),
	FIELD_MANY(X, "dot11.device.responded_ssid_map", responded, &advertised_elem,
		   "Networks in its probe responses.", .present = has_responded),
	FIELD_CALL_U64("dot11.device.num_responded_ssids", count_responded,
		       "Networks in its probe responses."),
	FIELD_MANY(X, "dot11.device.probed_ssid_map", probed, &probed_elem,
		   "Networks it looked for.", .present = has_probed),
	FIELD_CALL_U64("dot11.device.num_probed_ssids", count_probed, "Networks it looked for."),
	FIELD_KEYED(X, "dot11.device.associated_client_map", associated, &mac_self,
		    &associated_value, "Its clients and their keys.", .present = has_associated,
		    .type = "map[macaddr, x]"),
	FIELD_CALL_U64("dot11.device.num_associated_clients", count_associated, "Its clients."),
	FIELD(X, "dot11.device.client_disconnects", disconnects,
	      "Deauthentications and disassociations of the current burst.", .type = "uint64_t"),
	FIELD(X, "dot11.device.client_disconnects_last", last_disconnect_sec,
	      "Time of the last of them.", .type = "uint64_t"),
	FIELD(X, "dot11.device.last_sequence", last_sequence, "Last sequence number.",
	      .type = "uint64_t"),
	FIELD(X, "dot11.device.bss_timestamp", bss_timestamp,
	      "Timestamp of the last beacon in microseconds."),
	FIELD(X, "dot11.device.num_fragments", fragments, "Fragmented frames."),
	FIELD(X, "dot11.device.num_retries", retries, "Frames sent again."),
	FIELD(X, "dot11.device.datasize", datasize, "Octets of data."),
	FIELD(X, "dot11.device.datasize_retry", datasize_retry, "Octets sent again."),
	FIELD(X, "dot11.device.last_bssid", last_bssid, "BSSID of the last frame."),
	FIELD(X, "dot11.device.last_beacon_timestamp", last_beacon_sec,
	      "Packet time of the last beacon.", .type = "uint64_t"),
	FIELD(X, "dot11.device.wps_m3_count", wps_m3_count, "WPS M3 messages in the window.",
	      .type = "uint64_t"),
	FIELD(X, "dot11.device.wps_m3_last", wps_m3_last_sec, "Time of the last M3.",
	      .type = "uint64_t"),
	FIELD_KEYED(X, "dot11.device.wpa_handshake_list", handshakes, &handshake_key,
		    &handshake_value, "EAPOL key frames by client.", .present = has_handshakes,
		    .type = "map[macaddr, x]"),
	FIELD_MANY(X, "dot11.device.wpa_nonce_list", nonces, &nonce_elem,
		   "Recent nonces of message 3.", .present = has_nonces),
	FIELD_MANY(X, "dot11.device.wpa_anonce_list", anonces, &nonce_elem,
		   "Recent nonces of message 1.", .present = has_anonces),
	FIELD_OWN(X, "dot11.device.ssid_beacon_packet", beacon_packet, &packet_table,
		  "One beacon, whole."),
	FIELD_OWN(X, "dot11.device.pmkid_packet", pmkid_packet, &packet_table,
		  "One frame with a PMKID, whole."),
	FIELD(X, "dot11.device.min_tx_power", min_tx_power, "Least power of a client.",
	      .type = "uint8_t"),
	FIELD(X, "dot11.device.max_tx_power", max_tx_power, "Greatest power of a client.",
	      .type = "uint8_t"),
	FIELD(X, "dot11.device.link_measurement_capable", rm_link_measurement,
	      "Measures links.", .type = "uint8_t"),
	FIELD(X, "dot11.device.neighbor_report_capable", rm_neighbor_report,
	      "Reports neighbours.", .type = "uint8_t"),
	FIELD(X, "dot11.device.beacon_fingerprint", beacon_fingerprint,
	      "xxHash32 of the beacon's elements that do not change."),
	FIELD(X, "dot11.device.probe_fingerprint", probe_fingerprint,
	      "xxHash32 of the probe's elements that do not change."),
	FIELD(X, "dot11.device.response_fingerprint", response_fingerprint,
	      "xxHash32 of the response's elements that do not change."),
	FIELD_CALL_OBJECT("dot11.device.last_beaconed_ssid_record", last_advertised,
			  &advertised_table, "The network told of last."),
	FIELD_CALL_OBJECT("dot11.device.last_probed_ssid_record", last_probed, &probed_table,
			  "The network looked for last."),
};
struct field_table dot11_table = FIELD_TABLE(X, "dot11 device", dot11_rows);

static const void *dot11_of(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return device_part(obj, dot11_phy);
}

void dot11_register(uint8_t phy)
{
	static const struct field row = FIELD_CALL_OBJECT("dot11.device", dot11_of, &dot11_table,
							  "What the 802.11 phy knows.");

	dot11_phy = phy;
	device_add_part(phy, &dot11_table, &row);
}
