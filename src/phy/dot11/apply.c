#include "phy/dot11/apply.h"

#include <string.h>

#include "base/mem.h"
#include "base/quick.h"
#include "phy/dot11/channel.h"
#include "phy/dot11/eapol.h"
#include "phy/dot11/nontransmitted.h"
#include "phy/dot11/read.h"
#include "phy/dot11/show.h"
#include "phy/dot11/space.h"
#include "phy/dot11/ssid.h"
#include "phy/dot11/stations.h"
#include "phy/uav/uav.h"
#include "track/packet_ctx.h"
#include "wire/dot11/summary.h"

#define ETHERTYPE_EAPOL 0x888e

static bool is_join(const struct frame *f)
{
	return f->type == FRAME_MANAGEMENT && (f->subtype == MGMT_ASSOC_REQ || f->subtype == MGMT_REASSOC_REQ);
}

static void count_frame(const struct packet_ctx *p, struct dot11_device *x)
{
	const struct frame *f = p->frame;

	if (p->duplicate || f->type != FRAME_DATA)
		return;
	x->fragments += f->more_fragments;
	x->retries += f->retry;
	x->datasize += p->data_len;
	if (f->retry)
		x->datasize_retry += p->data_len;
}

/* An access point that deals with a station, whose own frames may have been missed. Any station that asks gets a probe
 * response, which proves nothing. */
static bool deals_with_station(const struct frame *f)
{
	return mac_equal(&f->bssid, &f->source) && !frame_is_of_network(f) && addressable(&f->destination) &&
	       !mac_equal(&f->bssid, &f->destination);
}

static void observe_management(struct packet_ctx *p, enum role role, struct device *d, struct dot11_device *x)
{
	const struct frame *f = p->frame;
	bool from_station = addressable(&f->bssid) && !mac_equal(&f->bssid, &f->source);
	bool deals = deals_with_station(f);

	if (from_station && role == ROLE_BSSID && addressable(&f->source))
		dot11_link_client(p, x, &f->source);
	if (from_station && role == ROLE_BSSID && addressable(&f->destination) &&
	    !mac_equal(&f->destination, &f->bssid))
		dot11_link_client(p, x, &f->destination);
	if (deals && role == ROLE_BSSID)
		dot11_link_client(p, x, &f->destination);
	if ((from_station && (role == ROLE_SOURCE || role == ROLE_DESTINATION)) || (deals && role == ROLE_DESTINATION))
		dot11_link_to_ap(p, &d->key.mac, x);
	if (role == ROLE_BSSID && frame_is_of_network(f))
		dot11_observe_network(p, d, x);
	if (role == ROLE_SOURCE && (f->subtype == MGMT_PROBE_REQ || is_join(f)))
		dot11_observe_probe(p, d, x);
	if (role == ROLE_BSSID && from_station && is_join(f))
		dot11_observe_join(p, d, x);
	if (role == ROLE_BSSID && (f->subtype == MGMT_DEAUTH || f->subtype == MGMT_DISASSOC) && !p->duplicate) {
		x->disconnects = p->packet_sec - x->last_disconnect_sec > 1 ? 1 : x->disconnects + 1;
		x->last_disconnect_sec = p->packet_sec;
	}
}

/* M3 messages of WPS (WSC 2.0.8 table 34) within a minute of each other. */
static void count_m3(const struct packet_ctx *p, struct dot11_device *x)
{
	if (frame_of(p)->wps_message != 7 || p->duplicate)
		return;
	x->wps_m3_count = p->packet_sec - x->wps_m3_last_sec > 60 ? 1 : x->wps_m3_count + 1;
	x->wps_m3_last_sec = p->packet_sec;
}

static void show_station(const struct packet_ctx *p, struct device *d, struct dot11_device *x)
{
	if (p->observed)
		dot11_show(p, OBSERVED_STATION, d, &(struct dot11_shown){.record = x});
}

/* The access point keeps the handshake, the client its nonces. In a four-address frame the one whose message wants an
 * answer is the authenticator (IEEE 802.11-2020 12.7.2). */
static void observe_key(const struct packet_ctx *p, enum role role, struct device *d, struct dot11_device *x)
{
	const struct frame *f = p->frame;
	const struct mac *client = dot11_station_of(p);
	bool is_ap = role == ROLE_BSSID;

	if (f->distribution == DIST_INTER_DS) {
		bool from_ap = f->eapol.message == 1 || f->eapol.message == 3;

		client = from_ap ? &f->receiver : &f->transmitter;
		is_ap = mac_equal(from_ap ? &f->transmitter : &f->receiver, &d->key.mac);
	}
	if (is_ap && client && addressable(client))
		dot11_observe_key(p, d, x, client);
	else if (!is_ap && client && mac_equal(client, &d->key.mac))
		dot11_observe_nonce(p, x);
}

static void observe_data(const struct packet_ctx *p, enum role role, struct device *d, struct dot11_device *x)
{
	const struct frame *f = p->frame;

	if (role == ROLE_BSSID && f->eap_type)
		count_m3(p, x);
	if (f->protected_)
		d->basic_crypt_set |= DEVICE_ENCRYPTED;
	if (f->data_crypt && role != ROLE_SOURCE && role != ROLE_DESTINATION && !x->has_last_advertised) {
		d->crypt_bits |= f->data_crypt; /* of a network that has not said so itself */
		d->crypt_known = true;
	}
	if (((f->have & FRAME_HAS_EAPOL) || f->ip.kind) && role != ROLE_BSSID && dot11_station_of(p) &&
	    mac_equal(dot11_station_of(p), &d->key.mac))
		show_station(p, d, x);
	dot11_link_stations(p, role, &d->key.mac, x);
	if ((f->have & FRAME_HAS_EAPOL) && !p->duplicate && conf_of(p)->keep_eapol)
		observe_key(p, role, d, x);
}

/* Data frames of a network are shown only where a rule may care: ad-hoc ones, logins, what follows a disconnection, and
 * what stations may forge on the local network. */
static bool names_network(const struct packet_ctx *p, const struct dot11_device *x)
{
	return !quick(QUICK_QUIET_DATA) || frame_of(p)->type == FRAME_MANAGEMENT || (x->typeset & DOT11_ADHOC) ||
	       frame_of(p)->ethertype == ETHERTYPE_EAPOL || frame_of(p)->lan ||
	       (x->last_disconnect_sec && p->packet_sec - x->last_disconnect_sec <= p->observer->disconnected_sec);
}

static bool has_drone_element(const struct frame *f)
{
	return frame_has(f, ELEMENT_DJI_DRONEID) || frame_has(f, ELEMENT_REMOTE_ID);
}

static bool may_be_drone(const struct frame *f)
{
	return f->type == FRAME_MANAGEMENT &&
	       (has_drone_element(f) || f->subtype == MGMT_ACTION || f->subtype == MGMT_ACTION_NO_ACK);
}

/* A device whose lock is held. */
struct locked {
	struct device *device; /* NULL: none is */
	struct shard *shard;
	uint32_t slot;
};

/* The device at `l` if it is locked already, else that of the address; false when there is none. */
static bool lock(const struct packet_ctx *p, const struct mac *mac, uint32_t flags, struct locked *l)
{
	if (l->device)
		device_update(p, l->device, flags, l->shard, l->slot);
	else
		l->device = device_lock(p, mac, flags, &l->shard, &l->slot);
	return l->device;
}

/* Updates the device of that role, which may be locked already, and lets go of it. */
static void apply_role(struct packet_ctx *p, enum role role, const struct mac *mac, struct locked *l)
{
	uint32_t flags = dot11_role_flags(p, role);
	struct dot11_device *x;
	struct device *d;

	if (!lock(p, mac, flags & ~UPDATE_CHANNEL, l))
		return;
	d = l->device;
	l->device = NULL;
	x = device_part(d, PHY_DOT11);
	if (flags & UPDATE_CHANNEL)
		dot11_take_channel(p, d, x);
	if (p->observed && role == ROLE_BSSID && names_network(p, x))
		dot11_show(p, OBSERVED_BSSID, d, &(struct dot11_shown){.record = x});
	dot11_role_signal(p, role, d, x);
	dot11_role_types(p, role, d, x);
	if (frame_of(p)->type != FRAME_DATA || frame_of(p)->distribution != DIST_INTER_DS)
		x->last_bssid = addressable(&frame_of(p)->bssid) ? frame_of(p)->bssid : (struct mac){{0}};
	count_frame(p, x);
	if (role == ROLE_TRANSMITTER || mac_equal(mac, &frame_of(p)->transmitter))
		x->last_sequence = frame_of(p)->sequence;
	if (frame_of(p)->type == FRAME_MANAGEMENT)
		observe_management(p, role, d, x);
	else
		observe_data(p, role, d, x);
	if (space_of(p)->uav_report && mac_equal(mac, &frame_of(p)->source))
		uav_update(d, space_of(p)->uav_report, p->packet->time_us);
	device_unlock(p, l->shard, l->slot);
}

void dot11_apply_bssid(struct packet_ctx *p, const struct mac *bssid)
{
	struct locked none = {0};

	apply_role(p, ROLE_BSSID, bssid, &none);
}

/* Subtypes that the standard reserves: mostly broken frames. */
static bool is_reserved(const struct frame *f)
{
	if (f->type == FRAME_MANAGEMENT)
		return f->subtype == 7 || f->subtype == 15;
	/* 7, CF-Ack and CF-Poll without data, is of a mode that was never built. */
	return f->subtype == 13 || f->subtype == 7;
}

static bool seen_before(const struct mac *m, const struct mac *const *done, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (mac_equal(m, done[i]))
			return true;
	return false;
}

/* Networks whose clocks began together are of one device. */
static void relate_colocated(struct packet_ctx *p)
{
	struct mac colocated[COLOCATED_MAX];
	int64_t began_us = (int64_t) (p->packet->time_us - frame_of(p)->timestamp);
	uint32_t n = colocated_by_clock(state_of(p)->related, &frame_of(p)->bssid, began_us,
					conf_of(p)->colocated_window_us, colocated, COLOCATED_MAX);

	for (uint32_t i = 0; i < n; i++)
		devices_relate(p, &frame_of(p)->bssid, &colocated[i], "dot11_bssts_similar");
}

/* Networks with the same WPS UUID say that they are of one device. */
static void relate_uuid(struct packet_ctx *p)
{
	struct mac colocated[COLOCATED_MAX];
	uint32_t n = colocated_by_uuid(state_of(p)->related, &frame_of(p)->bssid, space_of(p)->colocated_uuid,
				       colocated, COLOCATED_MAX);

	for (uint32_t i = 0; i < n; i++)
		devices_relate(p, &frame_of(p)->bssid, &colocated[i], "norn_wps_uuid");
}

static void begin(struct dot11_space *own)
{
	own->uav.ask = own->direct_link = own->new_network = own->of_unknown = own->decrypted = own->of_profile = false;
	own->uav_report = NULL;
	own->same.percent = 0;
	own->colocated_uuid = 0;
	own->ssids.n = 0;
}

/* Control frames that rules look at: few of all. */
static bool is_shown_control(const struct packet_ctx *p, const struct frame *f)
{
	if (f->type != FRAME_CONTROL)
		return false;
	return !quick(QUICK_QUIET_CONTROL) || f->subtype == CONTROL_PS_POLL ||
	       ((f->subtype == CONTROL_RTS || f->subtype == CONTROL_CTS) &&
		(f->duration > p->observer->reserved_us || f->duration == 0));
}

/* What a beacon or probe response says, against what the network said before. Each name in an answer of its own counts
 * at once. Under the lock. */
static bool is_believed(const struct packet_ctx *p, struct dot11_device *x)
{
	const struct frame *f = p->frame;
	struct unverified *u = frame_is_beacon(f) ? &x->beacons_believed : &x->answers_believed;
	uint32_t sum = unverified_sum(f);

	if (!frame_is_beacon(f) && !dot11_has_answered(x, f)) {
		(void) unverified_takes(u, sum);
		return true;
	}
	return p->duplicate ? unverified_takes_again(u, sum) : unverified_takes(u, sum);
}

/* Of a beacon or probe response that was not checked and is not believed, the frame alone counts: it was sent, so
 * strong, there and then, and to a station that is answered once and seen in nothing else. True if that is all. Drones
 * share a BSSID, and their positions change all the time. The network of a beacon that is believed stays locked. */
static bool apply_unbelieved(struct packet_ctx *p, struct dot11_space *own, struct locked *ret_bssid)
{
	const struct frame *f = p->frame;
	struct locked l;

	if (may_be_drone(f))
		return false;
	if (unverified_is_torn_apart(f))
		return true;
	l.device = device_lock_known(p, &f->bssid, &l.shard, &l.slot);
	if (!l.device) {
		own->of_unknown = true;
		return false;
	}
	if (is_believed(p, device_part(l.device, PHY_DOT11))) {
		if (frame_is_beacon(f) && addressable(&f->bssid))
			*ret_bssid = l;
		else
			device_release(l.shard);
		return false;
	}
	device_update(p, l.device, dot11_role_flags(p, ROLE_BSSID) & ~(uint32_t) UPDATE_CHANNEL, l.shard, l.slot);
	device_unlock(p, l.shard, l.slot);
	l.device = NULL;
	if (!conf_of(p)->ap_only && addressable(&f->destination))
		apply_role(p, ROLE_DESTINATION, &f->destination, &l);
	return true;
}

/* What the first frame of a BSSID said is held against the next, too. */
static void note_first(struct packet_ctx *p)
{
	const struct frame *f = p->frame;
	struct shard *s;
	uint32_t slot;
	struct device *d = device_lock_known(p, &f->bssid, &s, &slot);

	if (!d)
		return;
	(void) is_believed(p, device_part(d, PHY_DOT11));
	device_release(s);
}

void dot11_apply(struct packet_ctx *p, struct packet *packet, void *space)
{
	struct dot11_space *own = space;
	struct frame *f = &own->frame;
	bool wds = f->type == FRAME_DATA && f->distribution == DIST_INTER_DS;
	struct locked held = {.device = NULL}; /* the network, until it is updated: it comes first */
	struct uav_report drone;
	const struct mac *done[5];
	size_t n = 0;
	const struct {
		enum role role;
		const struct mac *mac;
		bool use;
	} roles[] = {
		{ROLE_TRANSMITTER, &f->transmitter, wds},
		{ROLE_RECEIVER, &f->receiver, wds},
		{ROLE_BSSID, &f->bssid, !wds},
		{ROLE_SOURCE, &f->source, true},
		{ROLE_DESTINATION, &f->destination, true},
	};

	begin(own);
	p->frame = f;
	p->retry = f->retry;
	if (conf_of(p)->n_wep_keys || hides_data(p))
		dot11_make_ready(p, packet, f);
	if (p->observed && is_shown_control(p, f))
		dot11_show(p, OBSERVED_CONTROL, NULL, &(struct dot11_shown){.record = NULL});
	if (f->short_header || (f->type != FRAME_MANAGEMENT && f->type != FRAME_DATA) || is_reserved(f))
		return;
	if (frame_is_of_network(f) && !p->packet->fcs_good && !p->made && apply_unbelieved(p, own, &held))
		return;
	if (f->type == FRAME_DATA)
		p->data_len = (uint32_t) f->body.left;
	dot11_set_channel(p);
	if (p->observed && !frame_is_beacon(f))
		dot11_show(p, OBSERVED_FRAME, NULL, &(struct dot11_shown){.record = NULL});
	if (f->type == FRAME_MANAGEMENT && f->subtype == MGMT_PROBE_REQ && !p->duplicate)
		own->same = related_probe(state_of(p)->related, f, p->packet->time_us);
	if (may_be_drone(f) && uav_read(f, &drone))
		own->uav_report = &drone;
	for (size_t i = 0; i < ARRAY_SIZE(roles); i++) {
		if (!roles[i].use || !addressable(roles[i].mac) ||
		    (conf_of(p)->ap_only && roles[i].role != ROLE_BSSID) || seen_before(roles[i].mac, done, n))
			continue;
		apply_role(p, roles[i].role, roles[i].mac, &held);
		done[n++] = roles[i].mac;
	}
	if (own->of_unknown)
		note_first(p);
	if (own->uav_report && !mac_equal(&f->source, &f->bssid))
		own->uav.ask = false; /* the sender is the drone, and has identified itself */
	own->uav_report = NULL;
	if (own->new_network && conf_of(p)->link_colocated && !p->made)
		relate_colocated(p);
	if (own->colocated_uuid)
		relate_uuid(p);
	if (own->uav.ask)
		dot11_match_uav(p);
	for (uint32_t i = 0; i < own->ssids.n; i++)
		ssids_observe(state_of(p)->ssids, &own->ssids.items[i]);
	own->ssids.n = 0;
	dot11_apply_others(p);
}
