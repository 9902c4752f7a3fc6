#include "track/packet_ctx.h"

#include <string.h>

#include "base/clock.h"
#include "track/annotations.h"
#include "track/channels.h"
#include "track/evict.h"
#include "track/model.h"
#include "track/phys.h"
#include "track/sighting_open.h"
#include "track/views.h"

static void count_packet(const struct packet_ctx *p, struct device *d, bool sent)
{
	const struct packet *packet = p->packet;

	d->packets++;
	if (sent)
		d->tx++;
	else if (mac_equal(&d->key.mac, &packet->destination))
		d->rx++;
	if (packet->is_data) {
		d->data++;
		d->datasize += p->data_len;
	} else {
		d->llc++;
	}
	if (!p->t->conf.histories)
		return;
	history_add(&d->packets_history, HISTORY_COUNT, p->history_sec, 1);
	history_add(sent ? &d->tx_history : &d->rx_history, HISTORY_COUNT, p->history_sec, 1);
	if (packet->is_data)
		history_add(&d->datasize_history, HISTORY_OCTETS, p->history_sec, (float) p->data_len);
}

static void init_device(const struct packet_ctx *p, struct device *d)
{
	const struct model_phy *phy = p->phy;

	d->phy = phy->number;
	d->first_sec = p->packet_sec;
	if (phy->row.record)
		(void) device_own_part(d, phy->number);
	if (phy->row.init)
		phy->row.init(p, d);
	d->vendor = phy_vendor(p->t, d);
	annotations_apply(p->t->annotations, d);
}

static void be_active(const struct packet_ctx *p, struct device *d)
{
	uint32_t khz = p->packet->radio.freq_khz;

	if (khz == 0 || (d->seen_sec == p->history_sec && d->freq_khz == khz) || p->moves->n == MOVES_MAX)
		return;
	p->moves->from[p->moves->n].old_khz = d->freq_khz;
	p->moves->from[p->moves->n++].old_sec = d->seen_sec;
	d->seen_sec = p->history_sec;
}

void device_take_signal(const struct packet_ctx *p, struct device *d)
{
	if (p->packet->linktype != p->packet->link || p->packet->radio.have)
		sighting_signal(p, d->signal.type, signal_update(&d->signal, &p->packet->radio, p->packet_sec));
	if (p->t->conf.source_radios && (p->packet->linktype != p->packet->link || p->packet->radio.have))
		device_update_source_radio(d, p->source->seen_as, &p->packet->radio, p->packet_sec);
}

static void observe(const struct packet_ctx *p, struct shard *s, uint32_t slot, struct device *d, uint32_t flags)
{
	const struct mac *mac = &d->key.mac;
	bool sent = mac_equal(mac, &p->packet->sender) || mac_equal(mac, &p->packet->transmitter);
	struct seenby *seen = NULL;

	(void) clock_seen(&d->first_sec, &d->last_sec, p->packet_sec, p->server_sec);
	if ((flags & UPDATE_PACKETS) && !p->duplicate)
		count_packet(p, d, sent);
	if ((flags & UPDATE_FREQ) && !p->duplicate)
		be_active(p, d);
	if (flags & UPDATE_SEENBY)
		seen = device_update_source(d, p->source->seen_as, p->packet_sec, p->server_sec);
	sighting_see(p, s, slot, seen, flags, sent);
	if (flags & UPDATE_FREQ)
		device_update_freq(d, p->packet->radio.freq_khz);
	if ((flags & UPDATE_CHANNEL) && p->channel[0])
		memcpy(d->channel, p->channel, sizeof(d->channel));
	if (flags & UPDATE_SIGNAL)
		device_take_signal(p, d);
	if (flags & UPDATE_POSITION)
		location_update(&d->location, &p->packet->position, p->server_sec);
}

void device_prefetch(const struct packet_ctx *p, const struct mac *mac)
{
	const struct key key = {p->phy->hash, *mac};

	__builtin_prefetch(shard_of_key(p->t, &key), 1);
}

struct device *device_lock_known(const struct packet_ctx *p, const struct mac *mac, struct shard **ret_shard,
				 uint32_t *ret_slot)
{
	const struct key key = {p->phy->hash, *mac};
	struct shard *s = shard_of_key(p->t, &key);
	struct device *d;

	(void) pthread_mutex_lock(&s->lock);
	d = shard_find(s, &key, ret_slot);
	if (!d)
		(void) pthread_mutex_unlock(&s->lock);
	*ret_shard = s;
	return d;
}

void device_update(const struct packet_ctx *p, struct device *d, uint32_t flags, struct shard *s, uint32_t slot)
{
	p->moves->is_new = false;
	p->moves->before_sec = d->last_sec;
	observe(p, s, slot, d, flags);
}

uint64_t packet_source_packets(const struct packet_ctx *p)
{
	return p->source->phy_packets[p->phy->number];
}

struct device *device_lock(const struct packet_ctx *p, const struct mac *mac, uint32_t flags, struct shard **ret_shard,
			   uint32_t *ret_slot)
{
	struct key key = {p->phy->hash, *mac};
	struct shard *s = shard_of_key(p->t, &key);
	struct device *d;

	(void) pthread_mutex_lock(&s->lock);
	d = shard_find(s, &key, ret_slot);
	if (!d && ((flags & UPDATE_EXISTING) || p->duplicate)) {
		(void) pthread_mutex_unlock(&s->lock);
		return NULL;
	}
	*ret_shard = s;
	if (d) {
		device_update(p, d, flags, s, *ret_slot);
		return d;
	}
	p->moves->is_new = true;
	p->moves->before_sec = 0;
	evict_for_newcomer(p->t, s);
	d = shard_add(s, &key, ret_slot);
	init_device(p, d);
	model_events_add(p->events, MODEL_EVENT_DEVICE, &key, 0);
	observe(p, s, *ret_slot, d, flags);
	return d;
}

void device_release(struct shard *s)
{
	(void) pthread_mutex_unlock(&s->lock);
}

void device_unlock(const struct packet_ctx *p, struct shard *s, uint32_t slot)
{
	shard_touch(s, slot, p->server_sec, views_of(p->t, shard_slot(s, slot)));
	(void) pthread_mutex_unlock(&s->lock);
}

static void relate_one(const struct packet_ctx *p, const struct mac *of, const struct mac *to, const char *relation)
{
	struct key key = {p->phy->hash, *of};
	struct shard *s = shard_of_key(p->t, &key);
	uint32_t slot;
	struct device *d;

	(void) pthread_mutex_lock(&s->lock);
	d = shard_find(s, &key, &slot);
	if (d) {
		device_relate(d, relation, &(struct key){p->phy->hash, *to});
		shard_touch(s, slot, p->server_sec, s->views[slot]);
	}
	(void) pthread_mutex_unlock(&s->lock);
}

void devices_relate(const struct packet_ctx *p, const struct mac *a, const struct mac *b, const char *relation)
{
	relate_one(p, a, b, relation);
	relate_one(p, b, a, relation);
}

void packet_observe(const struct packet_ctx *p, struct observation *s)
{
	if (p->made)
		return;
	s->phy = p->phy->number;
	s->packet = p->packet;
	s->frame = p->frame;
	s->duplicate = p->duplicate;
	s->elsewhere = p->elsewhere;
	s->is_new = p->moves->is_new;
	s->packet_sec = p->packet_sec;
	s->before_sec = p->moves->before_sec;
	p->t->observer.see(p->t->observer.ctx, s, p->effects);
}

void packet_begin(struct packet_ctx *p, struct packet_results *l)
{
	l->moves = (struct channel_moves){0};
	l->events.n = 0;
	l->effects.n = l->effects.dropped = 0;
	p->moves = &l->moves;
	p->effects = &l->effects;
	p->events = &l->events;
	p->observer = &p->t->observer;
	p->observed = p->t->observer.see;
}

void packet_carry_out(const struct packet_ctx *p, struct packet *packet)
{
	struct tracker *t = p->t;

	if (p->moves->many_closed)
		sightings_drain(t);
	for (uint32_t i = 0; i < p->effects->n; i++)
		t->observer.act(t->observer.ctx, packet, p->frame, p->channel, &p->effects->items[i]);
	for (uint32_t i = 0; i < p->events->n && t->report; i++)
		t->report(t->on_event_ctx, &p->events->items[i]);
	if (p->duplicate)
		return;
	channels_add(t->channels, &p->source->channel_counters, p->history_sec, packet->radio.freq_khz, p->channel,
		     &packet->radio, packet->length);
	for (uint32_t i = 0; i < p->moves->n; i++)
		channels_device(t->channels, p->moves->from[i].old_khz, p->moves->from[i].old_sec,
				packet->radio.freq_khz, p->history_sec);
}
