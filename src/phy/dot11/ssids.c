#include "phy/dot11/ssids.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/clock.h"
#include "base/limit.h"
#include "base/mem.h"
#include "phy/dot11/space.h"
#include "track/phys.h"
#include "track/tracker.h"

#define PARTS 16
#define FIRST_BUCKETS 64
#define LOOKED_AT 16 /* slots that a full part looks at for one to go */

#define G struct ssid_group
/* Slots do not move: a part that is full gives a newcomer the slot of another. */
struct part {
	pthread_mutex_t lock;
	G *groups;
	uint32_t *buckets; /* 1 + slot of the first */
	uint32_t n, cap, n_buckets, look_at;
};
struct ssids {
	struct part parts[PARTS];
};

struct ssids *ssids_create(void)
{
	struct ssids *t = xnew(struct ssids, 1);

	for (size_t i = 0; i < PARTS; i++) {
		(void) pthread_mutex_init(&t->parts[i].lock, NULL);
		t->parts[i].n_buckets = FIRST_BUCKETS;
		t->parts[i].buckets = xnew(uint32_t, FIRST_BUCKETS);
	}
	return t;
}

void ssids_destroy(struct ssids *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < PARTS; i++) {
		struct part *p = &t->parts[i];

		for (uint32_t k = 0; k < p->n; k++)
			free(p->groups[k].devices.items);
		free(p->groups);
		free(p->buckets);
		(void) pthread_mutex_destroy(&p->lock);
	}
	free(t);
}

static uint32_t *bucket_of(struct part *p, uint32_t hash)
{
	return &p->buckets[hash / PARTS & (p->n_buckets - 1)];
}

static void enter(struct part *p, uint32_t slot)
{
	uint32_t *bucket = bucket_of(p, p->groups[slot].hash);

	p->groups[slot].next = *bucket;
	*bucket = slot + 1;
}

static void leave(struct part *p, uint32_t slot)
{
	uint32_t *at = bucket_of(p, p->groups[slot].hash);

	while (*at != slot + 1)
		at = &p->groups[*at - 1].next;
	*at = p->groups[slot].next;
}

static void grow(struct part *p)
{
	if (p->n == p->cap) {
		p->cap += p->cap / 2 + 4;
		xgrow(p->groups, p->cap);
	}
	if (p->n < p->n_buckets)
		return;
	free(p->buckets);
	p->n_buckets *= 2;
	p->buckets = xnew(uint32_t, p->n_buckets);
	for (uint32_t i = 0; i < p->n; i++)
		enter(p, i);
}

/* The slot of the name among the next few that was not seen for the longest. */
static uint32_t make_room(struct part *p)
{
	uint32_t oldest = p->look_at % p->n;

	for (uint32_t i = 0; i < LOOKED_AT; i++) {
		uint32_t k = (p->look_at + i) % p->n;

		if (p->groups[k].mod_sec < p->groups[oldest].mod_sec)
			oldest = k;
	}
	p->look_at = (p->look_at + LOOKED_AT) % p->n;
	leave(p, oldest);
	free(p->groups[oldest].devices.items);
	return oldest;
}

static G *add_group(struct part *p, const struct ssid_observation *h)
{
	bool full = limit_full(LIMIT_ALL_SSIDS, (uint64_t) p->n * PARTS);
	uint32_t slot, generation = 0;

	if (full) {
		slot = make_room(p);
		generation = p->groups[slot].generation + 1;
	} else {
		grow(p);
		slot = p->n++;
	}
	p->groups[slot] = (G){.hash = h->hash,
			      .phy_hash = h->device.phy_hash,
			      .ssid = h->ssid,
			      .first_sec = h->packet_sec,
			      .generation = generation};
	enter(p, slot);
	return &p->groups[slot];
}

static G *find_group(struct part *p, const struct ssid_observation *h)
{
	for (uint32_t at = *bucket_of(p, h->hash); at; at = p->groups[at - 1].next)
		if (p->groups[at - 1].hash == h->hash && ssid_equal(&p->groups[at - 1].ssid, &h->ssid))
			return &p->groups[at - 1];
	return NULL;
}

static void note_device(G *g, const struct mac *mac, enum ssid_role role)
{
	uint32_t low = 0, high = g->devices.count;
	struct ssid_device *d;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (memcmp(&g->devices.items[mid].mac, mac, sizeof(*mac)) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low < g->devices.count && mac_equal(&g->devices.items[low].mac, mac)) {
		g->devices.items[low].roles |= (uint8_t) role;
		return;
	}
	if (limit_full(LIMIT_SSID_DEVICES, g->devices.count))
		return;
	if (g->devices.count == g->devices.cap) {
		g->devices.cap += g->devices.cap / 2 + 2;
		xgrow(g->devices.items, g->devices.cap);
	}
	d = &g->devices.items[low];
	memmove(d + 1, d, (g->devices.count++ - low) * sizeof(*d));
	*d = (struct ssid_device){*mac, (uint8_t) role};
}

void ssids_observe(struct ssids *t, const struct ssid_observation *h)
{
	struct part *p = &t->parts[h->hash % PARTS];
	G *g;

	(void) pthread_mutex_lock(&p->lock);
	g = find_group(p, h);
	if (!g)
		g = add_group(p, h);
	g->crypt |= h->crypt;
	if (h->packet_sec < g->first_sec)
		g->first_sec = h->packet_sec;
	(void) clock_seen(&g->first_sec, &g->last_sec, h->packet_sec, h->server_sec);
	g->mod_sec = h->server_sec;
	note_device(g, &h->device.mac, h->role);
	(void) pthread_mutex_unlock(&p->lock);
}

static G *copy_out(const G *g, struct arena *arena)
{
	G *copy = arena_copy(arena, g, sizeof(*g));

	copy->devices.items = arena_copy(arena, g->devices.items, g->devices.count * sizeof(struct ssid_device));
	return copy;
}

static struct ssids *ssids_of(const struct tracker *t)
{
	return ((const struct dot11_state *) tracker_phy_state(t, PHY_DOT11))->ssids;
}

uint32_t tracker_next_ssids(struct tracker *t, struct tracker_walk *w, G *ret_groups[TRACK_SLICE],
			    struct device_handle ret_handles[TRACK_SLICE])
{
	struct ssids *ssids = ssids_of(t);
	uint32_t n = 0;

	while (ssids && n == 0 && w->shard < PARTS && !budget_over()) {
		struct part *p = &ssids->parts[w->shard];

		(void) pthread_mutex_lock(&p->lock);
		for (; w->slot < p->n && n < TRACK_SLICE; w->slot++) {
			const G *g = &p->groups[w->slot];

			if (g->mod_sec < w->since_sec)
				continue;
			ret_handles[n] = (struct device_handle){w->shard, w->slot, g->generation};
			ret_groups[n++] = copy_out(g, w->arena);
		}
		if (w->slot >= p->n) {
			w->shard++;
			w->slot = 0;
		}
		(void) pthread_mutex_unlock(&p->lock);
	}
	return n;
}

G *tracker_fetch_ssid(struct tracker *t, struct device_handle h, struct arena *arena)
{
	struct part *p = &ssids_of(t)->parts[h.shard];
	G *copy = NULL;

	(void) pthread_mutex_lock(&p->lock);
	if (h.slot < p->n && p->groups[h.slot].generation == h.generation)
		copy = copy_out(&p->groups[h.slot], arena);
	(void) pthread_mutex_unlock(&p->lock);
	return copy;
}

G *tracker_get_ssid(struct tracker *t, uint32_t hash, struct arena *arena)
{
	struct part *p = &ssids_of(t)->parts[hash % PARTS];
	G *copy = NULL;

	(void) pthread_mutex_lock(&p->lock);
	for (uint32_t at = *bucket_of(p, hash); at && !copy; at = p->groups[at - 1].next)
		if (p->groups[at - 1].hash == hash)
			copy = copy_out(&p->groups[at - 1], arena);
	(void) pthread_mutex_unlock(&p->lock);
	return copy;
}

bool tracker_has_ssids(const struct tracker *t)
{
	return ssids_of(t) != NULL;
}

struct key ssid_key(const void *group)
{
	return (struct key){.phy_hash = ((const G *) group)->hash};
}

static uint32_t next(void *ctx, struct tracker_walk *walk, void *ret_records[TRACK_SLICE],
		     struct device_handle ret_handles[TRACK_SLICE])
{
	return tracker_next_ssids(ctx, walk, (G **) ret_records, ret_handles);
}

void tracker_page_ssids(struct tracker *t, const struct page_query *q, struct record_page *ret)
{
	const struct page_source from = {next, NULL, ssid_key, t};
	const struct field_ctx fields = tracker_fields(t, NULL);

	page_find(&from, q, &fields, ret);
}
