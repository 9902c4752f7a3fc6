/* Stations that are thrown out of their network: by whom, and how often. */
#include "detect/rules/functions.h"

#define BROADCAST UINT64_C(0xffffffffffff)
#define BEACON_GAP_US 1000000     /* a network that sends no beacon for so long is off */
#define BEACONS_STEADY_US 2000000 /* one that has just come clears its stations away */
#define FORGIVEN 1                /* disconnections that an unknown station gets as an answer */

/* Beacons of a network that come regularly; the one before this. */
static uint64_t count_beacon(struct rule_state *w, uint64_t now_us)
{
	uint64_t before_us = w->beacon_us;

	if (!before_us || now_us > before_us + BEACON_GAP_US || now_us < before_us)
		w->beacons_since_us = now_us;
	w->beacon_us = now_us;
	return before_us;
}

/* A broadcast counts once it is known that the network goes on: else it closed down. */
static bool goes_on(struct rule_state *w, const struct rule_ctx *l, struct effect *e)
{
	uint64_t now_us = look_us(l), before_us = count_beacon(w, now_us);
	struct rule_counters *c = w->rule_counters;
	bool steady;

	if (!c || !c->broadcast.since_us || now_us < c->broadcast.since_us + after_us(l))
		return false;
	steady = w->beacons_since_us < c->broadcast.since_us && now_us < before_us + BEACON_GAP_US;
	e->a = c->broadcast.reason;
	e->b = c->broadcast.frames;
	c->broadcast.since_us = 0;
	return steady && !is_explained(l);
}

RULE(bcast_disconnect)
{
	struct rule_state *w = rule_state_of(l->s->device);
	struct rule_counters *c;

	if (!w)
		return false;
	if (frame_is_beacon(l->f))
		return goes_on(w, l, e);
	if (mac_u64(&l->f->destination) != BROADCAST || !w->beacon_us ||
	    !is_near(look_us(l), w->beacon_us, BEACON_GAP_US) || look_us(l) < w->beacons_since_us + BEACONS_STEADY_US ||
	    !(c = rule_counters_of(l->s->device)))
		return false;
	if (!c->broadcast.since_us) {
		c->broadcast.since_us = look_us(l);
		c->broadcast.frames = 0;
	}
	c->broadcast.reason = l->f->reason;
	c->broadcast.frames++;
	return false;
}

/* The access point's own answer to an unknown station, or to one whose login failed: not an attack. Who has data on its
 * way is none, nor is anybody whom it throws out again and again. */
static bool is_answer(const struct rule_ctx *l)
{
	const struct station_state *before;

	if (!l->source || !l->source->stations.now || !mac_equal(&l->f->source, &l->f->bssid) ||
	    l->source->match.forged)
		return false;
	before = &l->source->stations.before;
	if (station_is_joined(before, look_us(l)))
		return false;
	return l->source->match.own || l->source->stations.now->disconnects <= FORGIVEN;
}

/* One that was forgiven counts when the next comes. */
static void count_forgiven(const struct rule_ctx *l, struct rate_window *b)
{
	const struct station_state *now = l->source ? l->source->stations.now : NULL;

	if (now && now->disconnects == FORGIVEN + 1 && !l->source->match.known && !station_is_joined(now, look_us(l)) &&
	    mac_equal(&l->f->source, &l->f->bssid) && b->frames == 0)
		*b = (struct rate_window){
			.first_us = now->first_us, .frames = 1, .source = l->packet->source, .last_ms = (uint32_t) 0};
}

RULE(disconnect_flood)
{
	struct rule_counters *w;
	bool fast;

	if (is_answer(l) || !(w = rule_counters_of(l->s->device)))
		return false;
	count_forgiven(l, &w->disconnects);
	fast = rate_window_rule(&w->disconnects, l, true, within_us(l)) &&
	       window_is_over(l, &w->disconnects, l->numbers->most, e);
	if (!fast && !(rate_window_rule(&w->slow_disconnects, l, false, UINT64_C(1000) * l->numbers->slow_within_ms) &&
		       window_is_over(l, &w->slow_disconnects, l->numbers->slow_most, e)))
		return false;
	w->slow_disconnects.frames = 0;
	e->b = forgery_of(l);
	return true;
}

static bool requires_protection(const struct dot11_device *x)
{
	for (uint32_t i = 0; i < x->advertised.count; i++)
		if (x->advertised.items[i].mfp_required)
			return true;
	return false;
}

static bool offers_protection(const struct dot11_device *x)
{
	for (uint32_t i = 0; i < x->advertised.count; i++)
		if (x->advertised.items[i].mfp_required || x->advertised.items[i].mfp_supported)
			return true;
	return false;
}

/* IEEE 802.11-2020 12.6.19: with management frame protection a disconnection is encrypted, but for what
 * answers an unknown station. */
RULE(bare_disconnects)
{
	const struct station_state *before = l->source ? &l->source->stations.before : NULL;
	struct rule_counters *w;
	bool joined;

	if (!before || l->f->protected_ || mac_is_group(&l->f->destination) || l->source->match.own)
		return false;
	joined = before->joined_us || station_is_joined(before, look_us(l));
	if (!joined ||
	    !(requires_protection(l->dot11->record) || (before->protects && offers_protection(l->dot11->record))) ||
	    !(w = rule_counters_of(l->s->device)))
		return false;
	if (!rate_window_rule(&w->bare_disconnects, l, false, within_us(l)) ||
	    !window_is_over(l, &w->bare_disconnects, l->numbers->most, e))
		return false;
	e->b = forgery_of(l);
	return true;
}

/* However slow: a frame that is not of the radio whose name it has. */
RULE(forged_disconnect)
{
	struct sender_window *w = l->source && l->source->match.forged
					  ? source_sender(l->source, &l->f->bssid, SENDER_DISCONNECTS, look_us(l))
					  : NULL;

	if (!w || !rate_window_rule(&w->fast, l, true, within_us(l)) ||
	    !window_is_over(l, &w->fast, l->numbers->most, e))
		return false;
	e->b = forgery_of(l);
	return true;
}

/* A station is thrown out and comes back, again and again. */
RULE(disconnect_cycles)
{
	struct station_state *s = l->source ? l->source->stations.now : NULL;

	if (!s || s->cycles <= l->numbers->most || look_us(l) > s->cycles_us + within_us(l))
		return false;
	e->a = e->frames = s->cycles;
	e->first_us = s->cycles_us;
	s->cycles = 0;
	return true;
}
