/* The server's clock was set back: times that now lie in its future become this moment. Devices that are seen again get
 * the new clock's times by themselves; this is for the others. */
#include "base/clock.h"
#include "track/model.h"

#define SLICE 64 /* slots visited under one lock */

static void turn_back(struct device *d, uint32_t now)
{
	uint64_t most = (uint64_t) now + CLOCK_AHEAD_SEC;

	if (d->last_sec > most)
		d->last_sec = now;
	if (d->first_sec > d->last_sec)
		d->first_sec = d->last_sec;
	for (uint32_t i = 0; i < d->seenby.count; i++) {
		struct seenby *s = &d->seenby.items[i];

		if (s->last_sec > most)
			s->last_sec = now;
		if (s->first_sec > s->last_sec)
			s->first_sec = s->last_sec;
	}
}

static void turn_slice_back(struct shard *s, uint32_t at, uint32_t now)
{
	for (uint32_t slot = at; slot < s->n_slots && slot < at + SLICE; slot++) {
		struct device *d;

		if (s->evict[slot] == EVICT_CLASSES || s->mod_sec[slot] <= now)
			continue;
		d = shard_slot(s, slot);
		turn_back(d, now);
		shard_touch(s, slot, now, s->views[slot]);
	}
}

void tracker_turn_back(struct tracker *t, uint32_t now)
{
	for (size_t i = 0; i < TRACK_SHARDS; i++) {
		struct shard *s = &t->shards[i];
		uint32_t slots = 1;

		for (uint32_t at = 0; at < slots; at += SLICE) {
			(void) pthread_mutex_lock(&s->lock);
			slots = s->n_slots;
			turn_slice_back(s, at, now);
			(void) pthread_mutex_unlock(&s->lock);
		}
	}
	raise_now(t, now);
}
