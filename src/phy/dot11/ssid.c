#include "phy/dot11/ssid.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/clock.h"
#include "base/crc.h"
#include "base/json_out.h"
#include "base/mem.h"
#include "base/quick.h"
#include "field/list.h"
#include "phy/dot11/channel.h"
#include "phy/dot11/crypt.h"
#include "phy/dot11/eapol.h"
#include "phy/dot11/elements.h"
#include "phy/dot11/show.h"
#include "phy/dot11/space.h"
#include "phy/uav/uav.h"
#include "wire/channel.h"
#include "wire/dot11/summary.h"

#define STATE_SEC 60

/* xxHash32 over the octets before the zeros at the end and the count of all, as Kismet 2025 does; but what stands
 * behind a zero counts, so that such names have records of their own. */
uint32_t dot11_name_hash(const struct ssid *ssid)
{
	uint8_t all[SSID_MAX + 4] = {0};
	size_t n = ssid->len;

	while (n && ssid->b[n - 1] == 0)
		n--;

	memcpy(all, ssid->b, n);
	all[n] = ssid->len;
	return XXH32(all, n + 4, 0);
}

/* Of a mesh without a name it is over its configuration. */
static uint32_t network_hash(const struct frame *f, const struct ssid *ssid)
{
	struct mesh_configuration mesh;
	struct span data;

	if (ssid->len == 0 && frame_find(f, ELEMENT_MESH_CONFIGURATION, &data) && mesh_configuration_read(data, &mesh))
		return XXH32(data.p, data.left, 0);
	return dot11_name_hash(ssid);
}

/* A list of elements that is broken before the name, or encrypted, does not show that there is none. */
static bool is_illegible(const struct frame *f)
{
	return ((f->have & (FRAME_IES_TORN | FRAME_IS_S1G)) || f->protected_) && !(f->have & FRAME_HAS_SSID);
}

static struct ssid ssid_of(const struct frame *f)
{
	struct ssid s = {0};

	if (!(f->have & FRAME_HAS_SSID) || f->ssid.left > SSID_MAX || f->ssid.left == 0)
		return s;
	s.len = (uint8_t) f->ssid.left;
	memcpy(s.b, f->ssid.p, s.len);
	return s;
}

static struct dot11_advertised *find_advertised(struct list *l, uint32_t hash)
{
	struct dot11_advertised *a = l->items;

	for (uint32_t i = 0; i < l->count; i++)
		if (a[i].hash == hash)
			return &a[i];
	return NULL;
}

static void observe_ht(const struct frame *f, struct dot11_advertised *a)
{
	struct vht_operation vht;
	struct ht_operation ht;
	struct span data;

	if (!frame_find(f, ELEMENT_HT_OPERATION, &data) || !ht_operation_read(data, &ht))
		return;
	a->ht_mode = ht.offset == 1 ? 2 : ht.offset == 3 ? 3 : 1;
	a->center1_mhz = a->center2_mhz = 0;
	if (!frame_find(f, ELEMENT_VHT_OPERATION, &data) || !vht_operation_read(data, &vht) || vht.width == 0)
		return;
	a->ht_mode = vht.width == 1 ? 4 : vht.width == 2 ? 5 : 6;
	a->center1_mhz = (uint16_t) (5000 + vht.center1 * 5);
	a->center2_mhz = vht.center2 ? (uint16_t) (5000 + vht.center2 * 5) : 0;
}

/* The row of names (b/g/a, n, ac, ax, be) for the generation. */
static uint8_t generation_row(const struct frame *f)
{
	uint8_t generation = frame_generation(f);

	return generation ? (uint8_t) (generation - 3) : 0;
}

/* What elements of a few octets say. */
static void observe_small_elements(const struct frame *f, struct dot11_advertised *a)
{
	struct bss_load load = {0};
	struct country country;
	uint8_t power = 0;
	struct span data;

	if (frame_find(f, ELEMENT_COUNTRY, &data) && country_read(data, &country))
		memcpy(a->country, country.code, sizeof(country.code));
	a->qbss = frame_find(f, ELEMENT_BSS_LOAD, &data) && bss_load_read(data, &load);
	a->qbss_stations = a->qbss ? load.stations : 0;
	a->qbss_utilisation = a->qbss ? load.utilisation : 0;
	a->mobility_domain = 0;
	a->mobility = frame_find(f, ELEMENT_MOBILITY_DOMAIN, &data) && mobility_domain_read(data, &a->mobility_domain);
	a->tpc_power = frame_find(f, ELEMENT_TPC_REPORT, &data) && tpc_report_read(data, &power) ? power : 0;
	a->ccx_power = frame_find(f, ELEMENT_CISCO_POWER, &data) && cisco_power_read(data, &power) ? power : 0;
	a->cisco_mfp = false;
	if (frame_find(f, ELEMENT_CISCO_MFP, &data))
		(void) cisco_mfp_read(data, &a->cisco_mfp);
}

/* Reads every element, for a record that is new or whose elements changed. */
static void observe_elements(const struct frame *f, struct dot11_advertised *a)
{
	const struct frame_security security = frame_security(f);
	struct he_operation he = {0};
	struct span data;

	a->crypt = security.crypt;
	if (a->torn && a->crypt == CRYPT_BIT(CRYPT_WEP)) /* what says more was cut off */
		a->crypt = CRYPT_BIT(CRYPT_UNKNOWN);
	a->crypt_set = crypt_legacy(a->crypt);
	a->mfp_required = security.mfp_required;
	a->mfp_supported = security.mfp_supported;
	a->max_rate_100kbps = frame_rate(f);
	if (a->beacon)
		observe_ht(f, a);
	a->has_country = a->beacon;
	observe_small_elements(f, a);
	if (frame_ap_name(f, &data))
		device_keep_text(&a->beacon_info, data);
	a->generation = generation_row(f);
	a->width_mhz = frame_width_mhz(f);
	a->he_rate_100kbps = frame_he_rate(f);
	if (frame_find(f, ELEMENT_HE_OPERATION, &data) && !he_operation_read(data, &he))
		he = (struct he_operation){0};
	a->bss_color = he.color;
}

/* The name of a network that hides it in its beacons, and showed it in a probe response, or a station that joins. */
static struct ssid revealed_name(const struct dot11_device *x, const struct dot11_advertised *a)
{
	for (uint32_t i = 0; a->cloaked && i < x->responded.count; i++)
		if (!x->responded.items[i].cloaked)
			return x->responded.items[i].ssid;
	return a->cloaked ? dot11_introduced_name(x) : a->ssid;
}

static void name_device(struct device *d, const struct dot11_device *x, const struct dot11_advertised *a,
			const struct frame *f)
{
	const struct ssid ssid = revealed_name(x, a);
	char shown[SSID_TEXT_SIZE];
	struct span mesh_id;

	if (ssid_text(&ssid, shown) == 0 && frame_find(f, ELEMENT_MESH_ID, &mesh_id) && mesh_id.left <= SSID_MAX)
		(void) air_text(mesh_id.p, mesh_id.left, shown, sizeof(shown));
	if (*shown == '\0' && a->beacon_info)
		(void) snprintf(shown, sizeof(shown), "%s", a->beacon_info);
	if (*shown == '\0')
		mac_format(&d->key.mac, shown);
	if (d->name && strcmp(d->name, shown) == 0)
		return;
	free(d->name);
	d->name = xstrdup(shown);
}

static struct dot11_advertised *add_advertised(const struct packet_ctx *p, struct list *l, const struct ssid *ssid,
					       uint32_t hash)
{
	struct dot11_advertised *a;

	if (limit_full(LIMIT_SSIDS, l->count))
		return NULL;
	a = list_add(l, sizeof(*a), NULL);
	*a = (struct dot11_advertised){.ssid = *ssid, .hash = hash, .first_sec = p->packet_sec};
	return a;
}

bool dot11_has_answered(struct dot11_device *x, const struct frame *f)
{
	const struct ssid ssid = ssid_of(f);

	return find_advertised((struct list *) &x->responded, network_hash(f, &ssid));
}

/* Rules look for states again once so long has passed. */
static bool is_state_due(const struct packet_ctx *p, const struct dot11_advertised *a)
{
	return p->observed && (p->packet_sec < a->shown_sec || p->packet_sec - a->shown_sec >= STATE_SEC);
}

static void show_network(const struct packet_ctx *p, struct device *d, const struct dot11_device *x,
			 struct dot11_advertised *a, bool fresh)
{
	struct dot11_shown s = {.record = x, .network = a, .fresh = fresh, .lasting = true, .ssid = a->ssid};

	a->shown_sec = p->packet_sec;
	(void) dot11_named_channel(p, s.channel);
	dot11_show(p, OBSERVED_NETWORK, d, &s);
}

/* Beacons of the second that the last one came in. */
static void count_beacon(const struct packet_ctx *p, struct dot11_advertised *a)
{
	a->beacons_in_sec = a->beacons_sec == p->packet_sec ? a->beacons_in_sec + 1 : 1;
	a->beacons_sec = p->packet_sec;
}

static struct dot11_keep keep_of(const struct packet_ctx *p)
{
	return (struct dot11_keep){conf_of(p)->keep_elements, conf_of(p)->country_full};
}

/* A sum over octets by which frames are told apart; keyed, so that no one can send others of the same sum. 0: none. */
static uint32_t keyed_sum(const struct packet_ctx *p, const uint8_t *octets, size_t n)
{
	uint32_t sum = (uint32_t) XXH3_64bits_withSecret(octets, n, state_of(p)->secret, sizeof(state_of(p)->secret));

	return sum ? sum : 1;
}

/* The same over all elements but the TIM, which differs from beacon to beacon. */
static uint32_t steady_sum(const struct packet_ctx *p, uint32_t sum_of_all)
{
	const struct span *all = &frame_of(p)->elements.list;
	struct span tim;
	size_t before;

	if (!frame_find(frame_of(p), ELEMENT_TIM, &tim) || fingerprint_wants(&conf_of(p)->beacon_elements, ELEMENT_TIM))
		return sum_of_all;
	before = (size_t) (tim.p - all->p) - 2;
	return keyed_sum(p, all->p, before) * 31 + keyed_sum(p, tim.p + tim.left, all->left - before - 2 - tim.left);
}

static void show_fingerprint(const struct packet_ctx *p, struct device *d, const struct dot11_device *x,
			     uint32_t fingerprint)
{
	if (fingerprint && p->observed)
		dot11_show(p, OBSERVED_FINGERPRINT, d, &(struct dot11_shown){.record = x, .fingerprint = fingerprint});
}

/* What a network's elements hash to, when any of the list is among them; `known`: the record has it. */
static void hash_network(const struct packet_ctx *p, struct dot11_device *x, struct dot11_advertised *a, bool known)
{
	const struct frame *f = frame_of(p);

	if (!known)
		a->fingerprint = fingerprint_of(&conf_of(p)->beacon_elements, f->elements.list);
	if (a->fingerprint)
		*(f->subtype == MGMT_BEACON ? &x->beacon_fingerprint : &x->response_fingerprint) = a->fingerprint;
}

/* Probes of a station mostly differ in the name alone: the fingerprint is computed
 * anew only when something else changed. */
static void observe_probe_fingerprint(const struct packet_ctx *p, struct device *d, struct dot11_device *x)
{
	const struct fingerprint_list *list = &conf_of(p)->probe_elements;
	struct span ies = frame_of(p)->elements.list;
	uint32_t sum;

	if (ies.left >= 2 && ies.p[0] == ELEMENT_SSID && ies.p[1] <= ies.left - 2 &&
	    !fingerprint_wants(list, ELEMENT_SSID))
		span_skip(&ies, 2u + ies.p[1]);
	sum = keyed_sum(p, ies.p, ies.left);
	if (!quick(QUICK_SAME_PROBE) || x->probe_sum != sum) {
		uint32_t fingerprint = fingerprint_of(list, ies);

		x->probe_sum = fingerprint ? sum : 0;
		if (!fingerprint)
			return;
		x->probe_fingerprint = fingerprint;
	}
	show_fingerprint(p, d, x, x->probe_fingerprint);
}

/* Notes a name for the table over all devices (ssids.h). */
static void observe_name(const struct packet_ctx *p, const struct device *d, const struct ssid *ssid, uint32_t hash,
			 enum ssid_role role, uint64_t crypt)
{
	struct ssid_observations *l = &space_of(p)->ssids;

	if (!state_of(p)->ssids || ssid_is_hidden(ssid) || l->n == SSID_OBSERVATIONS_MAX)
		return;
	l->items[l->n++] = (struct ssid_observation){.ssid = *ssid,
						     .role = role,
						     .device = d->key,
						     .hash = hash,
						     .packet_sec = p->packet_sec,
						     .server_sec = p->server_sec,
						     .crypt = crypt};
}

static void be_access_point(const struct packet_ctx *p, struct device *d, struct dot11_device *x, bool beacon)
{
	if (beacon) {
		x->bss_timestamp = frame_of(p)->timestamp;
		x->last_beacon_sec = p->packet_sec;
	}
	space_of(p)->new_network = beacon && !(x->typeset & DOT11_BEACON_AP);
	x->typeset |= beacon ? DOT11_BEACON_AP : DOT11_PROBE_AP;
	dot11_set_views(d, x);
}

/* The device's record of a name that it announces or answers to; NULL when the limit is reached. */
static struct dot11_advertised *network_of(const struct packet_ctx *p, const struct device *d, struct dot11_device *x,
					   const struct ssid *ssid, uint32_t hash, bool beacon, bool *ret_fresh)
{
	struct list *l = beacon ? (struct list *) &x->advertised : (struct list *) &x->responded;
	struct dot11_advertised *a = find_advertised(l, hash);

	*ret_fresh = !a;
	if (!a && (a = add_advertised(p, l, ssid, hash)) != NULL)
		model_events_add(p->events, beacon ? MODEL_EVENT_ADVERTISED : MODEL_EVENT_RESPONDED, &d->key, hash);
	return a;
}

/* Whether the record is that of the latest beacon or answer. */
static bool is_latest(const struct dot11_device *x, const struct dot11_advertised *a, bool beacon)
{
	return x->has_last_advertised && x->last_advertised == a->hash && x->last_was_response == !beacon;
}

/* It is the latest now: the device's own facts are those of this network. */
static void be_latest(struct device *d, struct dot11_device *x, const struct dot11_advertised *a, const struct frame *f)
{
	x->last_advertised = a->hash;
	x->last_was_response = f->subtype != MGMT_BEACON;
	x->has_last_advertised = true;
	d->crypt_bits = a->crypt;
	d->crypt_known = true;
	name_device(d, x, a, f);
}

/* Updates the network from the frame. */
static void learn_network(const struct packet_ctx *p, struct dot11_advertised *a)
{
	const struct dot11_keep keep = keep_of(p);
	const struct frame *f = p->frame;
	bool beacon = f->subtype == MGMT_BEACON;

	if (space_of(p)->named_channel)
		memcpy(a->channel, p->channel, sizeof(a->channel));
	a->interval = f->beacon_interval;
	a->privacy = f->capability & CAPABILITY_PRIVACY;
	a->beacon = beacon;
	a->probe_response = !beacon;
	a->cloaked = ssid_is_hidden(&a->ssid);
	a->beacon_rate = beacon ? beacons_per_second(f->beacon_interval) : 0;
	observe_elements(f, a);
	a->all_elements = keep.all;
	dot11_keep_elements(&a->elements, f, &keep);
}

/* What the frame says against what the record has. */
struct comparison {
	uint32_t all, steady; /* sums of its elements */
	bool whole;
	bool changed; /* anything but the TIM, or the record is new */
	bool known;   /* nothing that is read: the record is as reading them again would make it */
};

static struct comparison compare(const struct packet_ctx *p, const struct dot11_advertised *a, bool fresh)
{
	const struct frame *f = p->frame;
	struct comparison c = {.all = keyed_sum(p, f->elements.list.p, f->elements.list.left),
			       .whole = elements_whole(p->packet, f)};
	bool same = c.all == a->sum, head;

	c.steady = same ? a->steady_sum : steady_sum(p, c.all);
	head = a->interval == f->beacon_interval && a->privacy == !!(f->capability & CAPABILITY_PRIVACY) &&
	       (!a->torn || !c.whole) &&
	       (!space_of(p)->named_channel || memcmp(a->channel, p->channel, sizeof(a->channel)) == 0);
	c.changed = fresh || !head || c.steady != a->steady_sum;
	c.known = !c.changed &&
		  (same ? quick(QUICK_SAME_ELEMENTS) : quick(QUICK_TIM_ALONE) && !conf_of(p)->keep_elements);
	return c;
}

/* Reads the elements, unless they say what the record has anyway. */
static void update_network(const struct packet_ctx *p, struct device *d, struct dot11_device *x,
			   struct dot11_advertised *a, const struct comparison *c)
{
	const struct frame *f = p->frame;
	bool latest = is_latest(x, a, f->subtype == MGMT_BEACON);

	if (c->all != a->sum)
		a->ie_checksum = crc_32(f->elements.list.p, f->elements.list.left);
	a->sum = c->all;
	a->steady_sum = c->steady;
	if (c->known && latest)
		return;
	hash_network(p, x, a, c->known);
	if (!c->known) {
		a->torn = !c->whole;
		learn_network(p, a);
	}
	be_latest(d, x, a, f);
	if (c->changed)
		space_of(p)->colocated_uuid = wps_uuid_hash(f);
}

/* The network's record, and rules, where the frame says something new or what it said lasts. True if it does. */
static bool observe_record(const struct packet_ctx *p, struct device *d, struct dot11_device *x,
			   struct dot11_advertised *a, bool fresh)
{
	const struct comparison c = compare(p, a, fresh);
	bool due = is_state_due(p, a), beacon = frame_of(p)->subtype == MGMT_BEACON;

	if (p->observed && (c.changed || due))
		show_network(p, d, x, a, fresh);
	if (!c.whole && !fresh && !a->torn) /* it was cut, and says less than the record */
		return c.changed;
	update_network(p, d, x, a, &c);
	if (c.changed || due)
		show_fingerprint(p, d, x, beacon ? x->beacon_fingerprint : x->response_fingerprint);
	return c.changed;
}

void dot11_observe_network(const struct packet_ctx *p, struct device *d, struct dot11_device *x)
{
	const struct frame *f = p->frame;
	bool beacon = f->subtype == MGMT_BEACON;
	const struct ssid ssid = ssid_of(f);
	uint32_t hash = network_hash(f, &ssid);
	struct dot11_advertised *a;
	bool fresh, later;

	be_access_point(p, d, x, beacon);
	if (!p->duplicate && elements_whole(p->packet, f) && !space_of(p)->of_profile)
		dot11_keep_introduction(p, x, ssid_is_hidden(&ssid) ? INTRODUCED_NAMELESS : INTRODUCED_NAMED);
	if (is_illegible(f)) {
		if (p->observed)
			show_network(p, d, x, &(struct dot11_advertised){.ssid = ssid, .hash = hash}, true);
		return;
	}
	a = network_of(p, d, x, &ssid, hash, beacon, &fresh);
	if (!a)
		return;
	later = clock_seen(&a->first_sec, &a->last_sec, p->packet_sec, p->server_sec);
	if (beacon && !p->duplicate)
		count_beacon(p, a);
	location_update(&a->location, &p->packet->position, p->server_sec);
	if (fresh && uav_has_rules(p->t)) {
		space_of(p)->uav.ask = true;
		space_of(p)->uav.mac = d->key.mac;
		space_of(p)->uav.ssid = ssid;
	}
	if (observe_record(p, d, x, a, fresh) || later)
		observe_name(p, d, &ssid, hash, beacon ? SSID_ADVERTISING : SSID_RESPONDING, a->crypt);
}

/* A station joins a network whose name it has to say. */
void dot11_observe_join(const struct packet_ctx *p, struct device *d, struct dot11_device *ap)
{
	const struct frame *f = p->frame;
	const struct ssid ssid = ssid_of(f);

	if (p->duplicate || ssid_is_hidden(&ssid) || !elements_whole(p->packet, f))
		return;
	dot11_keep_introduction(p, ap, INTRODUCED_JOINED);
	dot11_observe_association(p, ap);
	for (uint32_t i = 0; i < ap->advertised.count; i++)
		if (ap->advertised.items[i].cloaked && ap->advertised.items[i].hash == ap->last_advertised)
			name_device(d, ap, &ap->advertised.items[i], f);
}

static struct dot11_probed *find_probed(struct dot11_device *x, uint32_t hash)
{
	for (uint32_t i = 0; i < x->probed.count; i++)
		if (x->probed.items[i].hash == hash)
			return &x->probed.items[i];
	return NULL;
}

/* Updates the network that the station looks for, or joins. */
static void learn_probe(const struct packet_ctx *p, const struct device *d, struct dot11_probed *a)
{
	const struct frame_security security = frame_security(frame_of(p));
	const struct dot11_keep keep = keep_of(p);
	struct span data;
	uint16_t domain;

	if (clock_seen(&a->first_sec, &a->last_sec, p->packet_sec, p->server_sec))
		observe_name(p, d, &a->ssid, a->hash, SSID_PROBING, security.crypt);
	a->crypt = a->crypt_set = security.crypt;
	a->mfp_required = security.mfp_required;
	a->mfp_supported = security.mfp_supported;
	if (frame_find(frame_of(p), ELEMENT_MOBILITY_DOMAIN, &data) && mobility_domain_read(data, &domain)) {
		a->mobility = true;
		a->mobility_domain = domain;
	}
	a->all_elements = keep.all;
	dot11_keep_elements(&a->elements, frame_of(p), &keep);
	location_update(&a->location, &p->packet->position, p->server_sec);
}

/* What the station says that it can do. */
static void observe_abilities(const struct frame *f, struct dot11_device *x)
{
	struct power_capability power;
	struct rm_capabilities rm;
	struct span data;

	if (frame_find(f, ELEMENT_POWER_CAPABILITY, &data) && power_capability_read(data, &power)) {
		x->min_tx_power = power.min_dbm;
		x->max_tx_power = power.max_dbm;
	}
	if (frame_find(f, ELEMENT_RM_CAPABILITIES, &data) && rm_capabilities_read(data, &rm)) {
		x->rm_link_measurement = rm.link_measurement;
		x->rm_neighbor_report = rm.neighbor_report;
	}
}

void dot11_observe_probe(const struct packet_ctx *p, struct device *d, struct dot11_device *x)
{
	const struct frame *f = p->frame;
	struct ssid ssid = ssid_of(f);
	uint32_t hash = network_hash(f, &ssid);
	struct dot11_probed *a = find_probed(x, hash);

	if (space_of(p)->same.percent && p->moves->is_new) {
		x->same_as = space_of(p)->same.mac;
		x->same_percent = space_of(p)->same.percent;
	}
	if (f->subtype == MGMT_PROBE_REQ)
		observe_probe_fingerprint(p, d, x);
	if (is_illegible(f))
		return;
	if (!a) {
		if (limit_full(LIMIT_SSIDS, x->probed.count))
			return;
		a = list_add((struct list *) &x->probed, sizeof(*a), NULL);
		*a = (struct dot11_probed){.ssid = ssid, .hash = hash, .first_sec = p->packet_sec};
		model_events_add(p->events, MODEL_EVENT_PROBED, &d->key, hash);
		if (p->observed)
			dot11_show(p, OBSERVED_PROBED, d, &(struct dot11_shown){.record = x, .ssid = ssid});
	}
	learn_probe(p, d, a);
	observe_abilities(f, x);
	x->last_probed = hash;
	x->has_last_probed = true;
}
