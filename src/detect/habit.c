#include "detect/habit.h"

#include <stdlib.h>

#include "base/limit.h"
#include "base/mem.h"
#include "wire/dot11/readers.h"

#define WAYS 4
#define LEARNT 5             /* frames after which one has habits */
#define LEVEL_APART (9 * 16) /* two antennas of one access point seldom are farther apart */
#define LEVEL_ALIKE (5 * 16) /* what one radio varies within seconds */
#define SPREADS 4            /* mean deviations that are ordinary */
#define SIXTEENTHS 16
#define COUNTER_US 2000000   /* after which a sequence number may be anything */
#define COUNTER_JUMP 256     /* numbers that one may miss within that time */
#define COUNTER_LATE 16      /* queues send out of order */
#define CLOCK_APART_US 50000 /* beacons are late by less */
#define ADOPT_US 3000000     /* its own are silent so long: it changed */
#define ADOPT_FRAMES 8
#define DROP_US 30000000 /* after which oddities are dropped */
#define IDLE_US 60000000 /* after which one makes way for anybody */

static void bump(uint8_t *n)
{
	if (*n < UINT8_MAX)
		(*n)++;
}

/* One more in a row, or the first. */
static void bump_if(uint8_t *n, bool goes_on)
{
	if (goes_on)
		bump(n);
	else
		*n = 1;
}

static bool is_kind(const struct frame *f, enum frame_management subtype)
{
	return f->type == FRAME_MANAGEMENT && f->subtype == subtype;
}

static bool has_clock(const struct frame *f)
{
	return (is_kind(f, MGMT_BEACON) || is_kind(f, MGMT_PROBE_RESP)) && f->timestamp;
}

/* Kinds of which a forger has no use in floods: his are disconnections, actions, null frames and key frames. */
static bool is_plain(const struct frame *f)
{
	if (f->type == FRAME_CONTROL)
		return false;
	if (f->type == FRAME_DATA)
		return !(f->subtype & DATA_NULL_BIT) && !(f->have & FRAME_HAS_EAPOL) && f->ethertype != 0x888e;
	return f->subtype == MGMT_BEACON || f->subtype == MGMT_PROBE_RESP || f->subtype == MGMT_PROBE_REQ;
}

/* What habits are compared with. */
struct look {
	const struct frame *f;
	uint64_t now_us;
	bool has_level, has_clock, is_beacon;
	int16_t level; /* dBm, in sixteenths */
	uint32_t mhz, shape;
	int64_t clock_us;
};

static bool can_compare_level(const struct habit *h, const struct look *l)
{
	return l->has_level && h->level && h->mhz == l->mhz;
}

/* The slot of that address in its set; the one whose habits are worth least is replaced. */
static struct habit *find(struct habits *h, const struct mac *mac, uint64_t now_us)
{
	struct habit *set, *least;

	if (!h->items) {
		h->sets = (uint32_t) (limit_of(LIMIT_HABITS) / WAYS);
		h->items = xnew(struct habit, h->sets * WAYS);
	}
	set = &h->items[(mac_u64(mac) * UINT64_C(0x9e3779b97f4a7c15) >> 32) % h->sets * WAYS];
	for (struct habit *x = set; x < set + WAYS; x++)
		if (x->frames && mac_equal(&x->mac, mac))
			return x;
	least = set;
	for (struct habit *x = set; x < set + WAYS; x++) {
		bool idle = now_us > x->seen_us + IDLE_US, least_idle = now_us > least->seen_us + IDLE_US;

		if (idle != least_idle ? idle : x->frames < least->frames)
			least = x;
	}
	if (least->frames && now_us <= least->seen_us + IDLE_US)
		limit_hit(LIMIT_HABITS);
	*least = (struct habit){.mac = *mac, .seen_us = now_us};
	return least;
}

/* The counter that the frame's number is of; NULL for QoS data, which has one for each priority, and PS-Poll without.
 */
static struct habit_counter *counter_of(struct habit *h, const struct frame *f)
{
	if (is_kind(f, MGMT_BEACON))
		return &h->beacons;
	if (f->type == FRAME_CONTROL || (f->type == FRAME_DATA && (f->subtype & DATA_QOS_BIT)))
		return NULL;
	return &h->others;
}

/* True for a number that the counter cannot have reached. */
static bool jumps(const struct habit_counter *c, const struct frame *f, uint64_t now_us)
{
	uint16_t ahead = (uint16_t) (f->sequence - c->last) & 4095;

	if (c->steady >= LEARNT)
		return ahead != 0;
	return c->steps >= LEARNT && now_us < c->last_us + COUNTER_US && ahead > COUNTER_JUMP &&
	       ahead < 4096 - COUNTER_LATE;
}

static void count(struct habit_counter *c, const struct frame *f, uint64_t now_us)
{
	bool same = f->sequence == c->last;

	if (same && !f->retry)
		bump(&c->steady);
	if (!same) {
		c->steady = 0;
		bump_if(&c->steps, !jumps(c, f, now_us));
	}
	c->last = f->sequence;
	c->last_us = now_us;
}

/* Which elements beacons have, and how long they are but for the TIM. */
static uint32_t shape_of(const struct frame *f)
{
	struct span tim;
	size_t n = f->elements.list.left;

	if (frame_find(f, ELEMENT_TIM, &tim))
		n -= tim.left;
	return (uint32_t) n << 8 | (uint8_t) f->elements.count;
}

static struct look look_at(const struct packet *packet, const struct frame *f)
{
	struct look l = {.f = f,
			 .now_us = packet->time_us,
			 .has_level = packet->radio.have & RADIO_HAS_SIGNAL,
			 .has_clock = has_clock(f),
			 .is_beacon = is_kind(f, MGMT_BEACON),
			 .level = (int16_t) (packet->radio.signal_dbm * SIXTEENTHS),
			 .mhz = packet->radio.freq_khz / 1000};

	if (l.is_beacon)
		l.shape = shape_of(f);
	if (l.has_clock)
		l.clock_us = (int64_t) (f->timestamp - packet->time_us);
	return l;
}

static uint8_t signs_of(struct habit *h, const struct look *l)
{
	const struct habit_counter *c = counter_of(h, l->f);
	int apart = h->spread * SPREADS > LEVEL_APART ? h->spread * SPREADS : LEVEL_APART;
	uint8_t signs = 0;

	if (can_compare_level(h, l) && abs(l->level - h->level) > apart)
		signs |= SIGN_SIGNAL;
	if (c && jumps(c, l->f, l->now_us))
		signs |= SIGN_SEQUENCE;
	if (l->has_clock && h->clocks >= LEARNT && offsets_apart_us(l->clock_us, h->clock_us) > CLOCK_APART_US)
		signs |= SIGN_CLOCK;
	if (l->is_beacon && h->shapes >= LEARNT && l->shape != h->shape)
		signs |= SIGN_ELEMENTS;
	return signs;
}

static void learn_level(struct habit *h, const struct look *l)
{
	int now = l->level;

	if (!l->has_level)
		return;
	if (!can_compare_level(h, l)) {
		h->mhz = (uint16_t) l->mhz;
		h->level = (int16_t) now;
		h->spread = 0;
		return;
	}
	h->spread = (int16_t) (h->spread + (abs(now - h->level) - h->spread) / 8);
	h->level = (int16_t) (h->level + (now - h->level) / 8);
}

/* One of its own. */
static void learn(struct habit *h, const struct look *l)
{
	struct habit_counter *c = counter_of(h, l->f);

	learn_level(h, l);
	if (c)
		count(c, l->f, l->now_us);
	if (l->has_clock) {
		bump_if(&h->clocks, offsets_apart_us(l->clock_us, h->clock_us) <= CLOCK_APART_US);
		h->clock_us = l->clock_us;
	}
	if (l->is_beacon) {
		bump_if(&h->shapes, l->shape == h->shape);
		h->shape = l->shape;
	}
	bump(&h->frames);
	h->seen_us = l->now_us;
	if (h->pending)
		bump(&h->resumed);
	h->pending = false;
}

/* One of another radio, perhaps: of what there is little, it is learnt when its own are silent. */
static void note_other(struct habit *h, const struct look *l, uint8_t signs)
{
	if (signs & SIGN_SIGNAL) {
		if (signs == SIGN_SIGNAL && is_plain(l->f))
			bump(&h->plain);
		h->other_level = l->level;
	}
	bump(&h->off);
	h->off_us = l->now_us;
	h->pending = true;
}

static bool is_other(uint8_t signs)
{
	return (signs & SIGN_SIGNAL) || (signs & (signs - 1));
}

/* By the signal alone: it is always the same, at frames that an attacker has use for, and the transmitter's own went on
 * meanwhile. */
static bool is_second_level(const struct habit *h, const struct look *l)
{
	return h->resumed && h->plain * 4 <= h->off && abs(l->level - h->other_level) <= LEVEL_ALIKE;
}

static bool is_forged(const struct habit *h, const struct look *l, uint8_t signs)
{
	bool several = signs & (signs - 1);

	if (signs & SIGN_SIGNAL)
		return several || is_second_level(h, l);
	return several && h->resumed > 1; /* not that it started anew */
}

struct habit_match habits_learn(struct habits *all, const struct packet *packet, const struct frame *f)
{
	uint64_t now_us = packet->time_us;
	struct habit_match v = {0};
	struct look look;
	struct habit *h;

	if (mac_is_group(&f->transmitter) || mac_is_zero(&f->transmitter))
		return v;
	look = look_at(packet, f);
	h = find(all, &f->transmitter, now_us);
	if (h->off && (now_us > h->off_us + DROP_US || now_us + DROP_US < h->off_us))
		h->off = h->plain = h->resumed = h->pending = 0;
	if (h->frames < LEARNT || now_us < h->seen_us) { /* also of a capture of an earlier time */
		learn(h, &look);
		return v;
	}
	v.known = true;
	v.signs = signs_of(h, &look);
	v.usual_dbm = can_compare_level(h, &look) ? (int8_t) (h->level / SIXTEENTHS) : 0;
	if (!is_other(v.signs)) {
		learn(h, &look);
		v.own = can_compare_level(h, &look);
		return v;
	}
	v.forged = is_forged(h, &look, v.signs);
	note_other(h, &look, v.signs);
	if (now_us > h->seen_us + ADOPT_US && h->off >= ADOPT_FRAMES)
		*h = (struct habit){.mac = h->mac};
	return v;
}

void habits_finish(struct habits *h)
{
	free(h->items);
}
