/* What a network that is known says anew: the record as it was against the frame. */
#include "detect/rule_functions.h"

#include <math.h>
#include <string.h>

#define CLOCK_JUMP_US 10000000 /* that a network's clock is away from where it should be */
#define CLOCK_JUMPS 5          /* more than so many, each within CLOCK_GAP_US */
#define CLOCK_GAP_US 5000000

RULE(adhoc_conflict)
{
	return l->f->type == FRAME_DATA &&
	       (l->f->distribution == DIST_FROM_DS || l->f->distribution == DIST_TO_DS) &&
	       (l->s->device->basic_type_set & DEVICE_PEER) && !(l->s->device->basic_type_set & DEVICE_AP);
}

RULE(crypt_change)
{
	return !l->s->fresh && l->s->network->crypt != l->f->crypt &&
	       !(l->s->network->crypt && !l->f->crypt);
}

RULE(crypt_drop)
{
	return !l->s->fresh && l->s->network->crypt && !l->f->crypt;
}

static uint32_t beacons_per_second(uint16_t interval)
{
	return interval ? (uint32_t) ceil(1.0 / (interval * 1024 / 1e6)) : 0;
}

RULE(beacon_rate)
{
	e->a = l->s->network->beacon_rate;
	e->b = beacons_per_second(l->f->beacon_interval);
	return !l->s->fresh && e->a && e->a != e->b;
}

RULE(channel_change)
{
	return !l->s->fresh && *l->s->network->channel && *l->s->channel &&
	       strcmp(l->s->channel, "0") != 0 && strcmp(l->s->network->channel, l->s->channel) != 0;
}

RULE(country_change)
{
	return !l->s->fresh && (l->f->have & FRAME_HAS_COUNTRY) && *l->s->network->country &&
	       memcmp(l->s->network->country, l->f->country, 2) != 0;
}

RULE(bss_timestamp)
{
	uint64_t was = l->s->dot11->bss_timestamp, is = l->f->timestamp;
	uint64_t elapsed = (uint64_t) (l->s->packet_sec - l->s->before_sec) * 1000000;
	uint64_t expected = was + elapsed, away = is > expected ? is - expected : expected - is;
	struct watch *w;

	if (l->s->is_new || was == 0 || (l->f->capability & 2) || l->s->packet_sec < l->s->before_sec ||
	    away <= CLOCK_JUMP_US || !(w = watch_of(l->s->device)))
		return false;
	e->frames = burst_gapless(&w->clock_jumps, look_us(l), CLOCK_GAP_US);
	e->first_us = w->clock_jumps.first_us;
	e->a = was;
	e->b = is;
	return e->frames > CLOCK_JUMPS;
}
