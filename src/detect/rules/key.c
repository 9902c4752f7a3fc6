/* Handshakes. */
#include "detect/rules/functions.h"

#include <string.h>
#include <strings.h>

enum { KEY_PAIRWISE = 8, KEY_INSTALL = 0x40, KEY_ACK = 0x80, KEY_MIC = 0x100 };

static bool is_zero(struct span s)
{
	for (uint32_t i = 0; i < s.left; i++)
		if (s.p[i])
			return false;
	return true;
}

RULE(nonce_degrade)
{
	const struct frame_eapol *k = &l->f->eapol;

	return (k->info & KEY_MIC) && !(k->info & (KEY_ACK | KEY_INSTALL | KEY_PAIRWISE)) && k->key_length == 0 &&
	       is_zero(k->nonce);
}

static bool nonce_stood(const struct rule_ctx *l, const struct dot11_nonce *n, uint32_t count, bool first)
{
	const struct frame_eapol *k = &l->f->eapol;

	for (uint32_t i = 0; i < count; i++)
		if (k->nonce.left == sizeof(n[i].nonce) && memcmp(n[i].nonce, k->nonce.p, sizeof(n[i].nonce)) == 0 &&
		    n[i].replay_counter >= k->replay_counter && l->s->packet->time_us >= n[i].time_us &&
		    (first || l->s->packet->time_us - n[i].time_us > after_us(l)))
			return true;
	return false;
}

RULE(nonce_reuse)
{
	const struct frame_eapol *k = &l->f->eapol;
	const struct dot11_keys *keys = l->dot11->record->keys;
	bool first = k->message == 1;

	if ((k->message != 1 && k->message != 3) || l->f->retry || is_zero(k->nonce))
		return false;
	if (!keys)
		return false;
	return first ? nonce_stood(l, keys->anonces.items, keys->anonces.count, true)
		     : nonce_stood(l, keys->nonces.items, keys->nonces.count, false);
}

RULE(long_eapol)
{
	e->a = l->f->eapol.length;
	return l->f->eapol.length > l->numbers->most;
}

static bool key_of_ap(const struct frame *f)
{
	const struct frame_eapol *k = &f->eapol;

	return f->distribution == DIST_FROM_DS && (k->info & KEY_INSTALL) && (k->info & KEY_ACK);
}

RULE(vdoo_27302)
{
	e->a = l->f->eapol.key_length;
	return key_of_ap(l->f) && (l->f->eapol.info & 7) == 2 && e->a > l->numbers->most;
}

RULE(vdoo_27301)
{
	e->a = l->f->eapol.key_length;
	return key_of_ap(l->f) && (l->f->eapol.info & 7) != 2 && e->a > l->numbers->most;
}

/* Of a single network: the station joins, and leaves each offer without an answer. */
RULE(pmkid_offered)
{
	struct station_state *x = l->source ? l->source->stations.now : NULL;

	if (!x || l->f->eapol.message != 1 || x->offers <= l->numbers->slow_most ||
	    !is_near(look_us(l), x->requested_us, UINT64_C(1000) * l->numbers->slow_within_ms))
		return false;
	e->a = e->frames = x->offers;
	e->first_us = x->requested_us;
	x->offers = 0;
	return true;
}

/* The first message with a PMKID is all that a password cracker needs, so it is never answered. */
RULE(pmkid_harvest)
{
	const struct frame_eapol *k = &l->f->eapol;
	struct rule_counters *w;

	if (k->message == 0 || (k->message == 1 && !k->has_pmkid))
		return false;
	w = k->message == 1 ? rule_counters_of(l->s->device) : rule_counters_known(l->s->device);
	if (!w)
		return false;
	if (k->message != 1) { /* also when its own were not seen */
		w->harvested.n = w->harvested.next = 0;
		return false;
	}
	if (rate_window_count(&w->harvest, look_us(l), within_us(l)) == 1)
		w->harvested.n = w->harvested.next = 0;
	recent_macs_add(&w->harvested, &l->f->bssid);
	report_window(e, &w->harvest);
	e->a = w->harvested.n;
	if (e->a <= l->numbers->most)
		return false;
	w->harvest.frames = 0;
	return true;
}

/* A name before the realm that is not "anonymous" (RFC 7542 2.4). */
RULE(bare_identity)
{
	static const char anonymous[] = "anonymous",
			  wps[] = "WFA-SimpleConfig-"; /* the same for every client (WSC 2.0.8 7.7.1) */
	struct span i = l->f->eap_identity;

	if (i.left == 0 || i.p[0] == '@' || (i.left >= sizeof(wps) - 1 && memcmp(i.p, wps, sizeof(wps) - 1) == 0))
		return false;
	return i.left < sizeof(anonymous) - 1 || strncasecmp((const char *) i.p, anonymous, sizeof(anonymous) - 1) != 0;
}
