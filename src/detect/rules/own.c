/* The user's own networks (own_ssid=, own_bssid=), and names that several stations advertise. */
#include "detect/rules/functions.h"
#include "phy/dot11/lookalike.h"

#include <string.h>

#include "base/mem.h"

#define TWIN_SIGNS 4
#define WEAK (CRYPT_BIT(CRYPT_WEP) | CRYPT_BIT(CRYPT_WPA1) | CRYPT_BIT(CRYPT_PAIR_TKIP))

bool is_own_ssid(const struct rule_settings *set, const struct ssid *ssid)
{
	for (uint32_t i = 0; i < set->n_own_ssids; i++)
		if (ssid_equal(&set->own_ssids[i], ssid))
			return true;
	return false;
}

bool is_own_bssid(const struct rule_settings *set, const struct mac *bssid)
{
	for (uint32_t i = 0; i < set->n_own_bssids; i++)
		if (mac_matches(bssid, &set->own_bssids[i]))
			return true;
	return false;
}

RULE(rogue_ap)
{
	return is_own_ssid(l->set, &l->dot11->ssid) && !is_own_bssid(l->set, &l->f->bssid);
}

/* Equal names are what ROGUEAP is for. */
RULE(new_name)
{
	return !ssid_is_hidden(&l->dot11->ssid) && !is_own_ssid(l->set, &l->dot11->ssid) &&
	       !is_own_bssid(l->set, &l->f->bssid);
}

RULE(lookalike)
{
	for (e->a = 0; e->a < l->set->n_own_ssids; e->a++)
		if (lookalike_equal(&l->set->own_ssids[e->a], &e->ssid))
			return true;
	return false;
}

/* The open network of a pair, whose other encrypts without a password. */
static bool is_owe_pair(const struct frame *f)
{
	struct owe_transition owe;
	struct span data;

	return frame_find(f, ELEMENT_OWE_TRANSITION, &data) && owe_transition_read(data, &owe);
}

RULE(own_weak_crypto)
{
	uint64_t crypt;

	if (!is_own_ssid(l->set, &l->dot11->ssid) || !elements_whole(l->packet, l->f) || is_owe_pair(l->f))
		return false;
	crypt = frame_security(l->f).crypt;
	return crypt == 0 || (crypt & WEAK);
}

RULE(own_mac_as_client)
{
	return !mac_equal(&l->f->source, &l->f->bssid) && is_own_bssid(l->set, &l->f->source);
}

/* Names are asked about stations that are new to them. */
RULE(new_network)
{
	return l->dot11->ssid.len && l->dot11->ssid.b[0];
}

/* Elements that come and go. */
static bool is_fleeting(enum element_id id)
{
	switch (id) {
	case ELEMENT_TIM:
	case ELEMENT_BSS_LOAD:
	case ELEMENT_TPC_REPORT:
	case ELEMENT_CHANNEL_SWITCH:
	case ELEMENT_ERP:
	case ELEMENT_EXTENDED_CHANNEL_SWITCH:
	case ELEMENT_HT_OPERATION:
	case ELEMENT_SECONDARY_CHANNEL_OFFSET:
	case ELEMENT_TX_POWER_ENVELOPE:
	case ELEMENT_REDUCED_NEIGHBOR_REPORT: return true;
	default: return false;
	}
}

/* Which elements there are, but those that come and go. */
static uint32_t elements_of(const struct frame *f)
{
	uint64_t numbers[4] = {0}, sum = f->capability;
	struct elements_at at = {0};
	struct element e;

	while (elements_next(&f->elements, &at, &e))
		if (!is_fleeting(e.id))
			numbers[e.number / 64] |= UINT64_C(1) << e.number % 64;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		sum = (sum ^ numbers[i]) * UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t) (sum >> 32);
}

static struct name_station station_of(const struct rule_ctx *l)
{
	uint64_t now = look_us(l);

	return (struct name_station){.bssid = l->f->bssid,
				     .channel = l->f->have & FRAME_HAS_CHANNEL ? l->f->channel : 0,
				     .elements = elements_of(l->f),
				     .crypt = frame_security(l->f).crypt,
				     .first_us = now,
				     .started_us = now > l->f->timestamp ? now - l->f->timestamp : 0};
}

struct name_station *name_learn(const struct rule_ctx *l)
{
	struct name_rule_state *w = l->name;
	struct name_station *s;

	for (uint32_t i = 0; i < w->n; i++)
		if (mac_equal(&w->stations[i].bssid, &l->f->bssid))
			return &w->stations[i];
	s = name_add_station(w);
	*s = station_of(l);
	return s;
}

bool same_vendor(const struct mac *a, const struct mac *b)
{
	return ((mac_u64(a) ^ mac_u64(b)) >> 24 & 0xfdffff) == 0;
}

/* The signs in which the new station differs from every other of its name and encryption. */
struct difference {
	uint32_t others;
	bool vendor, elements, channel, clock;
	bool mixed; /* the others are of several vendors themselves */
};

/* Phones that share their connection have a name of their make, a made-up address and a young clock: they
 * are no others that one could imitate, unless the name is an own one. */
static struct difference difference_of(const struct rule_ctx *l, const struct name_station *s, bool own)
{
	const struct name_rule_state *w = l->name;
	uint64_t young_us = UINT64_C(1000) * l->numbers->young_ms, old_us = UINT64_C(1000) * l->numbers->old_ms;
	struct difference d = {
		.vendor = true, .elements = true, .channel = true, .clock = s->first_us - s->started_us < young_us};
	const struct name_station *first = NULL;

	for (uint32_t i = 0; i < w->n; i++) {
		const struct name_station *o = &w->stations[i];

		if (mac_equal(&o->bssid, &s->bssid) || o->crypt != s->crypt || (!own && mac_is_local(&o->bssid)) ||
		    s->first_us < o->first_us + after_us(l))
			continue;
		first = first ? first : o;
		d.mixed |= !same_vendor(&first->bssid, &o->bssid);
		d.others++;
		d.vendor &= !same_vendor(&o->bssid, &s->bssid);
		d.elements &= o->elements != s->elements;
		d.channel &= o->channel != s->channel;
		d.clock &= s->first_us >= o->started_us + old_us;
	}
	return d;
}

/* A name that stations of one kind have advertised is advertised by one of another. For a network that is not an own
 * one all signs must be there, and the others be of one vendor: big networks mix devices. */
RULE(evil_twin)
{
	struct name_station *s = l->station;
	bool own = is_own_ssid(l->set, &e->ssid);
	struct difference d;

	if (s->twin_reported || is_own_bssid(l->set, &s->bssid))
		return false;
	d = difference_of(l, s, own);
	e->a = (uint64_t) d.vendor + d.elements + d.channel + d.clock;
	if (d.others == 0 || !d.vendor || (d.mixed && !own))
		return false;
	s->twin_reported = e->a == TWIN_SIGNS || (e->a > 1 && own);
	return s->twin_reported;
}

/* An own name is offered with a password of WPA2 where others of it have WPA3's. */
RULE(sae_missing)
{
	struct name_station *s = l->station;

	if (s->sae_reported || !is_own_ssid(l->set, &e->ssid) || (s->crypt & CRYPT_ANY_SAE) ||
	    !(s->crypt & CRYPT_ANY_PSK))
		return false;
	for (uint32_t i = 0; i < l->name->n; i++)
		s->sae_reported |= (l->name->stations[i].crypt & CRYPT_ANY_SAE) != 0;
	return s->sae_reported;
}
