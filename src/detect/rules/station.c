/* Single frames of stations. */
#include "detect/rules/functions.h"

static bool has_oui(const struct mac *m, uint32_t oui)
{
	return mac_u64(m) >> 24 == oui;
}

/* IEEE 802.11-2020 table 9-49; 45 had a meaning before (a cipher suite of PeerKey that the peer does not support). */
static bool reserved_reason(uint16_t reason)
{
	return reason == 0 || (reason >= 40 && reason <= 44) || reason == 69 || reason == 70 || reason > 71;
}

RULE(bad_reason)
{
	e->a = l->f->reason;
	return reserved_reason(l->f->reason);
}

static bool offers_mfp(const struct dot11_advertised *items, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (items[i].mfp_required || items[i].mfp_supported)
			return true;
	return false;
}

#define DAY_US UINT64_C(86400000000)

/* Where the network offers protection; once a station and network and day. */
RULE(no_client_mfp)
{
	const struct dot11_device *x = l->dot11->record;
	struct station_state *s = l->source ? l->source->stations.now : NULL;
	struct frame_security security;

	if (l->s->is_new || !s ||
	    !(offers_mfp(x->advertised.items, x->advertised.count) ||
	      offers_mfp(x->responded.items, x->responded.count)))
		return false;
	security = frame_security(l->f);
	if (security.mfp_supported || security.mfp_required || !(elements_whole(l->packet, l->f) || security.has_rsn))
		return false;
	if (s->unprotected_us && look_us(l) < s->unprotected_us + DAY_US && look_us(l) + DAY_US > s->unprotected_us)
		return false;
	s->unprotected_us = look_us(l);
	return true;
}

RULE(overpowered)
{
	const struct radio *r = &l->s->packet->radio;

	e->a = (uint64_t) -r->signal_dbm;
	return (r->have & RADIO_HAS_SIGNAL) && r->signal_dbm < 0 && r->signal_dbm > l->set->max_signal;
}

RULE(karma_oui)
{
	return has_oui(&l->f->source, 0x001337);
}

RULE(broadcom_beacon)
{
	return has_oui(&l->f->source, 0x90e975);
}

/* A station that its network disconnected carries on regardless: the disconnection was forged. What was on its way
 * before (after_ms) may still come; then it should be silent, or join anew. */
RULE(traffic_after_disconnect)
{
	bool ends = l->f->type == FRAME_MANAGEMENT && (l->f->subtype == MGMT_DEAUTH || l->f->subtype == MGMT_DISASSOC);
	bool from_ap = mac_equal(&l->f->source, &l->f->bssid);
	struct rule_counters *w = ends && from_ap ? rule_counters_of(l->s->device) : rule_counters_known(l->s->device);

	if (!w)
		return false;
	if (l->f->type == FRAME_MANAGEMENT && !from_ap)
		recent_macs_remove(&w->disconnected, &l->f->source);
	else if (ends)
		recent_macs_add(&w->disconnected, &l->f->destination);
	if (ends && from_ap)
		w->disconnected_us = look_us(l);
	if (l->f->type == FRAME_MANAGEMENT)
		return false;
	if (l->f->distribution != DIST_TO_DS || l->f->body.left == 0 || look_us(l) < w->disconnected_us + after_us(l) ||
	    look_us(l) > w->disconnected_us + within_us(l) || (l->f->have & FRAME_HAS_EAPOL) ||
	    !recent_macs_have(&w->disconnected, &l->f->source))
		return false;
	recent_macs_remove(&w->disconnected, &l->f->source);
	return true;
}

/* Any fingerprint, when there are some that devices should have. */
RULE(fingerprint)
{
	const struct expected_fingerprints *fingerprints = &l->set->fingerprints;

	e->a = l->dot11->fingerprint;
	return fingerprints->any && fingerprints->any(fingerprints->ctx);
}

RULE(other_fingerprint)
{
	const struct expected_fingerprints *fingerprints = &l->set->fingerprints;

	e->b = fingerprints->find(fingerprints->ctx, &l->f->source, l->f->subtype);
	return e->b && e->a != e->b;
}
