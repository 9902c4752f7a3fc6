#include "track/read.h"

#include "base/budget.h"
#include "track/model.h"
#include "track/views.h"

static struct device *copy_out(const struct device *d, struct arena *arena)
{
	struct device *copy = arena_alloc(arena, sizeof(*copy));

	device_copy(copy, d, arena);
	return copy;
}

static bool wanted(struct shard *s, const struct tracker_walk *w, const struct view_test *test)
{
	if (s->evict[w->slot] == EVICT_CLASSES || s->mod_sec[w->slot] < w->since_sec)
		return false;
	if (s->last_sec[w->slot] < w->seen_from || (w->seen_to && s->last_sec[w->slot] > w->seen_to))
		return false;
	return w->view < 0 || view_has(test, s->views[w->slot], shard_slot(s, w->slot));
}

#define LINE 64 /* octets of memory that come at once */

/* Asks for the memory of the slice that comes next, so that a reader does not wait for each device in turn. */
static void fetch_ahead(struct shard *s, const struct tracker_walk *w)
{
	for (uint32_t slot = w->slot; slot < s->n_slots && slot < w->slot + TRACK_SLICE; slot++)
		for (size_t at = 0; at < sizeof(struct device); at += LINE)
			__builtin_prefetch((const char *) shard_slot(s, slot) + at);
}

/* The next slices of one shard; its columns are scanned, whole chunks at a time where nothing changed. */
static uint32_t walk_shard(struct shard *s, struct tracker_walk *w, struct device **devices,
			   struct device_handle *handles)
{
	const struct view_test test = view_test_of(w->view);
	uint32_t n = 0;

	if (!w->since_sec)
		fetch_ahead(s, w);
	for (; w->slot < s->n_slots && n < TRACK_SLICE; w->slot++) {
		if (w->slot % SHARD_CHUNK == 0 && s->chunk_mod_sec[w->slot / SHARD_CHUNK] < w->since_sec) {
			w->slot += SHARD_CHUNK - 1;
			continue;
		}
		if (!wanted(s, w, &test))
			continue;
		handles[n] = (struct device_handle){w->shard, w->slot, s->generation[w->slot]};
		devices[n++] = copy_out(shard_slot(s, w->slot), w->arena);
	}
	return n;
}

uint32_t tracker_next(struct tracker *t, struct tracker_walk *walk, struct device *ret_devices[TRACK_SLICE],
		      struct device_handle ret_handles[TRACK_SLICE])
{
	while (walk->shard < (walk->end ? walk->end : TRACK_SHARDS) && !budget_over()) {
		struct shard *s = &t->shards[walk->shard];
		uint32_t n;

		(void) pthread_mutex_lock(&s->lock);
		n = walk_shard(s, walk, ret_devices, ret_handles);
		if (walk->slot >= s->n_slots) {
			walk->shard++;
			walk->slot = 0;
		}
		(void) pthread_mutex_unlock(&s->lock);
		if (n)
			return n;
	}
	return 0;
}

struct device *tracker_get(struct tracker *t, const struct key *key, struct arena *arena)
{
	struct shard *s;
	uint32_t slot;
	struct device *d = lock_known(t, key, &s, &slot);

	if (!d)
		return NULL;
	d = copy_out(d, arena);
	(void) pthread_mutex_unlock(&s->lock);
	return d;
}

struct device *tracker_fetch(struct tracker *t, struct device_handle h, struct arena *arena)
{
	struct shard *s = &t->shards[h.shard];
	struct device *d = NULL;

	(void) pthread_mutex_lock(&s->lock);
	if (h.slot < s->n_slots && s->generation[h.slot] == h.generation && s->evict[h.slot] != EVICT_CLASSES)
		d = copy_out(shard_slot(s, h.slot), arena);
	(void) pthread_mutex_unlock(&s->lock);
	return d;
}

bool tracker_find(struct tracker *t, const struct key *key, struct device_handle *ret_handle)
{
	struct shard *s;
	uint32_t slot;

	if (!lock_known(t, key, &s, &slot))
		return false;
	*ret_handle = (struct device_handle){(uint32_t) (s - t->shards), slot, s->generation[slot]};
	(void) pthread_mutex_unlock(&s->lock);
	return true;
}

uint32_t tracker_find_mac(struct tracker *t, const struct mac *mac, struct device_handle *ret_handles, uint32_t max)
{
	uint32_t n = 0;

	for (uint8_t i = 0; i < t->phys.count && n < max; i++) {
		struct key key = {t->phy[i].hash, *mac};

		n += tracker_find(t, &key, &ret_handles[n]);
	}
	return n;
}

bool tracker_visit(struct tracker *t, struct tracker_walk *w, tracker_visit_fn visit, void *ctx)
{
	const struct view_test test = view_test_of(w->view);
	struct shard *s;

	if (w->shard == TRACK_SHARDS || budget_over())
		return false;
	s = &t->shards[w->shard];
	(void) pthread_mutex_lock(&s->lock);
	for (uint32_t n = 0; w->slot < s->n_slots && n < (w->most ? w->most : TRACK_VISIT); w->slot++, n++)
		if (wanted(s, w, &test))
			visit(ctx, shard_slot(s, w->slot),
			      (struct device_handle){w->shard, w->slot, s->generation[w->slot]});
	if (w->slot >= s->n_slots) {
		w->shard++;
		w->slot = 0;
	}
	(void) pthread_mutex_unlock(&s->lock);
	return true;
}
