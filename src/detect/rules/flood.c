/* Too much of something, by packet time. */
#include "detect/rules/functions.h"

/* True when the burst is over its bound; the next alert counts anew from this frame. */
static bool over(const struct rule_ctx *l, struct rate_window *b, struct effect *e)
{
	report_window(e, b);
	if (b->frames <= l->numbers->most)
		return false;
	*b = (struct rate_window){.first_us = look_us(l), .frames = 1, .source = b->source};
	return true;
}

RULE(bcast_disconnect)
{
	e->a = l->f->reason;
	return !l->s->is_new && mac_u64(&l->f->destination) == UINT64_C(0xffffffffffff);
}

RULE(disconnect_flood)
{
	struct rule_counters *w = rule_counters_of(l->s->device);

	return w && rate_window_rule(&w->disconnects, l, true, within_us(l)) && over(l, &w->disconnects, e);
}

RULE(wps_brute)
{
	struct rule_counters *w;

	if (l->f->wps_message != 7 || l->f->retry ||
	    !(w = rule_counters_of(l->s->device))) /* M3 (WSC 2.0.8 table 34) */
		return false;
	(void) rate_window_continue(&w->m3s, look_us(l), within_us(l));
	return over(l, &w->m3s, e);
}

/* Counts one more within the window. */
static bool too_many(const struct rule_ctx *l, struct rate_window *b, struct effect *e)
{
	return rate_window_rule(b, l, false, within_us(l)) && over(l, b, e);
}

static bool is_request(const struct rule_ctx *l)
{
	return l->f->auth_transaction == 1 && !mac_equal(&l->f->source, &l->f->bssid) && !l->f->retry;
}

RULE(sae_flood)
{
	struct rule_counters *w = l->f->auth_algorithm == 3 && is_request(l) ? rule_counters_of(l->s->device) : NULL;

	return w && too_many(l, &w->commits, e);
}

RULE(auth_flood)
{
	struct rule_state *w = l->f->auth_algorithm != 3 && is_request(l) ? rule_state_of(l->s->device) : NULL;

	return w && too_many(l, &w->logins, e);
}

RULE(assoc_flood)
{
	struct rule_state *w = !l->f->retry ? rule_state_of(l->s->device) : NULL;

	return w && too_many(l, &w->joins, e);
}

RULE(answer_flood)
{
	struct rule_state *w = !l->f->retry ? rule_state_of(l->s->device) : NULL;

	return w && too_many(l, &w->answers, e);
}

/* When the source tuned to the channel that it is on now. */
static uint64_t channel_begun(struct source_rule_state *w, const struct rule_ctx *l)
{
	uint64_t *begun_us = &w->begun_us[l->packet->radio.freq_khz / 5000 % SOURCE_CHANNELS];

	if (*begun_us == 0)
		*begun_us = look_us(l);
	return *begun_us;
}

RULE(beacon_flood)
{
	struct source_rule_state *w = l->source;
	uint64_t begun_us;

	if (!w)
		return false;
	begun_us = channel_begun(w, l);
	if (look_us(l) < begun_us + after_us(l))
		return false;
	(void) rate_window_count(&w->new_networks, look_us(l), within_us(l));
	return over(l, &w->new_networks, e);
}

RULE(karma)
{
	struct rule_state *w = l->dot11->ssid.len ? rule_state_of(l->s->device) : NULL;

	return w && too_many(l, &w->names, e);
}

static bool offers_protection(const struct frame *f)
{
	const struct frame_security s = frame_security(f);

	return s.mfp_supported || s.mfp_required;
}

static bool requires_protection(const struct dot11_device *x)
{
	for (uint32_t i = 0; i < x->advertised.count; i++)
		if (x->advertised.items[i].mfp_required)
			return true;
	return false;
}

/* IEEE 802.11-2020 12.6.19: with management frame protection a disconnection is encrypted, except one that answers an
 * unknown station. */
RULE(bare_disconnects)
{
	struct rule_counters *w;

	if (l->f->subtype == MGMT_ASSOC_REQ || l->f->subtype == MGMT_REASSOC_REQ) {
		w = offers_protection(l->f) ? rule_counters_of(l->s->device) : NULL;
		if (w)
			recent_macs_add(&w->protects, &l->f->source);
		return false;
	}
	if (l->f->protected_ || mac_is_group(&l->f->destination) || !(w = rule_counters_of(l->s->device)) ||
	    (!recent_macs_have(&w->protects, &l->f->destination) && !recent_macs_have(&w->protects, &l->f->source) &&
	     !requires_protection(l->dot11->record)))
		return false;
	return too_many(l, &w->bare_disconnects, e);
}
