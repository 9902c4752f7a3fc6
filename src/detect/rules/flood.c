/* Too much of something, by packet time. */
#include "detect/rules/functions.h"

#define ETHERTYPE_EAPOL 0x888e
enum { EAPOL_START = 1, EAPOL_LOGOFF = 2 }; /* packet types, IEEE 802.1X-2020 table 11-3 */
enum { AUTH_SAE = 3, SAE_COMMIT = 1 };
#define COMMITS_OF_ONE 12 /* that a station sends without a confirm; an honest one gives up after 3 to 5 */
#define DBM_ALIKE 3       /* of what one radio sends within a moment */

/* Counts one more within the window. */
static bool too_many(const struct rule_ctx *l, struct rate_window *b, struct effect *e)
{
	return rate_window_rule(b, l, false, within_us(l)) && window_is_over(l, b, l->numbers->most, e);
}

/* The same in two windows; one that is over begins both anew. */
static bool too_many_in_two(const struct rule_ctx *l, struct rate_window *fast, struct rate_window *slow,
			    struct effect *e)
{
	bool counted = rate_window_rule(slow, l, false, UINT64_C(1000) * l->numbers->slow_within_ms);

	if (too_many(l, fast, e)) {
		slow->frames = 0;
		return true;
	}
	return counted && window_is_over(l, slow, l->numbers->slow_most, e);
}

static bool is_from_station(const struct rule_ctx *l)
{
	return !mac_equal(&l->f->source, &l->f->bssid) && !l->f->retry;
}

/* Commits: many of many, or one station's that never confirms. */
RULE(sae_flood)
{
	struct rule_counters *w;
	bool again;

	if (l->f->auth_algorithm != AUTH_SAE || l->f->auth_transaction != SAE_COMMIT || !is_from_station(l) ||
	    !(w = rule_counters_of(l->s->device)))
		return false;
	if (too_many_in_two(l, &w->commits, &w->slow_commits, e))
		return true;
	again = l->source && l->source->stations.now && l->source->stations.now->commits >= COMMITS_OF_ONE;
	if (!again)
		return false;
	e->a = e->frames = l->source->stations.now->commits;
	e->first_us = w->slow_commits.first_us;
	l->source->stations.now->commits = 0;
	return true;
}

/* Whatever transaction a request names: tools put others than 1. */
RULE(auth_flood)
{
	struct rule_state *w =
		l->f->auth_algorithm != AUTH_SAE && is_from_station(l) ? rule_state_of(l->s->device) : NULL;

	return w && too_many_in_two(l, &w->logins, &w->slow_logins, e);
}

RULE(assoc_flood)
{
	struct rule_state *w = !l->f->retry ? rule_state_of(l->s->device) : NULL;

	return w && too_many_in_two(l, &w->joins, &w->slow_joins, e);
}

/* EAPOL-Start and Logoff: a login has one. */
RULE(eapol_flood)
{
	struct rule_counters *w;

	if (l->f->ethertype != ETHERTYPE_EAPOL || l->f->payload.left < 2 || l->f->retry ||
	    (l->f->payload.p[1] != EAPOL_START && l->f->payload.p[1] != EAPOL_LOGOFF) ||
	    !(w = rule_counters_of(l->s->device)))
		return false;
	return too_many_in_two(l, &w->eapol_starts, &w->slow_eapol_starts, e);
}

/* Probes for a name: many of many, as who guesses names sends them. */
RULE(probe_flood)
{
	struct source_rule_state *w = l->source;

	if (!w || l->f->ssid.left == 0 || l->f->retry)
		return false;
	return too_many_in_two(l, &w->named_probes, &w->slow_named_probes, e);
}

/* Different names that one station looks for. */
RULE(name_guess)
{
	struct sender_window *w = l->source && l->dot11->ssid.len
					  ? source_sender(l->source, &l->f->source, SENDER_NAMES, look_us(l))
					  : NULL;

	return w && too_many(l, &w->fast, e);
}

/* RTS and CTS that reserve the channel for longer than anything takes; or for no time, since some drivers of attackers
 * write over what his tool put there, and what follows an honest one takes some. */
RULE(nav_flood)
{
	struct source_rule_state *w = l->source;

	if (!w || l->f->subtype == CONTROL_PS_POLL ||
	    (l->f->duration && l->f->duration <= l->numbers->apart_ms * 1000) ||
	    !too_many_in_two(l, &w->long_navs, &w->slow_long_navs, e))
		return false;
	e->b = l->f->duration / 1000;
	return true;
}

RULE(poll_flood)
{
	struct sender_window *w = l->source && l->f->subtype == CONTROL_PS_POLL
					  ? source_sender(l->source, &l->f->addr2, SENDER_POLLS, look_us(l))
					  : NULL;

	return w && too_many_in_two(l, &w->fast, &w->slow, e);
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

/* True when it is as strong as the one before, or a signal is unknown. */
static bool is_alike(const struct rule_ctx *l, int8_t *before_dbm)
{
	const struct radio *r = &l->packet->radio;
	int apart = r->signal_dbm - *before_dbm;

	if (!(r->have & RADIO_HAS_SIGNAL))
		return true;
	*before_dbm = r->signal_dbm;
	return apart >= -DBM_ALIKE && apart <= DBM_ALIKE;
}

RULE(beacon_flood)
{
	struct source_rule_state *w = l->source;
	uint64_t begun_us;
	bool alike;

	if (!w)
		return false;
	begun_us = channel_begun(w, l);
	if (look_us(l) < begun_us + after_us(l))
		return false;
	alike = is_alike(l, &w->network_dbm);
	if (too_many(l, &w->new_networks, e)) {
		w->slow_networks.frames = 0;
		return true;
	}
	if (!alike)
		return false;
	return rate_window_rule(&w->slow_networks, l, false, UINT64_C(1000) * l->numbers->slow_within_ms) &&
	       window_is_over(l, &w->slow_networks, l->numbers->slow_most, e);
}

/* Names that one address beacons. */
RULE(many_names)
{
	struct rule_state *w = l->dot11->ssid.len ? rule_state_of(l->s->device) : NULL;

	return w && too_many(l, &w->beacon_names, e);
}

/* New drones that all have the same signal strength: ten are not flown from one position. */
RULE(drone_flood)
{
	struct source_rule_state *w = l->source;

	if (!w || (!frame_has(l->f, ELEMENT_REMOTE_ID) && !frame_has(l->f, ELEMENT_DJI_DRONEID)) ||
	    !is_alike(l, &w->drone_dbm))
		return false;
	return too_many(l, &w->drones, e);
}

#define OCTETS_DAMAGED 3 /* of a name, at most */

/* A name that is the network's own but for some octets, in a frame that was not checked. */
static bool is_damaged_name(const struct rule_ctx *l)
{
	const struct dot11_device *x = l->dot11->record;
	const struct ssid *name = &l->dot11->ssid;

	for (uint32_t i = 0; !l->packet->fcs_good && i < x->advertised.count; i++) {
		const struct ssid *own = &x->advertised.items[i].ssid;
		unsigned differ = 0;

		for (uint8_t n = 0; own->len == name->len && n < name->len; n++)
			differ += own->b[n] != name->b[n];
		if (own->len == name->len && differ && differ <= OCTETS_DAMAGED && differ * 2 < name->len)
			return true;
	}
	return !l->packet->fcs_good && l->f->elements.torn;
}

RULE(karma)
{
	struct rule_state *w = l->dot11->ssid.len && !is_damaged_name(l) ? rule_state_of(l->s->device) : NULL;

	return w && too_many(l, &w->names, e);
}
