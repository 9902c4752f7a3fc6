/* What a network that is known says anew: the record as it was against the frame. */
#include "detect/rules/functions.h"

#include <math.h>
#include <string.h>

#include "base/crc.h"
#include "base/mem.h"
#include "wire/channel.h"

RULE(adhoc_conflict)
{
	return l->f->type == FRAME_DATA && (l->f->distribution == DIST_FROM_DS || l->f->distribution == DIST_TO_DS) &&
	       (l->dot11->record->typeset & DOT11_ADHOC) && (l->s->device->basic_type_set & DEVICE_PEER) &&
	       !(l->s->device->basic_type_set & DEVICE_AP);
}

/* Both the record and the frame have all their elements: what differs was changed. */
static bool comparable(const struct rule_ctx *l)
{
	return !l->s->fresh && !l->dot11->network->torn && elements_whole(l->packet, l->f);
}

/* What was encrypted is not, or by WEP alone. */
static bool is_drop(uint64_t was, uint64_t now)
{
	return was && (!now || (now == CRYPT_BIT(CRYPT_WEP) && was != now));
}

/* How the frame says that it is encrypted; as it was, where the same elements come again. */
static uint64_t crypt_now(const struct rule_ctx *l)
{
	return l->s->lasting && comparable(l) ? frame_security(l->f).crypt : l->dot11->network->crypt;
}

RULE(crypt_change)
{
	uint64_t was = l->dot11->network->crypt, now = crypt_now(l);

	return was != now && !is_drop(was, now) && !is_explained(l);
}

/* A name that it answers to for the first time, as its beacons have it, or the other way; NULL: they do not. */
static const struct dot11_advertised *counterpart(const struct rule_ctx *l)
{
	const struct dot11_device *x = l->dot11->record;
	const struct dot11_advertised *of = l->f->subtype == MGMT_BEACON ? x->responded.items : x->advertised.items;
	uint32_t n = l->f->subtype == MGMT_BEACON ? x->responded.count : x->advertised.count;

	for (uint32_t i = 0; i < n; i++)
		if (of[i].hash == l->dot11->network->hash)
			return &of[i];
	return NULL;
}

RULE(crypt_drop)
{
	uint64_t was = l->dot11->network->crypt, now = crypt_now(l);
	const struct dot11_advertised *other = l->s->fresh ? counterpart(l) : NULL;

	if (other && !other->torn && elements_whole(l->packet, l->f)) {
		was = other->crypt;
		now = frame_security(l->f).crypt;
	}
	return was != now && is_drop(was, now) && !is_explained(l);
}

RULE(beacon_rate)
{
	e->a = l->dot11->network->beacon_rate;
	e->b = beacons_per_second(l->f->beacon_interval);
	return !l->s->fresh && e->a && e->a != e->b && !is_explained(l);
}

static struct known_network *known(const struct rule_ctx *l)
{
	struct rule_state *w = rule_state_of(l->s->device);

	return w ? rule_state_network(w, l->dot11->network->hash) : NULL;
}

/* The channel that an access point will move to; 0: none. */
static uint8_t switch_of(const struct frame *f)
{
	struct span data;
	uint8_t channel = 0;

	if (frame_find(f, ELEMENT_CHANNEL_SWITCH, &data))
		(void) channel_switch_read(data, &channel);
	else if (frame_find(f, ELEMENT_EXTENDED_CHANNEL_SWITCH, &data))
		(void) extended_channel_switch_read(data, &channel);
	return channel;
}

/* Notes what is announced; true for the channel that was. */
static bool is_announced(const struct rule_ctx *l, struct known_network *n)
{
	uint8_t next = switch_of(l->f);

	if (next)
		n->next_channel = next;
	return l->f->channel == n->next_channel;
}

RULE(channel_change)
{
	struct known_network *n = known(l);
	bool announced;
	uint8_t *channel;

	if (!n)
		return false;
	announced = is_announced(l, n);
	if (!(l->f->have & FRAME_HAS_CHANNEL) || l->f->channel == 0)
		return false;
	channel = l->f->subtype == MGMT_BEACON ? &n->beacon_channel : &n->answer_channel;
	e->a = l->f->channel;
	e->b = *channel;
	*channel = l->f->channel;
	return e->b && e->a != e->b && !announced && !is_explained(l);
}

/* With dot11_11d_country_full: the list of channels is another than before. */
static bool ranges_change(const struct rule_ctx *l, struct span ranges)
{
	struct known_network *n = l->set->country_full ? known(l) : NULL;
	uint32_t sum, before;

	if (!n)
		return false;
	sum = crc_32(ranges.p, ranges.left) | 1;
	before = n->country_sum;
	n->country_sum = sum;
	return before && before != sum;
}

RULE(country_change)
{
	struct country now;
	struct span data;
	bool ranges;

	if (!frame_find(l->f, ELEMENT_COUNTRY, &data) || !country_read(data, &now))
		return false;
	ranges = ranges_change(l, now.ranges);
	return !l->s->fresh && *l->dot11->network->country &&
	       (ranges || memcmp(l->dot11->network->country, now.code, 2) != 0) && !is_explained(l);
}

RULE(generation_drop)
{
	struct known_network *n = known(l);

	if (!n || !elements_whole(l->packet, l->f))
		return false;
	e->a = n->generation;
	e->b = frame_generation(l->f);
	n->generation = (uint8_t) e->b;
	return e->a >= 6 && e->b < e->a && !is_explained(l);
}

#define WPA3 (CRYPT_ANY_SAE | CRYPT_BIT(CRYPT_AKM_OWE))
#define OLD_CRYPT (CRYPT_BIT(CRYPT_WEP) | CRYPT_BIT(CRYPT_WPA1) | CRYPT_ANY_PSK | CRYPT_BIT(CRYPT_PAIR_TKIP))

/* By the network's own elements, else by the radio. */
static bool is_at_6ghz(const struct rule_ctx *l)
{
	return (l->f->have & FRAME_IS_6GHZ) || channel_band_of_khz(l->packet->radio.freq_khz) == CHANNEL_BAND_6;
}

/* The Wi-Fi Alliance's WPA3 specification, 11.2: neither open nor WPA2-Personal at 6 GHz. */
RULE(weak_at_6ghz)
{
	uint64_t crypt;

	if (!is_at_6ghz(l) || !elements_whole(l->packet, l->f))
		return false;
	crypt = frame_security(l->f).crypt;
	return crypt == 0 || (crypt & OLD_CRYPT);
}

RULE(sae_dropped)
{
	uint64_t crypt;

	if (!(l->dot11->network->crypt & WPA3) || !comparable(l))
		return false;
	crypt = frame_security(l->f).crypt;
	return crypt && !(crypt & WPA3) && !is_explained(l);
}
