/* How readers see the model: walks, single devices, phys and views. */
#include <stdio.h>
#include <string.h>

#include "base/budget.h"
#include "base/err.h"
#include "base/mem.h"
#include "track/model.h"

static const struct field phy_rows[] = {
	FIELD(struct phy_counts, "kismet.phy.phy_id", id, "Number of the phy in this run."),
	{.name = "kismet.phy.phy_name",
	 .doc = "Name of the phy.",
	 .kind = FIELD_STRING,
	 .flags = FIELD_VIEW,
	 .offset = offsetof(struct phy_counts, name)},
	FIELD(struct phy_counts, "kismet.phy.device_count", devices, "Devices of the phy."),
	FIELD(struct phy_counts, "kismet.phy.packet_count", packets, "Packets of the phy."),
};
struct field_table phy_table = FIELD_TABLE(struct phy_counts, "phy", phy_rows);

static const struct field view_rows[] = {
	FIELD(struct view_counts, "kismet.devices.view.id", id, "Name of the view in paths."),
	FIELD(struct view_counts, "kismet.devices.view.description", description, "What the view shows."),
	FIELD(struct view_counts, "kismet.devices.view.size", devices, "Devices in the view."),
	FIELD(struct view_counts, "kismet.devices.view.indexed", indexed, "User interfaces list it.",
	      .type = "uint8_t"),
};
struct field_table view_table = FIELD_TABLE(struct view_counts, "view", view_rows);

static struct device *copy_out(const struct device *d, struct arena *arena)
{
	struct device *copy = arena_alloc(arena, sizeof(*copy));

	device_copy(copy, d, arena);
	return copy;
}

static bool wanted(const struct shard *s, const struct tracker_walk *w)
{
	if (s->evict[w->slot] == EVICT_CLASSES || s->mod_sec[w->slot] < w->since_sec)
		return false;
	return w->view < 0 || (s->views[w->slot] >> w->view & 1);
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
	uint32_t n = 0;

	if (!w->since_sec)
		fetch_ahead(s, w);
	for (; w->slot < s->n_slots && n < TRACK_SLICE; w->slot++) {
		if (w->slot % SHARD_CHUNK == 0 && s->chunk_mod_sec[w->slot / SHARD_CHUNK] < w->since_sec) {
			w->slot += SHARD_CHUNK - 1;
			continue;
		}
		if (!wanted(s, w))
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
	struct shard *s = shard_of_key(t, key);
	struct device *d;
	uint32_t slot;

	(void) pthread_mutex_lock(&s->lock);
	d = shard_find(s, key, &slot);
	if (d)
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
	struct shard *s = shard_of_key(t, key);
	uint32_t slot;
	bool found;

	(void) pthread_mutex_lock(&s->lock);
	found = shard_find(s, key, &slot) != NULL;
	if (found)
		*ret_handle = (struct device_handle){(uint32_t) (s - t->shards), slot, s->generation[slot]};
	(void) pthread_mutex_unlock(&s->lock);
	return found;
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
	struct shard *s;

	if (w->shard == TRACK_SHARDS || budget_over())
		return false;
	s = &t->shards[w->shard];
	(void) pthread_mutex_lock(&s->lock);
	for (uint32_t n = 0; w->slot < s->n_slots && n < TRACK_VISIT; w->slot++, n++)
		if (wanted(s, w))
			visit(ctx, shard_slot(s, w->slot),
			      (struct device_handle){w->shard, w->slot, s->generation[w->slot]});
	if (w->slot >= s->n_slots) {
		w->shard++;
		w->slot = 0;
	}
	(void) pthread_mutex_unlock(&s->lock);
	return true;
}

struct annotations *tracker_annotations(struct tracker *t)
{
	return t->annotations;
}

static uint64_t count_view(struct tracker *t, uint32_t view)
{
	uint64_t n = 0;

	for (size_t i = 0; i < TRACK_SHARDS; i++) {
		(void) pthread_mutex_lock(&t->shards[i].lock);
		n += t->shards[i].view_count[view];
		(void) pthread_mutex_unlock(&t->shards[i].lock);
	}
	return n;
}

static uint64_t count_packets(struct tracker *t, uint32_t phy)
{
	uint64_t packets = 0;

	for (size_t i = 0; i < TRACK_SOURCES_MAX; i++) {
		struct track_source *s = atomic_load(&t->sources[i]);

		packets += s ? s->phy_packets[phy] : 0;
	}
	return packets;
}

uint32_t tracker_phys(struct tracker *t, struct phy_counts *ret_phys, uint32_t max)
{
	uint32_t n = 0;

	for (; n < t->phys.count && n < max; n++)
		ret_phys[n] = (struct phy_counts){.name = t->phys.name[n],
						  .id = n,
						  .devices = count_view(t, (uint32_t) t->phy[n].view),
						  .packets = count_packets(t, n)};
	return n;
}

uint32_t tracker_views(struct tracker *t, struct view_counts *ret_views, uint32_t max)
{
	uint32_t n = 0, have = atomic_load(&t->n_views);

	for (; n < have && n < max; n++) {
		(void) pthread_mutex_lock(&t->views_lock); /* a source that is opened again may be another one */
		memcpy(ret_views[n].id, t->views[n].id, sizeof(ret_views[n].id));
		(void) pthread_mutex_unlock(&t->views_lock);
		memcpy(ret_views[n].description, t->views[n].description, sizeof(ret_views[n].description));
		ret_views[n].indexed = t->views[n].indexed;
		ret_views[n].devices = count_view(t, n);
	}
	return n;
}

int tracker_view(struct tracker *t, const char *id)
{
	uint32_t n = atomic_load(&t->n_views), i = 0;

	(void) pthread_mutex_lock(&t->views_lock);
	while (i < n && strcmp(t->views[i].id, id) != 0)
		i++;
	(void) pthread_mutex_unlock(&t->views_lock);
	return i < n ? (int) i : ERR_NOT_FOUND;
}

int tracker_set_name(struct tracker *t, const struct key *key, const char *name, uint32_t server_sec)
{
	struct shard *s = shard_of_key(t, key);
	struct device *d;
	uint32_t slot;

	(void) pthread_mutex_lock(&s->lock);
	d = shard_find(s, key, &slot);
	if (d) {
		free(d->username);
		d->username = name && *name ? xstrdup(name) : NULL;
		shard_touch(s, slot, server_sec, s->views[slot]);
	}
	(void) pthread_mutex_unlock(&s->lock);
	return d ? annotations_set_name(t->annotations, key, name) : ERR_NOT_FOUND;
}

bool tracker_source_uuid(struct tracker *t, uint16_t source, struct uuid *ret_uuid)
{
	return t->conf.source_uuid && t->conf.source_uuid(t->conf.ctx, source, ret_uuid);
}

int tracker_count_alert(struct tracker *t, const struct key *key, uint32_t server_sec)
{
	struct shard *s = shard_of_key(t, key);
	struct device *d;
	uint32_t slot;

	(void) pthread_mutex_lock(&s->lock);
	d = shard_find(s, key, &slot);
	if (d) {
		d->num_alerts++;
		if (server_sec)
			shard_touch(s, slot, server_sec, s->views[slot]);
	}
	(void) pthread_mutex_unlock(&s->lock);
	return d ? 0 : ERR_NOT_FOUND;
}

int tracker_set_tag(struct tracker *t, const struct key *key, const char *tag, const char *value, uint32_t server_sec)
{
	struct shard *s = shard_of_key(t, key);
	struct device *d;
	uint32_t slot;
	int r = ERR_NOT_FOUND;

	(void) pthread_mutex_lock(&s->lock);
	d = shard_find(s, key, &slot);
	if (d) {
		r = device_set_tag(d, tag, value);
		shard_touch(s, slot, server_sec, s->views[slot]);
	}
	(void) pthread_mutex_unlock(&s->lock);
	return r < 0 ? r : annotations_set_tag(t->annotations, key, tag, value);
}
