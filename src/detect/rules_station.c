/* What single frames of stations tell. */
#include "detect/rule_functions.h"

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
	return !l->s->is_new && !(l->f->mfp_supported || l->f->mfp_required);
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
