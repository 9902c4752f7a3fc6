/* Networks that imitate others: by their channel, by weaker encryption, by where they send clients to. */
#include "detect/rules/functions.h"

#include <string.h>

#include "base/crc.h"

#define FLIP_US 2000000 /* two beacons on two channels, at most */
#define SAE (CRYPT_BIT(CRYPT_AKM_SAE) | CRYPT_BIT(CRYPT_AKM_FT_SAE))
#define WPA3 (SAE | CRYPT_BIT(CRYPT_AKM_OWE))
#define STRONG_WPA2 (CRYPT_BIT(CRYPT_WPA2) | CRYPT_BIT(CRYPT_WPA3))

/* Of one that moves, the channel changes once; of two in one name, again and again. */
RULE(two_channels)
{
	struct rule_state *w = l->f->have & FRAME_HAS_CHANNEL ? rule_state_of(l->s->device) : NULL;
	struct rule_counters *c;
	uint8_t before;
	bool near;

	if (!w || l->f->channel == 0)
		return false;
	before = w->beacon_channel;
	near = is_near(look_us(l), w->channel_us, FLIP_US);
	w->beacon_channel = l->f->channel;
	w->channel_us = look_us(l);
	if (before == 0 || before == l->f->channel || !near || !(c = rule_counters_of(l->s->device)))
		return false;
	if (w->twin_us && is_near(look_us(l), w->twin_us, EXPLAINED_US))
		w->explained_us = w->twin_us = look_us(l);
	e->a = before;
	e->b = l->f->channel;
	if (rate_window_count(&c->channel_flips, look_us(l), within_us(l)) <= l->numbers->most)
		return false;
	e->frames = c->channel_flips.frames;
	e->first_us = c->channel_flips.first_us;
	c->channel_flips.frames = 0;
	w->explained_us = w->twin_us = look_us(l);
	return true;
}

/* How well an encryption protects; what a client falls back to. */
static unsigned strength(uint64_t crypt)
{
	if (crypt == 0)
		return 0;
	if (crypt & WPA3)
		return 4;
	if (crypt & STRONG_WPA2)
		return 3;
	return crypt & CRYPT_BIT(CRYPT_WEP) ? 1 : 2;
}

static bool is_owe_pair(const struct frame *f)
{
	struct owe_transition owe;
	struct span data;

	return frame_find(f, ELEMENT_OWE_TRANSITION, &data) && owe_transition_read(data, &owe);
}

/* True for two that came at the same time: which had the name first is unknown. One that comes much later than the one
 * that is new is of another capture, which was read first. */
static bool is_new_beside(const struct rule_ctx *l, const struct name_station *s, const struct name_station *o)
{
	return is_near(s->first_us, o->first_us, after_us(l));
}

/* A known name with less encryption, by another maker's address. */
RULE(weak_twin)
{
	struct name_station *s = l->station;
	unsigned own = strength(s->crypt);

	if (s->weak_reported || is_own_bssid(l->set, &s->bssid) || is_owe_pair(l->f) ||
	    !elements_whole(l->packet, l->f))
		return false;
	for (uint32_t i = 0; i < l->name->n; i++) {
		const struct name_station *o = &l->name->stations[i];

		if (same_vendor(&o->bssid, &s->bssid) || is_new_beside(l, s, o) || mac_is_local(&o->bssid) ||
		    strength(o->crypt) <= own)
			continue;
		s->weak_reported = s->twin_reported = true;
		e->a = mac_u64(&o->bssid);
		return true;
	}
	return false;
}

/* The element of an open network names the encrypted one of the same access point (OWE specification 1.0, 2.2). */
RULE(owe_elsewhere)
{
	struct owe_transition owe;
	struct rule_state *w;
	struct span data;
	uint32_t before;

	if (!frame_find(l->f, ELEMENT_OWE_TRANSITION, &data) || !owe_transition_read(data, &owe) ||
	    !(w = rule_state_of(l->s->device)))
		return false;
	before = w->owe_sum;
	w->owe_sum = crc_32(owe.bssid.b, sizeof(owe.bssid.b)) | 1;
	e->a = mac_u64(&owe.bssid);
	return before != w->owe_sum && (before || !same_vendor(&owe.bssid, &l->f->bssid));
}

bool is_explained(const struct rule_ctx *l)
{
	struct rule_state *w = rule_state_of(l->s->device);

	if (l->source && l->source->match.forged)
		return true; /* FORGEDBEACON is raised */
	return w && w->explained_us && is_near(look_us(l), w->explained_us, EXPLAINED_US);
}
