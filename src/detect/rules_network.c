/* What a network that is known says anew: the record as it was against the frame. */
#include "detect/rule_functions.h"

#include <math.h>
#include <string.h>

#include "base/crc.h"
#include "base/mem.h"

#define CAPABILITY_PRIVACY 0x10
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
	const struct dot11_advertised *was = l->s->network;
	bool bare = was->privacy && !(l->f->capability & CAPABILITY_PRIVACY); /* that was WEP */

	return !l->s->fresh && !l->f->crypt && (was->crypt || bare);
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

static struct known_network *known(const struct look *l)
{
	struct watch *w = watch_of(l->s->device);

	return w ? watch_network(w, l->s->network->hash) : NULL;
}

RULE(channel_change)
{
	struct known_network *n = known(l);
	uint8_t *channel;

	if (!n || !(l->f->have & FRAME_HAS_CHANNEL) || l->f->channel == 0)
		return false;
	channel = l->f->subtype == MGMT_BEACON ? &n->beacon_channel : &n->answer_channel;
	e->a = l->f->channel;
	e->b = *channel;
	*channel = l->f->channel;
	return e->b && e->a != e->b;
}

/* With dot11_11d_country_full: the list of channels is another than before. */
static bool ranges_change(const struct look *l)
{
	struct known_network *n = l->set->country_full ? known(l) : NULL;
	uint32_t sum, before;

	if (!n)
		return false;
	sum = crc_32(l->f->country_ranges.p, l->f->country_ranges.left) | 1;
	before = n->country_sum;
	n->country_sum = sum;
	return before && before != sum;
}

RULE(country_change)
{
	bool ranges;

	if (!(l->f->have & FRAME_HAS_COUNTRY))
		return false;
	ranges = ranges_change(l);
	return !l->s->fresh && *l->s->network->country &&
	       (ranges || memcmp(l->s->network->country, l->f->country, 2) != 0);
}

static uint8_t generation_of(const struct frame *f)
{
	static const struct {
		uint32_t have;
		uint8_t generation;
	} signs[] = {{FRAME_HAS_EHT, 7}, {FRAME_HAS_HE, 6}, {FRAME_HAS_VHT_CAP, 5}, {FRAME_HAS_HT_CAP, 4}};

	for (size_t i = 0; i < ARRAY_SIZE(signs); i++)
		if (f->have & signs[i].have)
			return signs[i].generation;
	return 0;
}

RULE(generation_drop)
{
	struct known_network *n = known(l);

	if (!n || (l->f->have & FRAME_IES_TORN))
		return false;
	e->a = n->generation;
	e->b = generation_of(l->f);
	n->generation = (uint8_t) e->b;
	return e->a >= 6 && e->b < e->a;
}

#define MHZ_6GHZ 5945 /* where the band begins */
#define WPA3 (CRYPT_BIT(CRYPT_AKM_SAE) | CRYPT_BIT(CRYPT_AKM_FT_SAE) | CRYPT_BIT(CRYPT_AKM_OWE))
#define OLD_CRYPT                                                                                  \
	(CRYPT_BIT(CRYPT_WEP) | CRYPT_BIT(CRYPT_WPA1) | CRYPT_BIT(CRYPT_AKM_PSK) |                  \
	 CRYPT_BIT(CRYPT_AKM_PSK_SHA256) | CRYPT_BIT(CRYPT_PAIR_TKIP))

/* The Wi-Fi Alliance's WPA3 specification, 11.2: neither open nor WPA2-Personal at 6 GHz. */
RULE(weak_at_6ghz)
{
	return (l->s->fresh || l->s->network->crypt != l->f->crypt) &&
	       l->packet->radio.freq_khz >= MHZ_6GHZ * 1000 && !(l->f->have & FRAME_IES_TORN) &&
	       (l->f->crypt == 0 || (l->f->crypt & OLD_CRYPT));
}

RULE(sae_dropped)
{
	return !l->s->fresh && (l->s->network->crypt & WPA3) && l->f->crypt && !(l->f->crypt & WPA3);
}

RULE(bss_timestamp)
{
	uint64_t was = l->s->dot11->bss_timestamp, is = l->f->timestamp;
	uint64_t elapsed = (uint64_t) (l->s->packet_sec - l->s->before_sec) * 1000000;
	uint64_t expected = was + elapsed, away = is > expected ? is - expected : expected - is;
	struct tallies *w;

	if (l->s->is_new || was == 0 || (l->f->capability & 2) || l->s->packet_sec < l->s->before_sec ||
	    away <= CLOCK_JUMP_US || !(w = tallies_of(l->s->device)))
		return false;
	e->frames = burst_gapless(&w->clock_jumps, look_us(l), CLOCK_GAP_US);
	e->first_us = w->clock_jumps.first_us;
	e->a = was;
	e->b = is;
	return e->frames > CLOCK_JUMPS;
}
