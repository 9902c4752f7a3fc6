/* The clocks of networks (IEEE 802.11-2020 11.1): a beacon holds its sender's count of microseconds. That minus the
 * packet time is the clock's offset; offsets of different sources are not compared, since their clocks differ too. */
#include "detect/habit.h"
#include "detect/rules/functions.h"

#include <stdlib.h>

#define CAPABILITY_IBSS 2
#define CLOCK_EXPIRE_SEC 10 /* after which a source that sees nothing gives way to another */

/* The clock as this source sees it, or NULL when two others see it. */
static struct seen_clock *clock_of(struct rule_state *w, uint16_t source, uint32_t now_sec)
{
	struct seen_clock *c = w->clocks;

	if (c[0].known && c[0].source == source)
		return &c[0];
	if (c[1].known && c[1].source == source)
		return &c[1];
	for (size_t i = 0; i < 2; i++) {
		if (c[i].known && now_sec - c[i].last_sec <= CLOCK_EXPIRE_SEC)
			continue;
		c[i] = (struct seen_clock){.source = source};
		return &c[i];
	}
	return NULL;
}

static int64_t offset_of(const struct rule_ctx *l)
{
	return (int64_t) (l->f->timestamp - look_us(l));
}

static bool has_clock(const struct frame *f)
{
	return f->timestamp && !(f->capability & CAPABILITY_IBSS);
}

RULE(bss_timestamp)
{
	struct rule_state *w = has_clock(l->f) ? rule_state_of(l->s->device) : NULL;
	struct seen_clock *c = w ? clock_of(w, l->packet->source, l->s->packet_sec) : NULL;
	int64_t offset_us = offset_of(l), before_us;
	struct rule_counters *t;
	bool jumps;

	if (!c)
		return false;
	before_us = c->offset_us;
	jumps = c->known && offsets_apart_us(offset_us, before_us) > UINT64_C(1000) * l->numbers->apart_ms;
	c->offset_us = offset_us;
	c->last_sec = l->s->packet_sec;
	c->known = true;
	if (!jumps || !(t = rule_counters_of(l->s->device)))
		return false;
	e->frames = rate_window_continue(&t->clock_jumps, look_us(l), within_us(l));
	e->first_us = t->clock_jumps.first_us;
	e->a = (uint64_t) before_us + look_us(l);
	e->b = l->f->timestamp;
	return e->frames > l->numbers->most && !is_explained(l);
}

/* The standard lets a clock be wrong by 100 millionths (11.1.3.1), so that two honest ones differ by 200 at most.
 * Beacons are seen late, seldom early: the greatest offset of a third of a window is right to about a
 * millisecond, which over the 10 seconds between the thirds is 100 millionths more for each clock. */
#define RATE_MOST_PPM 1000000000 /* a hostile clock may say anything */
#define RATE_AGREE_PPM 200       /* by which two windows of one clock differ, apart from a tenth of it */
#define WINDOW_US UINT64_C(15000000)
#define THIRDS 3
#define RATE_BEACONS 3       /* of a third, at least */
#define RATE_JUMP_US 1000000 /* the clock was set, or the source's was */

static void begin_window(struct clock_rate *r, uint64_t now_us)
{
	r->begun_us = now_us;
	r->beacons[0] = r->beacons[1] = 0;
}

static void take_offset(struct clock_rate *r, uint64_t now_us, int64_t offset_us)
{
	uint64_t third = (now_us - r->begun_us) * THIRDS / WINDOW_US;
	unsigned side = third ? 1 : 0;

	if (third == 1 || third >= THIRDS)
		return;
	if (r->beacons[side] == 0 || offset_us > r->best_us[side]) {
		r->best_us[side] = offset_us;
		r->best_ms[side] = (uint32_t) ((now_us - r->begun_us) / 1000);
	}
	if (r->beacons[side] < UINT16_MAX)
		r->beacons[side]++;
}

/* Ends a window. True when it and the one before agree on the rate. */
static bool end_window(struct clock_rate *r, int32_t *ret_ppm)
{
	bool known = r->beacons[0] >= RATE_BEACONS && r->beacons[1] >= RATE_BEACONS, agree;
	int64_t ms = (int64_t) r->best_ms[1] - r->best_ms[0], ppm = 0;

	if (known && ms > 0)
		ppm = (r->best_us[1] - r->best_us[0]) * 1000 / ms;
	ppm = ppm > RATE_MOST_PPM ? RATE_MOST_PPM : ppm < -RATE_MOST_PPM ? -RATE_MOST_PPM : ppm;
	agree = known && r->known_before && llabs(ppm - r->ppm_before) <= RATE_AGREE_PPM + llabs(ppm) / 10;
	r->known_before = known;
	r->ppm_before = *ret_ppm = (int32_t) ppm;
	return agree;
}

RULE(clock_rate)
{
	struct rule_state *w = l->f->capability & CAPABILITY_IBSS ? NULL : rule_state_of(l->s->device);
	struct clock_rate *r = w ? &w->rate : NULL;
	uint64_t now_us = look_us(l);
	int64_t offset_us = offset_of(l);
	int32_t ppm = 0;
	bool reported = false;

	if (!r || (r->begun_us && r->source != l->packet->source && now_us - r->begun_us <= 2 * WINDOW_US))
		return false;
	if (r->begun_us == 0 || r->source != l->packet->source || now_us < r->begun_us ||
	    offsets_apart_us(offset_us, r->last_us) > RATE_JUMP_US) {
		*r = (struct clock_rate){.source = l->packet->source};
		begin_window(r, now_us);
	} else if (now_us - r->begun_us >= WINDOW_US) {
		e->frames = r->beacons[0] + r->beacons[1];
		e->first_us = r->begun_us;
		reported = end_window(r, &ppm);
		begin_window(r, now_us);
	}
	r->last_us = offset_us;
	take_offset(r, now_us, offset_us);
	e->a = (uint64_t) (int64_t) ppm;
	return reported;
}

/* A clock that runs at a rate no hardware has, beside another vendor's of the same name and encryption: software makes
 * up the beacons. Of two that differ, the one farther from the source's clock is at fault. */
RULE(twin_clock)
{
	struct name_station *s = l->station;
	bool own = is_own_ssid(l->set, &e->ssid), differs = false;

	s->rate_ppm = (int32_t) (int64_t) e->a;
	s->rate_us = look_us(l);
	s->source = l->packet->source;
	if (s->twin_reported || is_own_bssid(l->set, &s->bssid))
		return false;
	for (uint32_t i = 0; i < l->name->n; i++) {
		const struct name_station *o = &l->name->stations[i];
		int64_t apart = (int64_t) s->rate_ppm - o->rate_ppm;

		if (o->rate_us == 0 || s->rate_us - o->rate_us > within_us(l) || o->source != s->source ||
		    o->crypt != s->crypt || same_vendor(&o->bssid, &s->bssid) || (!own && mac_is_local(&o->bssid)))
			continue;
		if (llabs(apart) <= l->numbers->apart_ppm || llabs(s->rate_ppm) <= llabs(o->rate_ppm))
			return false;
		e->a = (uint64_t) llabs(apart);
		differs = true;
	}
	s->twin_reported = differs;
	return differs;
}
