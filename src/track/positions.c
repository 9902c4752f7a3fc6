/* Positions for devices that were seen while no GPS had a fix. */
#include "track/model.h"

#define SLICE 64 /* slots visited under one lock */

/* Whether a source that uses the server's position saw the device. */
static bool is_ours(const struct device *d, const struct position_filler *f)
{
	for (uint32_t i = 0; i < d->seenby.count; i++)
		if (!f->has_own(f->ctx, d->seenby.items[i].source))
			return true;
	return false;
}

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

uint32_t tracker_fill_positions(struct tracker *t, const struct position_filler *f, uint32_t now)
{
	uint32_t filled = 0;

	for (size_t i = 0; i < TRACK_SHARDS; i++) {
		struct shard *s = &t->shards[i];
		uint32_t slots = 1;

		for (uint32_t at = 0; at < slots; at += SLICE) {
			(void) pthread_mutex_lock(&s->lock);
			slots = s->n_slots;
			for (uint32_t slot = at; slot < slots && slot < at + SLICE; slot++) {
				if (s->evict[slot] == EVICT_CLASSES || s->mod_sec[slot] < f->from_sec ||
				    !fill(shard_slot(s, slot), f, now))
					continue;
				shard_touch(s, slot, now, s->views[slot]);
				filled++;
			}
			(void) pthread_mutex_unlock(&s->lock);
		}
	}
	return filled;
}
