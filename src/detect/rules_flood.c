/* Too much of something, by packet time. */
#include "detect/rule_functions.h"

#define SECOND_US UINT64_C(1000000)
#define DISCONNECTS 10  /* more than so many, each within a second of the last */
#define WPS_MESSAGES 5  /* more M3 than so many, each within five minutes of the last */
#define COMMITS 20      /* a second, of SAE */
#define LOGINS 30       /* a second, of other authentication */
#define JOINS 30        /* a second */
#define ANSWERS 150     /* a second, of one station */
#define NEW_NETWORKS 50 /* a second, after the first SETTLE_US of a source on a channel */
#define SETTLE_US (5 * SECOND_US)
#define NAMES 4 /* that one station answers to for the first time within a minute */
#define NAMES_US (60 * SECOND_US)
#define BARE_DISCONNECTS 4 /* that nobody who protects management frames should send, within ten seconds */
#define BARE_US (10 * SECOND_US)
#define WPS_GAP_US (300 * SECOND_US)

/* True when the burst is over its bound; the next alert counts anew from this frame. */
static bool over(const struct look *l, struct burst *b, uint32_t most, struct effect *e)
{
	tell_burst(e, b);
	if (b->frames <= most)
		return false;
	*b = (struct burst){.first_us = look_us(l), .frames = 1, .source = b->source};
	return true;
}

RULE(bcast_disconnect)
{
	e->a = l->f->reason;
	return !l->s->is_new && mac_u64(&l->f->destination) == UINT64_C(0xffffffffffff);
}

RULE(disconnect_flood)
{
	struct tallies *w = tallies_of(l->s->device);

	return w && burst_count(&w->disconnects, l, true, SECOND_US) && over(l, &w->disconnects, DISCONNECTS, e);
}

RULE(wps_brute)
{
	struct tallies *w;

	if (l->f->wps.message != 7 || l->f->retry || !(w = tallies_of(l->s->device))) /* M3 (WSC 2.0.8 table 34) */
		return false;
	(void) burst_gapless(&w->m3s, look_us(l), WPS_GAP_US);
	return over(l, &w->m3s, WPS_MESSAGES, e);
}

/* Counts one more within the window. */
static bool too_many(const struct look *l, struct burst *b, uint64_t window_us, uint32_t most, struct effect *e)
{
	return burst_count(b, l, false, window_us) && over(l, b, most, e);
}

static bool is_request(const struct look *l)
{
	return l->f->auth_transaction == 1 && !mac_equal(&l->f->source, &l->f->bssid) && !l->f->retry;
}

RULE(sae_flood)
{
	struct tallies *w = l->f->auth_algorithm == 3 && is_request(l) ? tallies_of(l->s->device) : NULL;

	return w && too_many(l, &w->commits, SECOND_US, COMMITS, e);
}

RULE(auth_flood)
{
	struct watch *w = l->f->auth_algorithm != 3 && is_request(l) ? watch_of(l->s->device) : NULL;

	return w && too_many(l, &w->logins, SECOND_US, LOGINS, e);
}

RULE(assoc_flood)
{
	struct watch *w = !l->f->retry ? watch_of(l->s->device) : NULL;

	return w && too_many(l, &w->joins, SECOND_US, JOINS, e);
}

RULE(answer_flood)
{
	struct watch *w = !l->f->retry ? watch_of(l->s->device) : NULL;

	return w && too_many(l, &w->answers, SECOND_US, ANSWERS, e);
}

/* When the source began to hear the channel that it is on now. */
static uint64_t channel_begun(struct source_watch *w, const struct look *l)
{
	uint64_t *begun_us = &w->begun_us[l->packet->radio.freq_khz / 5000 % SOURCE_CHANNELS];

	if (*begun_us == 0)
		*begun_us = look_us(l);
	return *begun_us;
}

RULE(beacon_flood)
{
	struct source_watch *w = l->source;
	uint64_t begun_us;

	if (!w)
		return false;
	begun_us = channel_begun(w, l);
	if (look_us(l) < begun_us + SETTLE_US)
		return false;
	(void) burst_within(&w->new_networks, look_us(l), SECOND_US);
	return over(l, &w->new_networks, NEW_NETWORKS, e);
}

RULE(karma)
{
	struct watch *w = l->s->ssid.len ? watch_of(l->s->device) : NULL;

	return w && too_many(l, &w->names, NAMES_US, NAMES, e);
}

static bool requires_protection(const struct dot11_device *x)
{
	for (uint32_t i = 0; i < x->advertised.count; i++)
		if (x->advertised.items[i].mfp_required)
			return true;
	return false;
}

/* IEEE 802.11-2020 12.6.19: with management frame protection a disconnection is encrypted, but for what
 * tells a station that is not known. */
RULE(bare_disconnects)
{
	struct tallies *w;

	if (l->f->subtype == MGMT_ASSOC_REQ || l->f->subtype == MGMT_REASSOC_REQ) {
		w = l->f->mfp_supported || l->f->mfp_required ? tallies_of(l->s->device) : NULL;
		if (w)
			few_add(&w->protects, &l->f->source);
		return false;
	}
	if (l->f->protected_ || mac_is_group(&l->f->destination) || !(w = tallies_of(l->s->device)) ||
	    (!few_have(&w->protects, &l->f->destination) && !few_have(&w->protects, &l->f->source) &&
	     !requires_protection(l->s->dot11)))
		return false;
	return too_many(l, &w->bare_disconnects, BARE_US, BARE_DISCONNECTS, e);
}
