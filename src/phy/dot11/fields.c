#include "phy/dot11/fields.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "field/copy.h"
#include "field/load.h"
#include "phy/dot11/dot11.h"
#include "phy/dot11/elements.h"
#include "phy/dot11/key_frames.h"
#include "phy/dot11/links.h"
#include "phy/dot11/ssid_fields.h"

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

static bool set_packet_sec(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	(void) row;
	(void) l;
	return field_load_sec(v, &((struct dot11_packet *) obj)->time_us);
}
static bool set_packet_usec(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	(void) row;
	(void) l;
	return field_load_usec(v, &((struct dot11_packet *) obj)->time_us);
}

static const struct field packet_rows[] = {
	FIELD_CALL_U64("kismet.packet.ts_sec", packet_sec, "Packet time, seconds.", .set = set_packet_sec),
	FIELD_CALL_U64("kismet.packet.ts_usec", packet_usec, "Packet time, microseconds.", .set = set_packet_usec),
	FIELD(struct dot11_packet, "kismet.packet.dlt", linktype, "Link type.", .type = "uint64_t"),
	FIELD_CALL_U64("kismet.packet.source", packet_source, "Number of the source."),
	FIELD(struct dot11_packet, "kismet.packet.data", data, "Octets of the frame."),
};
static struct field_table packet_table = FIELD_TABLE(struct dot11_packet, "raw packet", packet_rows);

/* EAPOL. */

/* Seconds with six decimals, back. */
static bool load_time(uint64_t *to_us, const struct json_in *v)
{
	double t;

	if (!json_in_real(v, &t) || !(t >= 0 && t <= UINT32_MAX))
		return false;
	*to_us = (uint64_t) llround(t * 1e6);
	return true;
}

static double eapol_time(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return seconds_of(((const struct dot11_eapol *) obj)->time_us);
}

#define E struct dot11_eapol
static struct field_text eapol_nonce(const void *obj, struct field_ctx *ctx)
{
	const E *e = obj;

	return dot11_hex(e->frame.p + e->nonce_at, e->nonce_at ? 32 : 0, ctx);
}
static struct field_text eapol_pmkid(const void *obj, struct field_ctx *ctx)
{
	const E *e = obj;

	return dot11_hex(e->frame.p + e->pmkid_at, e->pmkid_at ? 16 : 0, ctx);
}
/* The replay counter stands before the nonce (IEEE 802.11-2020 figure 12-34). */
static uint64_t eapol_replay(const void *obj, struct field_ctx *ctx)
{
	const E *e = obj;
	struct span s = span_of(e->frame.p + e->nonce_at - (e->nonce_at ? 8 : 0), 8);

	(void) ctx;
	return e->nonce_at ? span_be64(&s) : 0;
}
static const void *eapol_packet(const void *obj, struct field_ctx *ctx)
{
	struct dot11_packet p = dot11_eapol_packet(obj);

	return arena_copy(ctx->arena, &p, sizeof(p));
}
static bool set_eapol_time(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	(void) row;
	(void) l;
	return load_time(&((E *) obj)->time_us, v);
}
static bool set_eapol_packet(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	E *e = obj;
	struct dot11_packet p = {0};

	field_load(row->table, &p, v, l);
	free(e->frame.p);
	e->frame = p.data;
	return true;
}
static const struct field eapol_rows[] = {
	FIELD_CALL_REAL("dot11.eapol.timestamp", eapol_time, "Packet time.", .set = set_eapol_time),
	FIELD(struct dot11_eapol, "dot11.eapol.direction", direction, "Distribution: ad-hoc 0, from 1, to 2, inter 3."),
	FIELD(struct dot11_eapol, "dot11.eapol.message_num", message,
	      "Message of the four-way handshake, 0 when unknown."),
	FIELD_CALL_U64("dot11.eapol.replay_counter", eapol_replay, "Replay counter of the key frame."),
	FIELD(struct dot11_eapol, "dot11.eapol.install", install, "Install bit."),
	FIELD_CALL_TEXT("dot11.eapol.nonce", eapol_nonce, "Nonce in hex."),
	FIELD_CALL_TEXT("dot11.eapol.rsn_pmkid", eapol_pmkid, "PMKID in hex."),
	FIELD_CALL_OBJECT("dot11.eapol.packet", eapol_packet, &packet_table, "The frame.", .set = set_eapol_packet),
	FIELD(E, "norn.eapol.frame", frame, "Its octets.", .flags = FIELD_HIDDEN),
};
static struct field_table eapol_table = FIELD_TABLE(struct dot11_eapol, "dot11 eapol", eapol_rows);

static double nonce_time(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return seconds_of(((const struct dot11_nonce *) obj)->time_us);
}
static struct field_text nonce_text(const void *obj, struct field_ctx *ctx)
{
	return dot11_hex(((const struct dot11_nonce *) obj)->nonce, 32, ctx);
}
static bool set_nonce_time(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	(void) row;
	(void) l;
	return load_time(&((struct dot11_nonce *) obj)->time_us, v);
}
static bool set_nonce(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	(void) row;
	(void) l;
	return field_load_octets(v, ((struct dot11_nonce *) obj)->nonce, 32);
}
static const struct field nonce_rows[] = {
	FIELD_CALL_REAL("dot11.eapol.nonce.timestamp", nonce_time, "Packet time.", .set = set_nonce_time),
	FIELD(struct dot11_nonce, "dot11.eapol.nonce.message_num", message, "Message number."),
	FIELD(struct dot11_nonce, "dot11.eapol.nonce.replay_counter", replay_counter, "Highest replay counter seen."),
	FIELD(struct dot11_nonce, "dot11.eapol.nonce.install", install, "Install bit."),
	FIELD_CALL_TEXT("dot11.eapol.nonce.nonce", nonce_text, "Nonce in hex.", .set = set_nonce),
};
static struct field_table nonce_table = FIELD_TABLE(struct dot11_nonce, "dot11 nonce", nonce_rows);

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
#define CM struct dot11_client_more
static const struct field ip_rows[] = {
	FIELD(CM, "kismet.common.ipdata.type", ip_kind, "Where it comes from: 3 ARP, 4 DHCP.", .type = "int32_t"),
	FIELD(CM, "kismet.common.ipdata.address", ip_address, "IPv4 address, as a number.", .type = "uint64_t"),
	FIELD(CM, "kismet.common.ipdata.netmask", ip_netmask, "Its network mask, as a number.", .type = "uint64_t"),
	FIELD(CM, "kismet.common.ipdata.gateway", ip_gateway, "Its router, as a number.", .type = "uint64_t"),
};
static struct field_table ip_table = FIELD_TABLE(CM, "ip data", ip_rows);
static const void *client_ip(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return ((const CM *) obj)->ip_kind ? obj : NULL;
}

static bool set_ip(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	field_load(row->table, obj, v, l);
	return true;
}

/* What a client's `more` owns; shown by the rows of the client. */
#define OWNED(m) FIELD(CM, "", m, "Owned text.", .flags = FIELD_HIDDEN)
static const struct field more_rows[] = {
	OWNED(dhcp_host),    OWNED(dhcp_vendor),
	OWNED(eap_identity), OWNED(cdp_device),
	OWNED(cdp_port),     OWNED(lldp_device),
	OWNED(lldp_port),    FIELD_OWN(CM, "", location, &location_table, "Owned location.", .flags = FIELD_HIDDEN),
};
static struct field_table more_table = FIELD_TABLE(CM, "dot11 client's own", more_rows);

static uint64_t not_counted(const void *obj, struct field_ctx *ctx)
{
	(void) obj;
	(void) ctx;
	return 0;
}

#define MORE(wire, m, text) FIELD(CM, wire, m, text, FIELD_BEHIND(C, more))
static const struct field client_rows[] = {
	FIELD(C, "dot11.client.bssid", bssid, "Address of the access point."),
	FIELD_CALL_TEXT("dot11.client.bssid_key", client_bssid_key, "Its device key.", .type = "devicekey"),
	FIELD(C, "dot11.client.first_time", first_sec, "First frame.", .type = "uint64_t"),
	FIELD(C, "dot11.client.last_time", last_sec, "Last frame.", .type = "uint64_t"),
	FIELD(C, "dot11.client.type", type, "Kind of client, 0 when unknown."),
	MORE("dot11.client.dhcp_host", dhcp_host, "Host name from DHCP."),
	MORE("dot11.client.dhcp_vendor", dhcp_vendor, "Vendor class from DHCP."),
	MORE("dot11.client.eap_identity", eap_identity, "EAP identity."),
	MORE("dot11.client.cdp_device", cdp_device, "Device that CDP announces."),
	MORE("dot11.client.cdp_port", cdp_port, "Its port."),
	MORE("norn.client.lldp_device", lldp_device, "Device that LLDP announces."),
	MORE("norn.client.lldp_port", lldp_port, "Its port."),
	FIELD(C, "dot11.client.decrypted", decrypted, "Data was decrypted.", .type = "uint8_t"),
	FIELD_CALL_U64("dot11.client.datasize", not_counted,
		       "Always 0, as Kismet never counts them; see norn.client.datasize."),
	FIELD(C, "norn.client.datasize", datasize, "Octets of data."),
	FIELD(C, "dot11.client.datasize_retry", datasize_retry, "Octets sent again."),
	FIELD(C, "dot11.client.num_fragments", fragments, "Fragments."),
	FIELD(C, "dot11.client.num_retries", retries, "Retries."),
	FIELD(C, "dot11.client.tx_cryptset", tx_crypt, "Encryption of the data it sent, 64 bits."),
	FIELD(C, "dot11.client.rx_cryptset", rx_crypt, "Encryption of the data it got, 64 bits."),
	FIELD_CALL_OBJECT("dot11.client.ipdata", client_ip, &ip_table, "Its IPv4 address.", FIELD_BEHIND(C, more),
			  .set = set_ip),
	FIELD_OWN(CM, "dot11.client.location", location, &location_table, "Where it was seen at this access point.",
		  FIELD_BEHIND(C, more)),
	FIELD_OWN(C, "", more, &more_table, "Owned record.", .flags = FIELD_HIDDEN),
};
static struct field_table client_table = FIELD_TABLE(C, "dot11 client", client_rows);

static const struct field advertised_elem = FIELD_ELEM_SELF(&dot11_advertised_table);
static const struct field probed_elem = FIELD_ELEM_SELF(&dot11_probed_table);
static const struct field client_elem = FIELD_ELEM_SELF(&client_table);
static const struct field client_key = FIELD_ELEM(C, bssid);
static const struct field eapol_elem = FIELD_ELEM_SELF(&eapol_table);
static const struct field nonce_elem = FIELD_ELEM_SELF(&nonce_table);
static const struct field handshake_key = FIELD_ELEM(struct dot11_handshake, client);
static struct field_items handshake_keys(const void *obj, struct field_ctx *ctx)
{
	return dot11_handshake_keys(obj, ctx->arena);
}
/* Where the octets written in a text are in the frame; 0: nowhere. */
static uint16_t offset_of(const struct json_in *v, size_t n, const struct octets *frame)
{
	uint8_t octets[32];
	const uint8_t *at;

	if (frame->n == 0 || !field_load_octets(v, octets, n))
		return 0;
	at = memmem(frame->p, frame->n, octets, n);
	return at ? (uint16_t) (at - frame->p) : 0;
}
static bool set_handshake(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	(void) row;
	for (size_t i = 0; i < json_in_count(v); i++) {
		const struct json_in *one = json_in_at(v, i);
		E e = {0};

		field_load(&eapol_table, &e, one, l);
		e.nonce_at = offset_of(json_in_get(one, "dot11.eapol.nonce"), 32, &e.frame);
		e.pmkid_at = offset_of(json_in_get(one, "dot11.eapol.rsn_pmkid"), 16, &e.frame);
		l->refused += !dot11_handshake_add(obj, &e);
		free(e.frame.p);
	}
	return ((const struct dot11_handshake *) obj)->count > 0;
}
static const struct field handshake_value =
	FIELD_CALL_LIST("", handshake_keys, sizeof(struct dot11_eapol), &eapol_elem, "", .set = set_handshake);
static const struct field handshake_owned = FIELD_ELEM(struct dot11_handshake, packed);
static const struct field mac_self = FIELD_ELEM_KIND(FIELD_MAC);

static struct field_text associated_device_key(const void *obj, struct field_ctx *ctx)
{
	struct key k = {key_phy_hash("IEEE802.11"), *(const struct mac *) obj};
	char text[KEY_TEXT_SIZE];

	key_format(&k, text);
	return arena_text(ctx, text);
}
static const struct field associated_value = FIELD_CALL_TEXT("", associated_device_key, "", .type = "devicekey");

#define X struct dot11_device
const struct dot11_advertised *dot11_latest_network(const X *x)
{
	const struct dot11_advertised *a = x->last_was_response ? x->responded.items : x->advertised.items;
	uint32_t n = x->last_was_response ? x->responded.count : x->advertised.count;

	for (uint32_t i = 0; x->has_last_advertised && i < n; i++)
		if (a[i].hash == x->last_advertised)
			return &a[i];
	return NULL;
}
static const void *last_advertised(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return dot11_latest_network(obj);
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
/* Whom it may be. */
static struct field_text same_key(const void *obj, struct field_ctx *ctx)
{
	return associated_device_key(&((const X *) obj)->same_as, ctx);
}
static const struct field same_rows[] = {
	FIELD(X, "norn.same_as.address", same_as, "The address that it had before."),
	FIELD_CALL_TEXT("norn.same_as.key", same_key, "The key of that device.", .type = "devicekey"),
	FIELD(X, "norn.same_as.percent", same_percent, "How sure that is."),
};
static struct field_table same_table = FIELD_TABLE(X, "same as", same_rows);
static const struct field same_elem = FIELD_ELEM_SELF(&same_table);
static struct field_items same_as(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return (struct field_items){obj, 1};
}
static bool has_same(const void *obj)
{
	return ((const X *) obj)->same_percent;
}

/* Reading back. */
static bool set_same(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	(void) row;
	field_load(&same_table, obj, json_in_at(v, 0), l);
	return true;
}
static bool has_last_advertised(const void *obj)
{
	return ((const X *) obj)->has_last_advertised;
}
static bool set_last_advertised(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	X *x = obj;

	x->has_last_advertised = field_load_value(row, obj, v, l);
	return x->has_last_advertised;
}
static bool last_was_response(const void *obj)
{
	return ((const X *) obj)->last_was_response;
}
static bool has_last_probed(const void *obj)
{
	return ((const X *) obj)->has_last_probed;
}
static bool set_last_probed(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	X *x = obj;

	x->has_last_probed = field_load_value(row, obj, v, l);
	return x->has_last_probed;
}
/* Kismet publishes the latest records alone. */
static bool set_last_network(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	X *x = obj;
	int64_t hash;

	(void) row;
	if (l->version || !json_in_whole(json_in_get(v, "dot11.advertisedssid.ssid_hash"), &hash))
		return true;
	x->last_advertised = (uint32_t) hash;
	x->has_last_advertised = true;
	x->last_was_response = true;
	for (uint32_t i = 0; i < x->advertised.count; i++)
		x->last_was_response &= x->advertised.items[i].hash != x->last_advertised;
	return true;
}
static bool set_last_probe(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	struct dot11_probed p = {0};
	X *x = obj;

	if (l->version)
		return true;
	field_load(row->table, &p, v, l);
	x->last_probed = p.hash;
	x->has_last_probed = true;
	field_free(row->table, &p);
	return true;
}
/* Lists that no option bounds. */
static void dot11_loaded(void *obj, struct field_load *l)
{
	const X *x = obj;

	(void) l;
	if (x->keys && x->keys->nonces.count > DOT11_NONCES_MAX)
		x->keys->nonces.count = DOT11_NONCES_MAX;
	if (x->keys && x->keys->anonces.count > DOT11_NONCES_MAX)
		x->keys->anonces.count = DOT11_NONCES_MAX;
}

#define COUNT(name, member)                                                                                            \
	static uint64_t name(const void *obj, struct field_ctx *ctx)                                                   \
	{                                                                                                              \
		(void) ctx;                                                                                            \
		return ((const X *) obj)->member.count;                                                                \
	}
COUNT(count_clients, clients)
COUNT(count_advertised, advertised)
COUNT(count_responded, responded)
COUNT(count_probed, probed)
COUNT(count_associated, associated)
#define HAS(name, expression)                                                                                          \
	static bool name(const void *obj)                                                                              \
	{                                                                                                              \
		const X *x = obj;                                                                                      \
		return expression;                                                                                     \
	}
HAS(has_introduction, x->introduction != NULL)
HAS(has_clients, x->clients.count > 0)
HAS(has_advertised, x->advertised.count > 0)
HAS(has_responded, x->responded.count > 0)
HAS(has_probed, x->probed.count > 0)
HAS(has_associated, x->associated.count > 0)

#define K struct dot11_keys
static bool has_handshakes(const void *obj)
{
	return ((const K *) obj)->handshakes.count > 0;
}
static bool wants_beacon(const void *obj)
{
	return ((const K *) obj)->keep_beacon;
}
static bool has_nonces(const void *obj)
{
	return ((const K *) obj)->nonces.count > 0;
}
static bool has_anonces(const void *obj)
{
	return ((const K *) obj)->anonces.count > 0;
}
/* Messages held of any client: bit 1 for the first to bit 4 for the fourth. */
static uint64_t present_handshake(const void *obj, struct field_ctx *ctx)
{
	const K *k = obj;
	uint64_t bits = 0;

	(void) ctx;
	for (uint32_t i = 0; i < k->handshakes.count; i++)
		bits |= dot11_handshake_messages(&k->handshakes.items[i]);
	return bits & ~UINT64_C(1);
}
static const struct field keys_rows[] = {
	FIELD_KEYED(K, "", handshakes, &handshake_key, &handshake_owned, "Handshakes.", .flags = FIELD_HIDDEN),
	FIELD_MANY(K, "", nonces, &nonce_elem, "Nonces.", .flags = FIELD_HIDDEN),
	FIELD_MANY(K, "", anonces, &nonce_elem, "Nonces.", .flags = FIELD_HIDDEN),
	FIELD_OWN(K, "", beacon_packet, &packet_table, "Frame.", .flags = FIELD_HIDDEN),
	FIELD_OWN(K, "", pmkid_packet, &packet_table, "Frame.", .flags = FIELD_HIDDEN),
};
static struct field_table keys_table = FIELD_TABLE(K, "dot11 keys", keys_rows);

static struct field_items device_channels(const void *obj, struct field_ctx *ctx)
{
	const void *probed = last_probed(obj, ctx);

	return probed ? supported_channels(probed, ctx) : (struct field_items){NULL, 0};
}
static struct field_items device_capabilities(const void *obj, struct field_ctx *ctx)
{
	const void *probed = last_probed(obj, ctx);

	return probed ? extended_capabilities(probed, ctx) : (struct field_items){NULL, 0};
}
static const void *device_multi_link(const void *obj, struct field_ctx *ctx)
{
	const void *probed = last_probed(obj, ctx);

	return probed ? multi_link(probed, ctx) : NULL;
}
static bool has_channels(const void *obj)
{
	const void *probed = last_probed(obj, NULL);

	return probed && channels_there(probed);
}
static bool has_capabilities(const void *obj)
{
	const void *probed = last_probed(obj, NULL);

	return probed && capabilities_there(probed);
}

static const struct field dot11_rows[] = {
	FIELD(X, "dot11.device.typeset", typeset,
	      "Bits: beaconing AP 1, ad-hoc 2, client 4, wired 8, WDS 16, answering AP 256.", .type = "uint64_t"),
	FIELD_KEYED(X, "dot11.device.client_map", clients, &client_key, &client_elem,
		    "What it did at each access point.", .present = has_clients, .type = "map[macaddr, x]",
		    .most = 1 + LIMIT_CLIENTS),
	FIELD_CALL_U64("dot11.device.num_client_aps", count_clients, "Access points it used."),
	FIELD_MANY(X, "dot11.device.advertised_ssid_map", advertised, &advertised_elem, "Networks in its beacons.",
		   .present = has_advertised, .most = 1 + LIMIT_SSIDS),
	FIELD_CALL_U64("dot11.device.num_advertised_ssids", count_advertised, "Networks in its beacons."),
	FIELD_MANY(X, "dot11.device.responded_ssid_map", responded, &advertised_elem,
		   "Networks in its probe responses.", .present = has_responded, .most = 1 + LIMIT_SSIDS),
	FIELD_CALL_U64("dot11.device.num_responded_ssids", count_responded, "Networks in its probe responses."),
	FIELD_MANY(X, "dot11.device.probed_ssid_map", probed, &probed_elem, "Networks it looked for.",
		   .present = has_probed, .most = 1 + LIMIT_SSIDS),
	FIELD_CALL_U64("dot11.device.num_probed_ssids", count_probed, "Networks it looked for."),
	FIELD_KEYED(X, "dot11.device.associated_client_map", associated, &mac_self, &associated_value,
		    "Its clients and their keys.", .present = has_associated, .type = "map[macaddr, x]",
		    .most = 1 + LIMIT_CLIENTS),
	FIELD_CALL_U64("dot11.device.num_associated_clients", count_associated, "Its clients."),
	FIELD(X, "dot11.device.client_disconnects", disconnects,
	      "Deauthentications and disassociations of the current burst.", .type = "uint64_t"),
	FIELD(X, "dot11.device.client_disconnects_last", last_disconnect_sec, "Time of the last of them.",
	      .type = "uint64_t"),
	FIELD(X, "dot11.device.last_sequence", last_sequence, "Last sequence number.", .type = "uint64_t"),
	FIELD(X, "dot11.device.bss_timestamp", bss_timestamp, "Timestamp of the last beacon in microseconds."),
	FIELD(X, "dot11.device.num_fragments", fragments, "Fragmented frames."),
	FIELD(X, "dot11.device.num_retries", retries, "Frames sent again."),
	FIELD(X, "dot11.device.datasize", datasize, "Octets of data."),
	FIELD(X, "dot11.device.datasize_retry", datasize_retry, "Octets sent again."),
	FIELD(X, "dot11.device.last_bssid", last_bssid, "BSSID of the last frame."),
	FIELD(X, "dot11.device.last_beacon_timestamp", last_beacon_sec, "Packet time of the last beacon.",
	      .type = "uint64_t"),
	FIELD(X, "dot11.device.wps_m3_count", wps_m3_count, "WPS M3 messages in the window.", .type = "uint64_t"),
	FIELD(X, "dot11.device.wps_m3_last", wps_m3_last_sec, "Time of the last M3.", .type = "uint64_t"),
	FIELD_KEYED(K, "dot11.device.wpa_handshake_list", handshakes, &handshake_key, &handshake_value,
		    "EAPOL key frames by client.", .present = has_handshakes, FIELD_BEHIND(X, keys),
		    .type = "map[macaddr, x]", .most = 1 + LIMIT_CLIENTS),
	FIELD_MANY(K, "dot11.device.wpa_nonce_list", nonces, &nonce_elem, "Recent nonces of message 3.",
		   .present = has_nonces, FIELD_BEHIND(X, keys)),
	FIELD_MANY(K, "dot11.device.wpa_anonce_list", anonces, &nonce_elem, "Recent nonces of message 1.",
		   .present = has_anonces, FIELD_BEHIND(X, keys)),
	FIELD_OWN(K, "dot11.device.ssid_beacon_packet", beacon_packet, &packet_table, "One beacon, whole.",
		  FIELD_BEHIND(X, keys)),
	FIELD_OWN(K, "dot11.device.pmkid_packet", pmkid_packet, &packet_table, "One frame with a PMKID, whole.",
		  FIELD_BEHIND(X, keys)),
	FIELD_CALL_U64("dot11.device.wpa_present_handshake", present_handshake,
		       "Messages held of the four-way handshake: the first 2, the second 4, the "
		       "third 8, the fourth 16.",
		       .type = "uint8_t", FIELD_BEHIND(X, keys)),
	FIELD_OWN(X, "norn.device.introduction", introduction, &packet_table,
		  "The latest frame that names the network.", .flags = FIELD_STATE),
	FIELD(X, "norn.device.introduced_by", introduced_by,
	      "What it is: nameless 0, of a station that joins 1, with the name 2.", .flags = FIELD_STATE,
	      .present = has_introduction),
	FIELD_OWN(X, "", keys, &keys_table, "Owned record.", .flags = FIELD_HIDDEN),
	FIELD(X, "dot11.device.min_tx_power", min_tx_power, "Least power of a client.", .type = "uint8_t"),
	FIELD(X, "dot11.device.max_tx_power", max_tx_power, "Greatest power of a client.", .type = "uint8_t"),
	FIELD_CALL_LIST("dot11.device.supported_channels", device_channels, sizeof(double), &channel_elem,
			"Channels that it can use.", .present = has_channels),
	FIELD_CALL_LIST("dot11.device.extended_capabilities", device_capabilities, sizeof(char *), &capability_elem,
			"Names of its extended capabilities.", .present = has_capabilities),
	FIELD_CALL_LIST("norn.device.same_as", same_as, sizeof(X), &same_elem,
			"Devices that this one may be under an earlier address.", .present = has_same, .set = set_same),
	FIELD_CALL_OBJECT("norn.device.multi_link", device_multi_link, &multi_link_table,
			  "The 802.11be device that it is a link of."),
	FIELD(X, "dot11.device.link_measurement_capable", rm_link_measurement, "Measures links.", .type = "uint8_t"),
	FIELD(X, "dot11.device.neighbor_report_capable", rm_neighbor_report, "Reports neighbours.", .type = "uint8_t"),
	FIELD(X, "dot11.device.beacon_fingerprint", beacon_fingerprint,
	      "xxHash32 of the beacon's elements that do not change; 0: none seen."),
	FIELD(X, "dot11.device.probe_fingerprint", probe_fingerprint,
	      "xxHash32 of the probe's elements that do not change; 0: none seen."),
	FIELD(X, "dot11.device.response_fingerprint", response_fingerprint,
	      "xxHash32 of the response's elements that do not change; 0: none seen."),
	FIELD_CALL_OBJECT("dot11.device.last_beaconed_ssid_record", last_advertised, &dot11_advertised_table,
			  "The network announced last.", .set = set_last_network),
	FIELD_CALL_OBJECT("dot11.device.last_probed_ssid_record", last_probed, &dot11_probed_table,
			  "The network looked for last.", .set = set_last_probe),
	FIELD(X, "norn.device.last_network", last_advertised, "Hash of the network announced last.",
	      .flags = FIELD_STATE, .present = has_last_advertised, .set = set_last_advertised),
	FIELD(X, "norn.device.last_was_response", last_was_response, "It was announced in a probe response.",
	      .flags = FIELD_STATE, .present = last_was_response),
	FIELD(X, "norn.device.last_probed", last_probed, "Hash of the network looked for last.", .flags = FIELD_STATE,
	      .present = has_last_probed, .set = set_last_probed),
	FIELD(K, "norn.device.keep_beacon", keep_beacon, "The next beacon belongs to the handshake.",
	      .flags = FIELD_STATE, .present = wants_beacon, FIELD_BEHIND(X, keys)),
};
struct field_table dot11_table = FIELD_TABLE(X, "dot11 device", dot11_rows, .loaded = dot11_loaded);
