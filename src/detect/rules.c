#include "detect/rules.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json_out.h"
#include "base/mem.h"

#define FLOOD_FRAMES 10     /* more than so many, each within a second of the last */
#define WPS_MESSAGES 5      /* more M3 than so many, each within five minutes */
#define WPS_SEC 300
#define TIMESTAMP_GAP_SEC 10
#define TIMESTAMP_JUMP_US 10000000
#define TIMESTAMP_JUMPS 5
#define TIMESTAMP_RESET_SEC 5
#define ELEMENTS_MAX 512

enum { KEY_PAIRWISE = 8, KEY_INSTALL = 0x40, KEY_ACK = 0x80, KEY_MIC = 0x100 };

static const struct field watch_rows[] = {
	FIELD(struct watch, "norn.watch.deauths", deauths, "Disconnections in a row."),
};
struct field_table watch_table = FIELD_TABLE(struct watch, "watch", watch_rows);

#define ARGS                                                                                       \
	const struct rule_settings *set, const struct sighting *s, struct effect *e, bool *raise
#define UNUSED_SET (void) set
#define UNUSED_EFFECT (void) e

/* The next element of that number at or after *at; false at the end. */
static bool next_element(struct span *at, uint8_t id, struct span *ret_body)
{
	uint8_t got;

	for (size_t i = 0; i < ELEMENTS_MAX && span_next_ie(at, &got, ret_body); i++)
		if (got == id)
			return true;
	return false;
}

/* The first vendor element of that OUI and type (24 + 8 bits); *ret_body is what follows the type. */
static bool next_vendor(struct span *at, uint32_t oui_type, struct span *ret_body)
{
	while (next_element(at, 221, ret_body))
		if (span_be32(ret_body) == oui_type && !ret_body->bad)
			return true;
	return false;
}

static bool element_longer(const struct frame *f, uint8_t id, size_t most, size_t *ret_length)
{
	struct span at = f->ies, body;

	while (frame_has_element(f, id) && next_element(&at, id, &body)) {
		*ret_length = body.left;
		if (body.left > most)
			return true;
	}
	return false;
}

static bool has_oui(const struct mac *m, uint32_t oui)
{
	return mac_u64(m) >> 24 == oui;
}

static bool ssid_is(const struct ssid *s, const char *text)
{
	return s->len == strlen(text) && memcmp(s->b, text, s->len) == 0;
}

static bool ssid_holds(const struct ssid *s, const char *text)
{
	return memmem(s->b, s->len, text, strlen(text)) != NULL;
}

static bool ssid_is_empty(const struct ssid *s)
{
	for (uint8_t i = 0; i < s->len; i++)
		if (s->b[i])
			return false;
	return true;
}

/* Networks that are known. */

static void adhoc_conflict(ARGS)
{
	UNUSED_SET;
	UNUSED_EFFECT;
	*raise = s->frame->type == FRAME_DATA &&
		 (s->frame->distribution == DIST_FROM_DS || s->frame->distribution == DIST_TO_DS) &&
		 (s->device->basic_type_set & DEVICE_PEER) && !(s->device->basic_type_set & DEVICE_AP);
}

static void crypt_change(ARGS)
{
	UNUSED_SET;
	UNUSED_EFFECT;
	*raise = !s->fresh && s->network->crypt != s->frame->crypt &&
		 !(s->network->crypt && !s->frame->crypt);
}

static void crypt_drop(ARGS)
{
	UNUSED_SET;
	UNUSED_EFFECT;
	*raise = !s->fresh && s->network->crypt && !s->frame->crypt;
}

static uint32_t beacons_per_second(uint16_t interval)
{
	return interval ? (uint32_t) ceil(1.0 / (interval * 1024 / 1e6)) : 0;
}

static void beacon_rate(ARGS)
{
	UNUSED_SET;
	e->a = s->network->beacon_rate;
	e->b = beacons_per_second(s->frame->beacon_interval);
	*raise = !s->fresh && e->a && e->a != e->b;
}

static void channel_change(ARGS)
{
	UNUSED_SET;
	UNUSED_EFFECT;
	*raise = !s->fresh && *s->network->channel && *s->channel &&
		 strcmp(s->channel, "0") != 0 && strcmp(s->network->channel, s->channel) != 0;
}

static void country_change(ARGS)
{
	UNUSED_SET;
	UNUSED_EFFECT;
	*raise = !s->fresh && (s->frame->have & FRAME_HAS_COUNTRY) && *s->network->country &&
		 memcmp(s->network->country, s->frame->country, 2) != 0;
}

static void airjack(ARGS)
{
	UNUSED_SET;
	UNUSED_EFFECT;
	*raise = s->fresh && ssid_is(&s->ssid, "AirJack");
}

static void format_string(ARGS)
{
	UNUSED_SET;
	UNUSED_EFFECT;
	*raise = s->fresh && (ssid_holds(&s->ssid, "%s") || ssid_holds(&s->ssid, "%n") ||
			      ssid_holds(&s->ssid, "%p") || ssid_holds(&s->ssid, "%@"));
}

static bool is_valid_for(const struct ssid_rule *r, const struct mac *m)
{
	for (uint32_t i = 0; i < r->n_macs; i++)
		if (mac_matches(m, &r->macs[i]))
			return true;
	return false;
}

static bool ssid_rules_match(const struct rule_settings *set, const struct sighting *s, bool canary,
			     struct effect *e)
{
	for (uint32_t i = 0; i < set->n_ssid_rules && !ssid_is_empty(&s->ssid); i++) {
		const struct ssid_rule *r = &set->ssid_rules[i];

		if (r->canary != canary || !regex_match(r->ssid, (const char *) s->ssid.b, s->ssid.len))
			continue;
		e->a = i;
		return canary || !is_valid_for(r, &s->frame->source);
	}
	return false;
}

static void ap_spoof(ARGS)
{
	*raise = s->fresh && ssid_rules_match(set, s, false, e);
}

static void canary(ARGS)
{
	*raise = s->fresh && ssid_rules_match(set, s, true, e);
}

static void canary_probed(ARGS)
{
	*raise = ssid_rules_match(set, s, true, e);
}

static void bcast_disconnect(ARGS)
{
	UNUSED_SET;
	e->a = s->frame->reason;
	*raise = !s->is_new && mac_u64(&s->frame->destination) == UINT64_C(0xffffffffffff);
}

static void deauth_flood(ARGS)
{
	struct watch *w = device_own_part(s->device, WATCH_PART);

	UNUSED_SET;
	if (!w)
		return;
	w->deauths = s->packet_sec - w->last_deauth_sec <= 1 ? w->deauths + 1 : 1;
	w->last_deauth_sec = s->packet_sec;
	e->a = w->deauths;
	*raise = w->deauths > FLOOD_FRAMES;
	if (*raise)
		w->deauths = 1;
}

static void bss_timestamp(ARGS)
{
	uint64_t was = s->dot11->bss_timestamp, is = s->frame->timestamp;
	uint64_t elapsed = (uint64_t) (s->packet_sec - s->before_sec) * 1000000;
	uint64_t expected = was + elapsed, away = is > expected ? is - expected : expected - is;
	struct watch *w;

	UNUSED_SET;
	if (s->is_new || was == 0 || (s->frame->capability & 2) || s->packet_sec < s->before_sec ||
	    away <= TIMESTAMP_JUMP_US)
		return;
	w = device_own_part(s->device, WATCH_PART);
	if (!w)
		return;
	w->timestamp_jumps = s->packet_sec - w->last_jump_sec <= TIMESTAMP_RESET_SEC ?
				     w->timestamp_jumps + 1 : 1;
	w->last_jump_sec = s->packet_sec;
	e->a = was;
	e->b = is;
	*raise = w->timestamp_jumps > TIMESTAMP_JUMPS;
}

static void no_client_mfp(ARGS)
{
	UNUSED_SET;
	UNUSED_EFFECT;
	*raise = !s->is_new && !(s->frame->mfp_supported || s->frame->mfp_required);
}

static void wps_brute(ARGS)
{
	struct watch *w;

	UNUSED_SET;
	if (s->frame->wps.message != 7) /* M3 (WSC 2.0.8 table 34) */
		return;
	w = device_own_part(s->device, WATCH_PART);
	if (!w)
		return;
	w->m3s = s->packet_sec - w->last_m3_sec <= WPS_SEC ? w->m3s + 1 : 1;
	w->last_m3_sec = s->packet_sec;
	e->a = w->m3s;
	*raise = w->m3s > WPS_MESSAGES;
	if (*raise)
		w->m3s = 1;
}

/* Elements that no honest station sends. */

static void long_ssid(ARGS)
{
	size_t n = 0;

	UNUSED_SET;
	*raise = element_longer(s->frame, 0, SSID_MAX, &n);
	e->a = n;
}

static void long_ds(ARGS)
{
	size_t n = 0;

	UNUSED_SET;
	*raise = element_longer(s->frame, 3, 1, &n);
	e->a = n;
}

static void long_ext_cap(ARGS)
{
	size_t n = 0;

	UNUSED_SET;
	*raise = element_longer(s->frame, 127, 13, &n);
	e->a = n;
}

static void rates_exploit(ARGS)
{
	static const uint8_t ids[] = {1, 50}, sign[] = {0x75, 0xeb, 0x49};

	UNUSED_SET;
	UNUSED_EFFECT;
	for (size_t i = 0; i < ARRAY_SIZE(ids) && !*raise; i++) {
		struct span at = s->frame->ies, body;

		while (frame_has_element(s->frame, ids[i]) && !*raise && next_element(&at, ids[i], &body))
			*raise = body.left && memmem(body.p, body.left, sign, sizeof(sign)) != NULL;
	}
}

static void rsn_loop(ARGS)
{
	struct span at = s->frame->ies, body;

	UNUSED_SET;
	while (frame_has_element(s->frame, 48) && next_element(&at, 48, &body)) {
		uint16_t count;

		span_skip(&body, 6); /* version, group cipher */
		count = span_le16(&body);
		e->a = count;
		if (!body.bad && count > 1024)
			*raise = true;
	}
}

static void wmm_overflow(ARGS)
{
	struct span at = s->frame->ies, body;

	UNUSED_SET;
	while (frame_has_element(s->frame, 221) && next_vendor(&at, 0x0050f202, &body)) {
		e->a = body.left + 4;
		if (body.left + 4 > 24)
			*raise = true;
	}
}

static void wmm_tspec(ARGS)
{
	struct span at = s->frame->ies, body;
	unsigned n = 0;

	UNUSED_SET;
	while (frame_has_element(s->frame, 221) && next_vendor(&at, 0x0050f202, &body))
		n += span_u8(&body) == 2 && !body.bad;
	e->a = n;
	*raise = n > 4;
}

/* Wi-Fi P2P: attribute 12, notice of absence, is at most 28 octets long. */
static void p2p_absence(ARGS)
{
	struct span at = s->frame->ies, body;

	UNUSED_SET;
	while (frame_has_element(s->frame, 221) && next_vendor(&at, 0x506f9a09, &body)) {
		for (size_t i = 0; i < ELEMENTS_MAX && body.left; i++) {
			uint8_t id = span_u8(&body);
			uint16_t n = span_le16(&body);

			if (!body.bad && id == 12 && n > 28) {
				e->a = n;
				*raise = true;
			}
			(void) span_up_to(&body, n);
		}
	}
}

static void netgear_beacon(ARGS)
{
	static const uint8_t sign[] = {0x6a, 0x39, 0x58, 0x01};
	struct span m = s->packet->mpdu;

	UNUSED_SET;
	UNUSED_EFFECT;
	*raise = m.left >= 1184 && memcmp(m.p + 1180, sign, sizeof(sign)) == 0;
}

static void broadcom_beacon(ARGS)
{
	UNUSED_SET;
	UNUSED_EFFECT;
	*raise = has_oui(&s->frame->source, 0x90e975);
}

static void karma_oui(ARGS)
{
	UNUSED_SET;
	UNUSED_EFFECT;
	*raise = has_oui(&s->frame->source, 0x001337);
}

static void null_probe_response(ARGS)
{
	UNUSED_SET;
	UNUSED_EFFECT;
	*raise = (s->frame->have & FRAME_HAS_SSID) && s->frame->ssid.left == 0 &&
		 !(s->frame->have & FRAME_HAS_MESH_ID);
}

static bool reserved_reason(uint16_t reason)
{
	return (reason >= 25 && reason <= 31) || reason > 45;
}

static void bad_reason(ARGS)
{
	UNUSED_SET;
	e->a = s->frame->reason;
	*raise = reserved_reason(s->frame->reason);
}

/* Radio measurement action with a neighbour report whose channel no band has. */
static void bad_neighbor_channel(ARGS)
{
	struct span at = s->frame->body, body;
	uint8_t category = span_u8(&at);

	UNUSED_SET;
	if (category != 5 || s->frame->protected_)
		return;
	span_skip(&at, 2); /* action, dialog token */
	while (!at.bad && next_element(&at, 52, &body)) {
		uint8_t channel;

		span_skip(&body, 11); /* BSSID, information, operating class */
		channel = span_u8(&body);
		e->a = channel;
		if (!body.bad && channel > 0xe0)
			*raise = true;
	}
}

static void overpowered(ARGS)
{
	const struct radio *r = &s->packet->radio;

	e->a = (uint64_t) -r->signal_dbm;
	*raise = (r->have & RADIO_HAS_SIGNAL) && r->signal_dbm < 0 && r->signal_dbm > set->max_signal;
}

/* Handshakes. */

static bool is_zero(struct span s)
{
	for (uint32_t i = 0; i < s.left; i++)
		if (s.p[i])
			return false;
	return true;
}

static void nonce_degrade(ARGS)
{
	const struct frame_eapol *k = &s->frame->eapol;

	UNUSED_SET;
	UNUSED_EFFECT;
	*raise = (k->info & KEY_MIC) && !(k->info & (KEY_ACK | KEY_INSTALL | KEY_PAIRWISE)) &&
		 k->key_length == 0 && is_zero(k->nonce);
}

static bool nonce_stood(const struct sighting *s, const struct dot11_nonce *n, uint32_t count,
			bool first)
{
	const struct frame_eapol *k = &s->frame->eapol;

	for (uint32_t i = 0; i < count; i++)
		if (k->nonce.left == sizeof(n[i].nonce) &&
		    memcmp(n[i].nonce, k->nonce.p, sizeof(n[i].nonce)) == 0 &&
		    n[i].replay_counter >= k->replay_counter && s->packet->time_us >= n[i].time_us &&
		    (first || s->packet->time_us - n[i].time_us > 1000000))
			return true;
	return false;
}

static void nonce_reuse(ARGS)
{
	const struct frame_eapol *k = &s->frame->eapol;
	bool first = k->message == 1;

	UNUSED_SET;
	UNUSED_EFFECT;
	if ((k->message != 1 && k->message != 3) || s->frame->retry || is_zero(k->nonce))
		return;
	*raise = first ? nonce_stood(s, s->dot11->anonces.items, s->dot11->anonces.count, true) :
			 nonce_stood(s, s->dot11->nonces.items, s->dot11->nonces.count, false);
}

static void long_eapol(ARGS)
{
	UNUSED_SET;
	e->a = s->frame->eapol.length;
	*raise = s->frame->eapol.length > 512;
}

static bool key_of_ap(const struct sighting *s)
{
	const struct frame_eapol *k = &s->frame->eapol;

	return s->frame->distribution == DIST_FROM_DS && (k->info & KEY_INSTALL) && (k->info & KEY_ACK);
}

static void vdoo_27302(ARGS)
{
	UNUSED_SET;
	e->a = s->frame->eapol.key_length;
	*raise = key_of_ap(s) && (s->frame->eapol.info & 7) == 2 && e->a > 0x80;
}

static void vdoo_27301(ARGS)
{
	UNUSED_SET;
	e->a = s->frame->eapol.key_length;
	*raise = key_of_ap(s) && (s->frame->eapol.info & 7) != 2 && e->a > 0x101;
}

#define HIGH SEVERITY_HIGH
#define MEDIUM SEVERITY_MEDIUM
#define LOW SEVERITY_LOW
#define CRITICAL SEVERITY_CRITICAL
#define DISCONNECT (ON(MGMT_DEAUTH) | ON(MGMT_DISASSOC))
#define ASSOC (ON(MGMT_ASSOC_REQ) | ON(MGMT_REASSOC_REQ))
#define REQUESTS (ASSOC | ON(MGMT_PROBE_REQ))
const struct rule rules[] = {
	{"ADHOCCONFLICT", "SPOOF", HIGH, "5/min", "1/sec", SIGHT_BSSID, ON_DATA, false, adhoc_conflict,
	 "{bssid} was an ad-hoc network and now relays traffic as an access point",
	 "One address is used both as an ad-hoc network and as an access point: somebody may "
	 "pretend to be the other."},
	{"ADVCRYPTCHANGE", "SPOOF", HIGH, "5/min", "1/sec", SIGHT_NETWORK, ON_NETWORK, false, crypt_change,
	 "{bssid} advertises other encryption for '{ssid}' than before",
	 "A network changed the encryption it advertises: it was reconfigured, or another station "
	 "imitates it."},
	{"AIRJACKSSID", "PROBE", LOW, "5/min", "1/sec", SIGHT_NETWORK, ON_NETWORK, false, airjack,
	 "{bssid} advertises the name 'AirJack'", "The default name of the AirJack attack tools."},
	{"APSPOOF", "SPOOF", HIGH, "10/min", "1/sec", SIGHT_NETWORK, ON_NETWORK, false, ap_spoof,
	 "{source} advertises '{ssid}', which only the addresses of apspoof={rule} may",
	 "A name from apspoof= is advertised by an address that is not among those allowed for it."},
	{"BADFIXLENIE", "EXPLOIT", HIGH, "10/min", "1/sec", SIGHT_NETWORK, ON_NETWORK, false, long_ds,
	 "{source} sent a channel element of {a} octets instead of one",
	 "An element of fixed length has another: an attack on drivers that trust it."},
	{"BCASTDISCON", "DENIAL", MEDIUM, "5/min", "2/sec", SIGHT_BSSID, DISCONNECT, true,
	 bcast_disconnect,
	 "{bssid} disconnects all stations by a broadcast, reason {a}: it closes down, or somebody "
	 "denies its service",
	 "A broadcast disconnects every station of a network: it closes down, or an attacker forged it."},
	{"BCOM11KCHAN", "EXPLOIT", HIGH, "10/min", "1/sec", SIGHT_FRAME, ON(MGMT_ACTION), false,
	 bad_neighbor_channel, "{source} reports a neighbour on the impossible channel {a}",
	 "A neighbour report with a channel that does not exist: an attack on Broadcom firmware "
	 "(CVE-2017-11120)."},
	{"BEACONRATE", "SPOOF", HIGH, "5/min", "1/sec", SIGHT_NETWORK, ON(MGMT_BEACON), false,
	 beacon_rate, "{bssid} sends {b} beacons of '{ssid}' a second instead of {a}",
	 "A network changed how often it sends beacons: another station may imitate it."},
	{"BSSTIMESTAMP", "SPOOF", MEDIUM, "5/min", "1/sec", SIGHT_BSSID, ON(MGMT_BEACON), false,
	 bss_timestamp, "{bssid} counts its time now as {b} us, then as {a} us: two stations may use "
			"the address",
	 "The clock in a network's beacons jumps again and again: two stations use one address."},
	{"CHANCHANGE", "SPOOF", LOW, "5/min", "1/sec", SIGHT_NETWORK, ON(MGMT_BEACON), false,
	 channel_change, "{bssid} moved '{ssid}' to channel {channel}",
	 "A network changed its channel: by itself, or another station imitates it."},
	{"CRYPTODROP", "SPOOF", HIGH, "5/min", "1/sec", SIGHT_NETWORK, ON_NETWORK, false, crypt_drop,
	 "{bssid} advertises '{ssid}' without encryption, which it had before",
	 "A network that was encrypted is open: another station may imitate it."},
	{"DEAUTHFLOOD", "DENIAL", MEDIUM, "5/min", "2/sec", SIGHT_BSSID, DISCONNECT, true, deauth_flood,
	 "{bssid}: {a} disconnections, each within a second of the last",
	 "Many disconnections in a row: an attacker keeps stations off a network."},
	{"DEAUTHCODEINVALID", "EXPLOIT", HIGH, "0/min", "0/sec", SIGHT_FRAME, ON(MGMT_DEAUTH), true,
	 bad_reason, "{source} deauthenticates {dest} with the reserved reason {a}",
	 "A deauthentication with a reason that is not defined, as attack tools send."},
	{"DISCONCODEINVALID", "EXPLOIT", HIGH, "5/min", "1/sec", SIGHT_FRAME, ON(MGMT_DISASSOC), true,
	 bad_reason, "{source} disassociates {dest} with the reserved reason {a}",
	 "A disassociation with a reason that is not defined, as attack tools send."},
	{"DOT11D", "SPOOF", HIGH, "5/min", "1/sec", SIGHT_NETWORK, ON(MGMT_BEACON), false, country_change,
	 "{bssid} changed the country that it advertises for '{ssid}'",
	 "A network changed its country: another station may imitate it, or attack clients' radios."},
	{"FORMATSTRING", "EXPLOIT", HIGH, "5/min", "1/sec", SIGHT_NETWORK, ON_NETWORK, false,
	 format_string, "{source} advertises a name with format characters: '{ssid}'",
	 "A name with characters that badly written programs take for a format."},
	{"KARMAOUI", "PROBE", MEDIUM, "5/min", "1/sec", SIGHT_FRAME, ON(MGMT_PROBE_RESP), false, karma_oui,
	 "{source} answers with an address of the prefix 00:13:37",
	 "The address prefix that Karma tools use by default."},
	{"LONGSSID", "EXPLOIT", CRITICAL, "5/min", "1/sec", SIGHT_FRAME,
	 REQUESTS | ON(MGMT_PROBE_RESP), false, long_ssid, "{source} sent a name of {a} octets",
	 "A name of more than 32 octets: an attack on drivers that trust its length."},
	{"MSFBCOMSSID", "EXPLOIT", MEDIUM, "5/min", "1/sec", SIGHT_NETWORK, ON(MGMT_BEACON), false,
	 broadcom_beacon, "{source} sent a beacon from the prefix 90:E9:75",
	 "The address that an exploit of Broadcom drivers uses (CVE-2006-5882)."},
	{"MSFDLINKRATE", "EXPLOIT", MEDIUM, "5/min", "1/sec", SIGHT_FRAME,
	 REQUESTS | ON(MGMT_PROBE_RESP), false, rates_exploit,
	 "{source} sent rates that hold the code of an exploit",
	 "Rates with the octets of an exploit of D-Link drivers (CVE-2006-6055)."},
	{"MSFNETGEARBEACON", "EXPLOIT", MEDIUM, "5/min", "1/sec", SIGHT_NETWORK, ON(MGMT_BEACON), false,
	 netgear_beacon, "{source} sent a beacon that holds the code of an exploit",
	 "A long beacon with the octets of an exploit of Netgear drivers (CVE-2006-6125)."},
	{"NOCLIENTMFP", "SPOOF", LOW, "10/min", "1/sec", SIGHT_BSSID, ASSOC, false, no_client_mfp,
	 "{source} joins {bssid} without management frame protection: it can be disconnected by anybody",
	 "A station joins without management frame protection, so that anybody can disconnect it."},
	{"NONCEDEGRADE", "EXPLOIT", MEDIUM, "0/min", "0/sec", SIGHT_FRAME, ON_EAPOL, false,
	 nonce_degrade, "{source} sent a group key message with an all-zero nonce to {dest}",
	 "A key message with a nonce of zeros."},
	{"NONCEREUSE", "EXPLOIT", HIGH, "0/min", "0/sec", SIGHT_STATION, ON_EAPOL, false, nonce_reuse,
	 "{source} used a nonce again towards {dest}: a key may be installed anew (KRACK)",
	 "A handshake repeats a nonce: a key reinstallation attack, or a client that reconnects fast."},
	{"NULLPROBERESP", "DENIAL", MEDIUM, "5/min", "1/sec", SIGHT_FRAME, ON(MGMT_PROBE_RESP), false,
	 null_probe_response, "{source} answers with a name of no length",
	 "An answer without a name, which stopped old cards."},
	{"OVERPOWERED", "OTHER", HIGH, "0/min", "0/sec", SIGHT_FRAME, ON_MANAGEMENT, true, overpowered,
	 "{source} is heard at -{a} dBm, louder than a station should be",
	 "A signal stronger than dot11_max_signal: an amplifier, or a transmitter very near."},
	{"PROBECHAN", "SPOOF", MEDIUM, "5/min", "1/sec", SIGHT_NETWORK, ON(MGMT_PROBE_RESP), false,
	 channel_change, "{bssid} answers for '{ssid}' with channel {channel}, not the one before",
	 "An answer names another channel than the answers before it."},
	{"QCOMEXTENDED", "EXPLOIT", HIGH, "0/min", "0/sec", SIGHT_NETWORK, ON_NETWORK, false, long_ext_cap,
	 "{source} sent extended capabilities of {a} octets",
	 "Extended capabilities that are too long: an attack on Qualcomm drivers (CVE-2019-10539)."},
	{"RSNLOOP", "EXPLOIT", HIGH, "5/min", "1/sec", SIGHT_NETWORK, ON_NETWORK, false, rsn_loop,
	 "{source} claims {a} pairwise ciphers", "An RSN element with an impossible number of ciphers."},
	{"RTL8195VD1406", "EXPLOIT", HIGH, "5/min", "1/sec", SIGHT_FRAME, ON_EAPOL, false, long_eapol,
	 "{source} sent a key message of {a} octets to {dest}",
	 "A key message that overflows Realtek RTL8195 (VD-1406)."},
	{"RTLWIFIP2P", "EXPLOIT", HIGH, "5/min", "1/sec", SIGHT_NETWORK, ON_NETWORK, false, p2p_absence,
	 "{source} sent a notice of absence of {a} octets",
	 "A notice of absence that overflows Realtek drivers (CVE-2019-17666)."},
	{"SSIDCANARY", "SPOOF", HIGH, "5/min", "1/sec", SIGHT_NETWORK, ON_NETWORK, false, canary,
	 "{source} advertises the canary name '{ssid}' of ssidcanary={rule}",
	 "Somebody uses a name that nobody should know."},
	{"VDOO202027301", "EXPLOIT", HIGH, "5/min", "1/sec", SIGHT_FRAME, ON_EAPOL, false, vdoo_27301,
	 "{source} sent key data of {a} octets to {dest}",
	 "Key data that overflow Realtek drivers (CVE-2020-27301)."},
	{"VDOO202027302", "EXPLOIT", HIGH, "5/min", "1/sec", SIGHT_FRAME, ON_EAPOL, false, vdoo_27302,
	 "{source} sent key data of {a} octets to {dest}",
	 "Key data that overflow Realtek drivers (CVE-2020-27302)."},
	{"WPSBRUTE", "EXPLOIT", CRITICAL, "5/min", "1/sec", SIGHT_BSSID, ON_DATA, false, wps_brute,
	 "{source} tries WPS PINs at {bssid}: {a} attempts within five minutes of each other",
	 "Many WPS attempts: somebody guesses the PIN."},
	{"WMMOVERFLOW", "EXPLOIT", HIGH, "10/min", "1/sec", SIGHT_NETWORK, ON(MGMT_BEACON), false,
	 wmm_overflow, "{source} sent a WMM element of {a} octets",
	 "A WMM element that overflows Broadcom firmware (CVE-2017-11013)."},
	{"WMMTSPEC", "EXPLOIT", HIGH, "10/min", "1/sec", SIGHT_FRAME,
	 ON(MGMT_ASSOC_RESP) | ON(MGMT_REASSOC_RESP), false, wmm_tspec,
	 "{source} sent {a} WMM traffic specifications",
	 "Too many traffic specifications: an attack on Broadcom firmware (CVE-2017-9417)."},
	/* Second sights of rules above: the definition is theirs. */
	{"LONGSSID", NULL, 0, NULL, NULL, SIGHT_NETWORK, ON(MGMT_BEACON), false, long_ssid,
	 "{source} sent a name of {a} octets", NULL},
	{"MSFDLINKRATE", NULL, 0, NULL, NULL, SIGHT_NETWORK, ON(MGMT_BEACON), false, rates_exploit,
	 "{source} sent rates that hold the code of an exploit", NULL},
	{"SSIDCANARY", NULL, 0, NULL, NULL, SIGHT_PROBED, REQUESTS, false, canary_probed,
	 "{source} looks for the canary name '{ssid}' of ssidcanary={rule}", NULL},
	/* Raised by the server itself. */
	{"DEVICEFOUND", "SYSTEM", HIGH, "10/min", "1/sec", 0, 0, false, NULL, NULL,
	 "A device of devicefound= is there."},
	{"DEVICELOST", "SYSTEM", HIGH, "10/min", "1/sec", 0, 0, false, NULL, NULL,
	 "A device of devicelost= is gone."},
	{"GLOBALHTTPDUSER", "SYSTEM", SEVERITY_INFO, "1/day", "1/day", 0, 0, false, NULL, NULL,
	 "The login stands in the main configuration, in plain text."},
	{"ROOTUSER", "SYSTEM", HIGH, "1/sec", "1/sec", 0, 0, false, NULL, NULL,
	 "The server runs as root, which it does not need."},
	{"SOURCEERROR", "SYSTEM", CRITICAL, "10/min", "10/sec", 0, 0, false, NULL, NULL,
	 "A datasource failed."},
	{"SOURCEOPEN", "SYSTEM", CRITICAL, "10/min", "10/sec", 0, 0, false, NULL, NULL,
	 "A datasource that had failed is open again."},
};
const size_t rule_count = ARRAY_SIZE(rules);

/* A value of `ssid="..."` or `validmacs="..."` behind the name. */
static bool take_option(const char *text, const char *name, char *ret, size_t size)
{
	const char *p = strstr(text, name);
	size_t n;

	if (!p || p[strlen(name)] != '=')
		return false;
	p += strlen(name) + 1;
	if (*p == '"') {
		const char *end = strchr(++p, '"');

		n = end ? (size_t) (end - p) : strlen(p);
	} else {
		n = strcspn(p, ",");
	}
	if (n >= size)
		return false;
	memcpy(ret, p, n);
	ret[n] = '\0';
	return true;
}

bool ssid_rule_parse(const char *text, bool is_canary, struct ssid_rule *r,
		     char ret_error[REGEX_ERROR_SIZE])
{
	char ssid[REGEX_BYTES + 1], macs[SSID_RULE_MACS_MAX * 40] = "", *save = NULL;
	size_t n = strcspn(text, ":");

	*r = (struct ssid_rule){.canary = is_canary};
	(void) snprintf(ret_error, REGEX_ERROR_SIZE, "expected name:ssid=\"expression\"%s",
			is_canary ? "" : ",validmacs=\"address,...\"");
	if (text[n] != ':' || n == 0 || n >= sizeof(r->name) ||
	    !take_option(text + n, "ssid", ssid, sizeof(ssid)))
		return false;
	memcpy(r->name, text, n);
	if (!is_canary && !take_option(text + n, "validmacs", macs, sizeof(macs)))
		return false;
	for (char *m = strtok_r(macs, ", ", &save); m; m = strtok_r(NULL, ", ", &save)) {
		if (r->n_macs == SSID_RULE_MACS_MAX ||
		    mac_mask_parse(m, strlen(m), &r->macs[r->n_macs++]) < 0) {
			(void) snprintf(ret_error, REGEX_ERROR_SIZE, "'%.40s' is no address", m);
			return false;
		}
	}
	r->ssid = regex_compile(ssid, ret_error);
	return r->ssid != NULL;
}
