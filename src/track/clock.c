#include "track/clock.h"

#include "base/clock.h"
#include "track/model.h"

#define SLICE 64 /* slots visited under one lock */

/* The server's clock was set back: times that now lie in its future become this moment. Devices that are seen again get
 * the new clock's times by themselves; this is for the others. */
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

static void turn_slot_back(void *ctx, struct shard *s, uint32_t slot)
{
	const uint32_t *now = ctx;

	if (s->mod_sec[slot] <= *now)
		return;
	turn_back(shard_slot(s, slot), *now);
	shard_touch(s, slot, *now, s->views[slot]);
}

void tracker_turn_back(struct tracker *t, uint32_t now)
{
	for (size_t i = 0; i < TRACK_SHARDS; i++)
		shard_each(&t->shards[i], SLICE, turn_slot_back, &now);
	raise_now(t, now);
}

void raise_now(struct tracker *t, uint32_t sec)
{
	uint32_t now = atomic_load_explicit(&t->now, memory_order_relaxed);

	while ((sec > now || (now - sec > CLOCK_AHEAD_SEC && clock_was_set_back(now, sec, clock_server_sec()))) &&
	       !atomic_compare_exchange_weak(&t->now, &now, sec))
		;
}

uint32_t packet_sec_of(const struct packet *packet, uint32_t server_sec)
{
	uint64_t sec = packet->time_us / 1000000;

	return sec > (uint64_t) server_sec + 86400 ? server_sec : (uint32_t) sec;
}
