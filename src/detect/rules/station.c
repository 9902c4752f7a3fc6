/* What single frames of stations tell. */
#include "detect/rules/functions.h"

static bool has_oui(const struct mac *m, uint32_t oui)
{
	return mac_u64(m) >> 24 == oui;
}

static bool reserved_reason(uint16_t reason)
{
	return (reason >= 25 && reason <= 31) || reason > 45;
}

RULE(bad_reason)
{
	e->a = l->f->reason;
	return reserved_reason(l->f->reason);
}

RULE(no_client_mfp)
{
	struct frame_security s;

	if (l->s->is_new)
		return false;
	s = frame_security(l->f);
	return !(s.mfp_supported || s.mfp_required) && (elements_whole(l->packet, l->f) || s.has_rsn);
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

/* A station that its network disconnected goes on as if it knew nothing: somebody else did it. What was on its way
 * before that (after_ms) may come; then it should be silent, or join anew. */
RULE(traffic_of_the_gone)
{
	bool ends = l->f->type == FRAME_MANAGEMENT && (l->f->subtype == MGMT_DEAUTH || l->f->subtype == MGMT_DISASSOC);
	bool from_ap = mac_equal(&l->f->source, &l->f->bssid);
	struct tallies *w = ends && from_ap ? tallies_of(l->s->device) : tallies_known(l->s->device);

	if (!w)
		return false;
	if (l->f->type == FRAME_MANAGEMENT && !from_ap)
		few_forget(&w->gone, &l->f->source);
	else if (ends)
		few_add(&w->gone, &l->f->destination);
	if (ends && from_ap)
		w->gone_us = look_us(l);
	if (l->f->type == FRAME_MANAGEMENT)
		return false;
	if (l->f->distribution != DIST_TO_DS || l->f->body.left == 0 || look_us(l) < w->gone_us + after_us(l) ||
	    look_us(l) > w->gone_us + within_us(l) || (l->f->have & FRAME_HAS_EAPOL) ||
	    !few_have(&w->gone, &l->f->source))
		return false;
	few_forget(&w->gone, &l->f->source);
	return true;
}

/* Any fingerprint, when there are some that devices should have. */
RULE(print)
{
	const struct expected_prints *prints = &l->set->prints;

	e->a = l->dot11->print;
	return prints->any && prints->any(prints->ctx);
}

RULE(other_print)
{
	const struct expected_prints *prints = &l->set->prints;

	e->b = prints->find(prints->ctx, &l->f->source, l->f->subtype);
	return e->b && e->a != e->b;
}
