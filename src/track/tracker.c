#include "track/tracker.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "track/annotations.h"
#include "track/channels.h"
#include "track/clock.h"
#include "track/context.h"
#include "track/device_fields.h"
#include "track/evict.h"
#include "track/evicted.h"
#include "track/model.h"
#include "track/packet_ctx.h"
#include "track/phys.h"
#include "track/sighting_open.h"
#include "track/views.h"

static void add_views(struct tracker *t)
{
	(void) views_add(t, "all", "All devices", true);
	phys_add(t);
}

/* Half of what the machine, or its control group, has. */
static uint64_t half_of_memory(void)
{
	uint64_t bytes = (uint64_t) sysconf(_SC_PHYS_PAGES) * (uint64_t) sysconf(_SC_PAGESIZE);
	cleanup_fclose FILE *f = fopen("/sys/fs/cgroup/memory.max", "re");
	unsigned long long limit;

	if (f && fscanf(f, "%llu", &limit) == 1 && limit < bytes)
		bytes = limit;
	return bytes / 2;
}

struct tracker *tracker_create(const struct track_conf *conf)
{
	struct tracker *t = xnew_aligned(struct tracker);

	t->conf = *conf;
	if (t->conf.max_bytes == 0)
		t->conf.max_bytes = half_of_memory();
	if (getrandom(&t->seed, sizeof(t->seed), 0) != (ssize_t) sizeof(t->seed))
		abort();
	(void) pthread_mutex_init(&t->views_lock, NULL);
	t->annotations = annotations_create();
	t->channels = channels_create();
	t->sightings = sightings_create(t->conf.sighting_bytes);
	t->ticked_monotonic_sec = (uint32_t) (clock_monotonic_us() / 1000000);
	(void) vendors_load(conf->oui_file, &t->vendors);
	device_add_row(NULL);
	add_views(t);
	for (size_t i = 0; i < TRACK_SHARDS; i++)
		shard_init(&t->shards[i], t->seed, t->lasting);
	t->context = (struct track_context){.vendors = t->vendors,
					    .phys = &t->phys,
					    .server_uuid = conf->server_uuid,
					    .source_uuid = conf->source_uuid,
					    .source_shown = conf->source_shown,
					    .ctx = conf->ctx,
					    .tracker = t};
	evict_bound(t);
	return t;
}

static void source_free(struct track_source *s)
{
	for (size_t i = 0; s && i < PHYS_MAX; i++)
		free(s->of_phy[i]);
	free(s);
}

void tracker_destroy(struct tracker *t)
{
	if (!t)
		return;
	evicted_prune(t);
	for (size_t i = 0; i < TRACK_SHARDS; i++)
		shard_finish(&t->shards[i]);
	for (size_t i = 0; i < TRACK_SOURCES_MAX; i++)
		source_free(atomic_load(&t->sources[i]));
	free(atomic_load(&t->seen));
	free(t->remembered);
	views_free(t);
	vendors_destroy(t->vendors);
	annotations_destroy(t->annotations);
	channels_destroy(t->channels);
	sightings_destroy(t->sightings);
	phys_remove(t);
	(void) pthread_mutex_destroy(&t->views_lock);
	free(t);
}

const struct track_context *tracker_context(const struct tracker *t)
{
	return &t->context;
}

struct field_ctx tracker_fields(const struct tracker *t, struct arena *arena)
{
	return (struct field_ctx){.now_us = clock_server_us(),
				  .model_now = tracker_now(t),
				  .arena = arena,
				  .context = tracker_context(t)};
}

uint32_t tracker_now(const struct tracker *t)
{
	return atomic_load(&t->now);
}

void tracker_source(struct tracker *t, uint16_t number, bool live, const struct uuid *uuid)
{
	struct track_source *s = number < TRACK_SOURCES_MAX ? atomic_load(&t->sources[number]) : NULL;

	if (number >= TRACK_SOURCES_MAX)
		return;
	if (!s) {
		s = xnew(struct track_source, 1);
		phys_source(t, s);
		(void) pthread_mutex_lock(&t->views_lock);
		s->seen_as = number;
		if (!track_context_attach(t, s, uuid))
			views_add_source(t, s->seen_as, uuid);
		if (++t->n_sources == 2)
			atomic_store(&t->seen, xnew(_Atomic uint64_t, DEDUP_SHARED));
		(void) pthread_mutex_unlock(&t->views_lock);
	}
	if (s->known && memcmp(&s->uuid, uuid, sizeof(*uuid)) != 0) { /* it has the slot of another */
		(void) pthread_mutex_lock(&t->views_lock);
		views_add_source(t, s->seen_as, uuid);
		(void) pthread_mutex_unlock(&t->views_lock);
	}
	s->live = live;
	s->known = true;
	s->uuid = *uuid;
	atomic_store(&t->sources[number], s);
}

static void bump(_Atomic uint64_t *counter)
{
	atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + 1, memory_order_relaxed);
}

static bool is_duplicate(const struct packet_ctx *p, bool *ret_elsewhere)
{
	_Atomic uint64_t *seen = atomic_load_explicit(&p->t->seen, memory_order_acquire);
	const struct packet *packet = p->packet;

	if (!p->phy->row.repeats && dedup_seen(&p->source->dedup, packet->hash))
		return true;
	*ret_elsewhere = seen && dedup_seen_elsewhere(seen, packet->hash, packet->source, packet->time_us);
	return *ret_elsewhere;
}

/* A packet of an unknown link type changes nothing. */
static void prune(struct packet *packet)
{
	packet->broken = true;
	packet->duplicate = packet->is_data = false;
	packet->phy = PACKET_PHY_NONE;
	packet->bssid = packet->sender = packet->destination = packet->transmitter = (struct mac){{0}};
}

/* The packet's phy; NULL when the packet was counted and goes no further. */
static const struct model_phy *phy_of(const struct tracker *t, struct track_source *s, struct packet *packet)
{
	uint8_t number;

	packet->hash = 0;
	packet->shown = (uint32_t) packet->data.left;
	packet->tags = (struct packet_tags){0};
	if (packet_peel(packet) < 0) {
		bump(&s->unreadable);
		return NULL;
	}
	number = packet->link < LINKTYPES ? t->phy_of_link[packet->link] : 0;
	if (number == 0)
		bump(&s->other_linktype);
	else if (packet->fcs_bad || packet->marked_bad)
		bump(&s->bad_fcs);
	return number && !packet->fcs_bad ? &t->phy[number - 1] : NULL;
}

/* What several sources share is fetched while the packet is dissected: the word of the shared table, and what the phy
 * knows to be next. */
static void fetch(const struct packet_ctx *p, const struct packet *packet)
{
	_Atomic uint64_t *seen = atomic_load_explicit(&p->t->seen, memory_order_acquire);

	if (!seen)
		return;
	__builtin_prefetch((const _Atomic uint64_t *) &seen[packet->hash % DEDUP_SHARED], 1);
	if (p->phy->row.fetch)
		p->phy->row.fetch(p, packet);
}

void tracker_packet(struct tracker *t, struct packet *packet, uint32_t server_sec)
{
	struct track_source *s = packet->source < TRACK_SOURCES_MAX ? atomic_load(&t->sources[packet->source]) : NULL;
	_Alignas(max_align_t) uint8_t space[PHY_SPACE];
	struct packet_ctx p = {.t = t, .packet = packet, .source = s, .server_sec = server_sec, .space = space};
	struct packet_results lists;
	bool broken;

	if (!s)
		return;
	packet_begin(&p, &lists);
	bump(&s->packets);
	p.phy = phy_of(t, s, packet);
	if (!p.phy) {
		prune(packet);
		return;
	}
	p.of_source = s->of_phy[p.phy->number];
	fetch(&p, packet);
	broken = p.phy->row.dissect(packet, space, p.of_source) < 0;
	p.duplicate = is_duplicate(&p, &p.elsewhere);
	if (p.duplicate)
		bump(&s->duplicates);
	if (broken) {
		bump(&s->unreadable);
		prune(packet);
		return;
	}
	bump(&s->phy_packets[p.phy->number]);
	packet->broken = false;
	packet->duplicate = p.duplicate;
	packet->phy = p.phy->number;
	p.packet_sec = packet_sec_of(packet, server_sec);
	p.history_sec = s->live ? server_sec : p.packet_sec;
	sighting_packet(&p);
	raise_now(t, p.history_sec);
	p.phy->row.apply(&p, packet, space);
	packet_carry_out(&p, packet);
}

void tracker_observe(struct tracker *t, const struct observer *observer)
{
	t->observer = *observer;
}

void tracker_on_event(struct tracker *t, void (*report)(void *ctx, const struct model_event *item), void *ctx)
{
	t->report = report;
	t->on_event_ctx = ctx;
}

void tracker_source_end(struct tracker *t, uint16_t number)
{
	struct track_source *s = number < TRACK_SOURCES_MAX ? atomic_load(&t->sources[number]) : NULL;

	if (!s)
		return;
	channels_flush(t->channels, &s->channel_counters);
	sightings_close_source(t, number);
}

const struct channel_summary *tracker_channels(struct tracker *t, struct arena *arena)
{
	return channels_copy(t->channels, arena);
}

void tracker_count(struct tracker *t, struct tracker_counts *ret_counts)
{
	struct tracker_counts c = {.evicted = atomic_load(&t->evicted)};

	for (size_t i = 0; i < TRACK_SOURCES_MAX; i++) {
		struct track_source *s = atomic_load(&t->sources[i]);

		if (!s)
			continue;
		c.packets += s->packets;
		c.duplicates += s->duplicates;
		c.bad_fcs += s->bad_fcs;
		c.unreadable += s->unreadable;
		c.other_linktype += s->other_linktype;
	}
	for (size_t i = 0; i < TRACK_SHARDS; i++) {
		(void) pthread_mutex_lock(&t->shards[i].lock);
		c.devices += t->shards[i].count;
		(void) pthread_mutex_unlock(&t->shards[i].lock);
	}
	c.bytes = c.devices * evict_mean_bytes(t);
	*ret_counts = c;
}

bool tracker_source_uuid(struct tracker *t, uint16_t source, struct uuid *ret_uuid)
{
	return t->conf.source_uuid && t->conf.source_uuid(t->conf.ctx, source, ret_uuid);
}

void tracker_tick(struct tracker *t, uint32_t server_sec)
{
	if ((uint64_t) server_sec + CLOCK_AHEAD_SEC < t->ticked_sec)
		tracker_turn_back(t, server_sec);
	t->ticked_sec = server_sec;
	sightings_close_due(t, server_sec);
	evict_tick(t, server_sec);
}
