/* A channel on which no access point is received any more, though others are. */
#include "detect/rules/functions.h"

#include "base/mem.h"

#define SLOT_US 102400                    /* as often an access point sends a beacon, ordinarily */
#define AWAY_US 10000000                  /* without a beacon for so long the source was elsewhere */
#define BEACONS_STEADY 50                 /* after which the channel is known */
#define BOXES_LEAST 3                     /* fewer access points go off together, by chance */
#define BOX_BITS UINT64_C(0xfdffffffff00) /* what the addresses of one access point's networks have in common */

static struct air_channel *channel_of(struct source_rule_state *s, uint32_t khz, uint64_t now_us)
{
	struct air_channel *least;

	if (!s->channels)
		s->channels = xnew(struct air_channel, AIR_CHANNELS);
	if (s->channels[s->channel].khz == khz)
		return &s->channels[s->channel];
	least = s->channels;
	for (struct air_channel *c = s->channels; c < s->channels + AIR_CHANNELS; c++) {
		if (c->khz == khz) {
			s->channel = (uint8_t) (c - s->channels);
			return c;
		}
		if (c->used_us < least->used_us)
			least = c;
	}
	*least = (struct air_channel){.khz = khz, .used_us = now_us};
	return least;
}

/* The access point, whichever of its networks it is. */
static struct mac box_of(const struct mac *bssid)
{
	return mac_of_u64(mac_u64(bssid) & BOX_BITS);
}

RULE(air_beacon)
{
	uint32_t khz = l->packet->radio.freq_khz;
	uint64_t now_us = look_us(l);
	struct air_channel *c;
	struct mac box = box_of(&l->f->bssid);

	if (!l->source || !khz)
		return false;
	c = channel_of(l->source, khz, now_us);
	if (now_us < c->beacon_us || now_us > c->beacon_us + AWAY_US)
		*c = (struct air_channel){.khz = khz};
	if (c->slots > c->slots_most)
		c->slots_most = c->slots;
	c->used_us = c->beacon_us = now_us;
	c->slots = 0;
	c->raised = false;
	if (c->beacons < UINT16_MAX)
		c->beacons++;
	recent_macs_add(&c->boxes, &box);
	return false;
}

/* Counts tenths of a second in which something was received, since the latest beacon. */
RULE(jammed)
{
	uint32_t khz = l->packet->radio.freq_khz;
	uint64_t now_us = look_us(l);
	struct air_channel *c;

	if (!l->source || !l->source->channels || !khz)
		return false;
	c = channel_of(l->source, khz, now_us);
	if (c->raised || c->beacons < BEACONS_STEADY || c->boxes.n < BOXES_LEAST || now_us < c->beacon_us ||
	    now_us > c->beacon_us + AWAY_US || c->slot == now_us / SLOT_US)
		return false;
	c->slot = now_us / SLOT_US;
	if (++c->slots <= l->numbers->most || c->slots <= 4 * c->slots_most)
		return false;
	e->a = c->boxes.n;
	e->b = khz / 1000;
	e->frames = c->slots;
	e->first_us = c->beacon_us;
	c->raised = true;
	return true;
}
