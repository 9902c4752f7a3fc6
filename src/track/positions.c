#include "track/positions.h"

#include "track/model.h"
#include "track/sighting_open.h"

#define SLICE 64 /* slots visited under one lock */

/* Whether a source that uses the server's position saw the device. */
static bool is_ours(const struct device *d, const struct position_filler *f)
{
	for (uint32_t i = 0; i < d->seenby.count; i++)
		if (!f->has_own(f->ctx, d->seenby.items[i].source))
			return true;
	return false;
}

struct filling {
	const struct position_filler *filler;
	uint32_t now, filled;
};

static bool fill(struct device *d, const struct position_filler *f, uint32_t now)
{
	struct position p;

	if (d->last_sec < f->from_sec || d->last_sec > f->to_sec || d->mod_sec > f->to_sec ||
	    (d->location && d->location->last_sample_sec >= f->from_sec) || !is_ours(d, f))
		return false;
	p = f->position(f->ctx, d->last_sec);
	location_update(&d->location, &p, now);
	return true;
}

static void fill_slot(void *ctx, struct shard *s, uint32_t slot)
{
	struct filling *f = ctx;

	if (s->mod_sec[slot] < f->filler->from_sec || !fill(shard_slot(s, slot), f->filler, f->now))
		return;
	shard_touch(s, slot, f->now, s->views[slot]);
	f->filled++;
}

/* Open sightings without a position get that of the middle of their minute, as far as it lies in the span. Those that
 * are closed are in logs, which fill them. */
static void fill_sightings(struct shard *s, const struct position_filler *f)
{
	(void) pthread_mutex_lock(&s->lock);
	for (uint32_t i = 0; i < s->n_sightings; i++) {
		struct open_sighting *o = &s->sightings[i];
		uint32_t sec = o->s.start_sec + o->s.seconds / 2;
		struct position p;

		if (o->s.has_position || o->s.start_sec > f->to_sec || o->s.start_sec + o->s.seconds <= f->from_sec ||
		    f->has_own(f->ctx, o->source))
			continue;
		sec = sec < f->from_sec ? f->from_sec : sec;
		p = f->position(f->ctx, sec > f->to_sec ? f->to_sec : sec);
		sighting_set_position(o, &p, INT16_MIN);
	}
	(void) pthread_mutex_unlock(&s->lock);
}

uint32_t tracker_fill_positions(struct tracker *t, const struct position_filler *f, uint32_t now)
{
	struct filling filling = {.filler = f, .now = now};

	for (size_t i = 0; i < TRACK_SHARDS; i++)
		shard_each(&t->shards[i], SLICE, fill_slot, &filling);
	for (size_t i = 0; i < TRACK_SHARDS; i++)
		fill_sightings(&t->shards[i], f);
	return filling.filled;
}
