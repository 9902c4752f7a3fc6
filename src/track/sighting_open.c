#include "track/sighting_open.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "track/model.h"

#define GRACE_SEC 5u       /* so long after its minute frames may come out of order */
#define SILENT_SEC 10      /* without a packet a source's clock stands still */
#define CLOSED_AT_ONCE 128 /* under one lock */
#define MANY 256           /* that wait in a shard before a source's thread brings them on */

void sighting_packet(struct packet_ctx *p)
{
	const struct packet *packet = p->packet;
	struct track_source *s = p->source;
	uint32_t seconds = p->t->conf.sighting_sec;
	bool cut = packet->length > packet->data.left;

	if (p->packet_sec - s->sighting_sec >= seconds)
		s->sighting_sec = p->packet_sec - p->packet_sec % seconds;
	atomic_store_explicit(&s->clock_sec, p->packet_sec, memory_order_relaxed);
	atomic_store_explicit(&s->latest_sec, p->server_sec, memory_order_relaxed);
	p->octets = (uint32_t) packet->mpdu.left + (cut ? packet->length - (uint32_t) packet->data.left : 0);
	p->network = SIGHTING_NO_NETWORK;
	if (!mac_is_zero(&packet->bssid) && !mac_is_group(&packet->bssid))
		p->network = packet->is_data ? SIGHTING_DATA : SIGHTING_MANAGEMENT;
}

static struct seenby *seen_of(struct device *d, uint16_t seen_as)
{
	for (uint32_t i = 0; i < d->seenby.count; i++)
		if (d->seenby.items[i].source == seen_as)
			return &d->seenby.items[i];
	return NULL;
}

void sighting_complete(struct open_sighting *o)
{
	uint32_t most = 0;

	if (o->signals)
		o->s.signal_mean = (float) o->signal_sum / (float) o->signals;
	for (size_t i = 0; i < SIGHTING_FREQS; i++)
		if (o->freqs[i].packets > most) {
			most = o->freqs[i].packets;
			o->s.freq_khz = o->freqs[i].khz;
		}
}

/* Moves it to the closed ones; the last takes its slot. */
static void close_at(struct shard *s, uint32_t at)
{
	struct open_sighting *o = &s->sightings[at];
	struct seenby *seen = seen_of(shard_slot(s, o->slot), o->seen_as);

	sighting_complete(o);
	if (s->n_closed == s->cap_closed) {
		s->cap_closed = s->cap_closed ? s->cap_closed * 2 : 64;
		xgrow(s->closed, s->cap_closed);
	}
	s->closed[s->n_closed++] = o->s;
	seen->sighting = 0;
	if (at != --s->n_sightings) {
		*o = s->sightings[s->n_sightings];
		seen_of(shard_slot(s, o->slot), o->seen_as)->sighting = at + 1;
	}
}

static struct open_sighting *begin(const struct packet_ctx *p, struct shard *s, uint32_t slot, struct seenby *seen)
{
	const struct device *d = shard_slot(s, slot);
	struct open_sighting *o;

	if (s->n_sightings == s->cap_sightings) {
		s->cap_sightings = s->cap_sightings ? s->cap_sightings * 2 : 16;
		xgrow(s->sightings, s->cap_sightings);
	}
	o = &s->sightings[s->n_sightings++];
	*o = (struct open_sighting){.s = {.device = d->key,
					  .source = p->source->uuid,
					  .phy = d->phy,
					  .start_sec = p->source->sighting_sec,
					  .seconds = (uint16_t) p->t->conf.sighting_sec},
				    .slot = slot,
				    .opened_sec =
					    atomic_load_explicit(&p->t->ticked_monotonic_sec, memory_order_relaxed),
				    .source = p->packet->source,
				    .seen_as = seen->source,
				    .best = INT16_MIN};
	seen->sighting = s->n_sightings;
	p->moves->many_closed |= s->n_closed >= MANY;
	return o;
}

/* Of more frequencies than are counted the rarest makes way, and its count is the newcomer's. */
static void count_other_freq(struct open_sighting *o, uint32_t khz)
{
	struct freq_count *f = o->freqs, *least = f;

	for (; f < o->freqs + SIGHTING_FREQS; f++) {
		if (f->khz == khz || f->packets == 0) {
			f->khz = khz;
			f->packets++;
			return;
		}
		if (f->packets < least->packets)
			least = f;
	}
	least->khz = khz;
	least->packets++;
}

static inline void count_freq(struct open_sighting *o, uint32_t khz)
{
	if (o->freqs[0].khz == khz)
		o->freqs[0].packets++;
	else
		count_other_freq(o, khz);
}

void sighting_set_position(struct open_sighting *o, const struct position *p, int16_t level)
{
	o->best = level;
	o->s.has_position = true;
	o->s.lat = p->lat;
	o->s.lon = p->lon;
	o->s.accuracy_m = p->accuracy_m;
}

static void take_position(struct open_sighting *o, const struct packet *packet)
{
	int16_t level = packet->radio.have & RADIO_HAS_SIGNAL ? packet->radio.signal_dbm : INT16_MIN;

	if (!o->s.has_position || level > o->best)
		sighting_set_position(o, &packet->position, level);
}

static inline void count_frame(struct open_sighting *o, const struct packet_ctx *p, bool sent)
{
	o->s.frames++;
	o->s.sent += sent;
	o->s.octets += p->octets;
	if (p->duplicate)
		o->s.duplicates++;
	if (p->retry)
		o->s.retries++;
	if (p->network > SIGHTING_NO_NETWORK && p->network >= o->network && (sent || p->network == SIGHTING_DATA)) {
		o->s.bssid = p->packet->bssid;
		o->network = p->network;
	}
}

/* The one of the packet's minute. */
static inline struct open_sighting *current(const struct packet_ctx *p, struct shard *s, uint32_t slot,
					    struct seenby *seen)
{
	if (seen->sighting) {
		struct open_sighting *o = &s->sightings[seen->sighting - 1];

		if (o->s.start_sec == p->source->sighting_sec)
			return o;
		close_at(s, seen->sighting - 1);
	}
	return begin(p, s, slot, seen);
}

void sighting_see(const struct packet_ctx *p, struct shard *s, uint32_t slot, struct seenby *seen, uint32_t flags,
		  bool sent)
{
	const struct packet *packet = p->packet;
	struct open_sighting *o = seen ? current(p, s, slot, seen) : NULL;

	p->moves->sighting = o;
	if (!o)
		return;
	if (flags & UPDATE_PACKETS)
		count_frame(o, p, sent);
	if ((flags & (UPDATE_FREQ | UPDATE_SIGNAL)) && packet->radio.freq_khz)
		count_freq(o, packet->radio.freq_khz);
	if (packet->position.fix >= POSITION_FIX_2D && (flags & UPDATE_POSITION))
		take_position(o, packet);
}

void sighting_signal(const struct packet_ctx *p, uint8_t type, int16_t level)
{
	struct open_sighting *o = p->moves->sighting;

	if (!o || level == 0)
		return;
	if (o->signals == 0 || level < o->s.signal_least)
		o->s.signal_least = level;
	if (o->signals == 0 || level > o->s.signal_most)
		o->s.signal_most = level;
	o->s.signal_type = type;
	o->signal_sum += level;
	o->signals++;
}

void sighting_alert(struct shard *s, struct device *d, uint16_t source)
{
	struct open_sighting *any = NULL;

	for (uint32_t i = 0; i < d->seenby.count; i++) {
		uint32_t at = d->seenby.items[i].sighting;

		if (at && (!any || s->sightings[at - 1].source == source))
			any = &s->sightings[at - 1];
	}
	if (any)
		any->s.alerts++;
}

void sighting_close_device(struct shard *s, struct device *d)
{
	for (uint32_t i = 0; i < d->seenby.count; i++)
		if (d->seenby.items[i].sighting)
			close_at(s, d->seenby.items[i].sighting - 1);
}

/* Which are to be closed: those of a source, or, UINT16_MAX, of all; by time where `due`. */
struct closing {
	const struct tracker *t;
	uint16_t source;
	bool due;
	uint32_t server_sec, monotonic_sec;
};

static bool is_due(const struct closing *c, const struct open_sighting *o)
{
	const struct track_source *s = atomic_load(&c->t->sources[o->source]);
	uint64_t clock = atomic_load_explicit(&s->clock_sec, memory_order_relaxed);
	uint32_t latest_sec = atomic_load_explicit(&s->latest_sec, memory_order_relaxed);
	uint64_t end = (uint64_t) o->s.start_sec + o->s.seconds + GRACE_SEC;

	if (clock >= end || clock + GRACE_SEC < o->s.start_sec)
		return true;
	/* No packet says what time it is; or the server's clock was set back, and does not say either. */
	return (clock_since(c->server_sec, latest_sec) >= SILENT_SEC ||
		clock_since(latest_sec, c->server_sec) > CLOCK_AHEAD_SEC) &&
	       c->monotonic_sec - o->opened_sec > o->s.seconds + GRACE_SEC;
}

static bool is_meant(const struct closing *c, const struct open_sighting *o)
{
	return (c->source == UINT16_MAX || o->source == c->source) && (!c->due || is_due(c, o));
}

/* From the last to the first, since the last takes the slot of what is closed. False when there may be more. */
static bool close_some(struct shard *s, const struct closing *c, uint32_t *at)
{
	unsigned n = 0;

	if (*at > s->n_sightings)
		*at = s->n_sightings;
	while (*at > 0 && n < CLOSED_AT_ONCE) {
		(*at)--;
		if (!is_meant(c, &s->sightings[*at]))
			continue;
		close_at(s, *at);
		n++;
	}
	return *at == 0;
}

static void close_meant(struct tracker *t, const struct closing *c)
{
	for (size_t i = 0; i < TRACK_SHARDS; i++) {
		struct shard *s = &t->shards[i];
		uint32_t at = UINT32_MAX;
		bool done = false;

		while (!done) {
			(void) pthread_mutex_lock(&s->lock);
			done = close_some(s, c, &at);
			(void) pthread_mutex_unlock(&s->lock);
		}
	}
}

/* Gives memory back that the busiest minute needed. Under the lock. */
static void shrink(struct shard *s)
{
	if (s->cap_sightings < 64 || s->n_sightings >= s->cap_sightings / 4)
		return;
	s->cap_sightings /= 2;
	xgrow(s->sightings, s->cap_sightings);
}

void sightings_drain(struct tracker *t)
{
	uint32_t now = (uint32_t) (clock_monotonic_us() / 1000000);

	sightings_lock(t->sightings);
	for (size_t i = 0; i < TRACK_SHARDS; i++) {
		struct shard *s = &t->shards[i];
		cleanup_free struct sighting *closed = NULL;
		uint32_t n;

		(void) pthread_mutex_lock(&s->lock);
		closed = TAKE(s->closed);
		n = s->n_closed;
		s->n_closed = s->cap_closed = 0;
		(void) pthread_mutex_unlock(&s->lock);
		sightings_add(t->sightings, closed, n, now);
	}
	sightings_unlock(t->sightings);
}

void sightings_close_source(struct tracker *t, uint16_t source)
{
	const struct closing c = {.t = t, .source = source};

	close_meant(t, &c);
	sightings_drain(t);
}

void sightings_close_due(struct tracker *t, uint32_t server_sec)
{
	const struct closing c = {.t = t,
				  .source = UINT16_MAX,
				  .due = true,
				  .server_sec = server_sec,
				  .monotonic_sec = (uint32_t) (clock_monotonic_us() / 1000000)};

	atomic_store_explicit(&t->ticked_monotonic_sec, c.monotonic_sec, memory_order_relaxed);
	close_meant(t, &c);
	for (size_t i = 0; i < TRACK_SHARDS; i++) {
		(void) pthread_mutex_lock(&t->shards[i].lock);
		shrink(&t->shards[i]);
		(void) pthread_mutex_unlock(&t->shards[i].lock);
	}
	sightings_drain(t);
	sightings_tick(t->sightings, c.monotonic_sec);
}
