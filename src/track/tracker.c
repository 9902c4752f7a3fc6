#include "track/tracker.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "track/model.h"

#define VIEW_ALL 0

int add_view(struct tracker *t, const char *id, const char *description, bool indexed)
{
	uint32_t n = atomic_load(&t->n_views);
	struct view *v;

	if (n == TRACK_VIEWS_MAX)
		return ERR_LIMIT;
	v = &t->views[n];
	(void) snprintf(v->id, sizeof(v->id), "%s", id);
	(void) snprintf(v->description, sizeof(v->description), "%s", description);
	v->indexed = indexed;
	atomic_store(&t->n_views, n + 1);
	return (int) n;
}

static void add_views(struct tracker *t)
{
	(void) add_view(t, "all", "All devices", true);
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
	vendors_destroy(t->vendors);
	annotations_destroy(t->annotations);
	channels_destroy(t->channels);
	phys_remove(t);
	(void) pthread_mutex_destroy(&t->views_lock);
	free(t);
}

const struct track_context *tracker_context(const struct tracker *t)
{
	return &t->context;
}

uint32_t tracker_now(const struct tracker *t)
{
	return atomic_load(&t->now);
}

void tracker_source(struct tracker *t, uint16_t number, bool live, const struct uuid *uuid)
{
	struct track_source *s = number < TRACK_SOURCES_MAX ? atomic_load(&t->sources[number]) : NULL;
	char text[UUID_TEXT_SIZE], id[64];

	if (number >= TRACK_SOURCES_MAX)
		return;
	if (!s) {
		s = xnew(struct track_source, 1);
		phys_source(t, s);
		uuid_format(uuid, text);
		(void) snprintf(id, sizeof(id), "seenby-%s", text);
		(void) pthread_mutex_lock(&t->views_lock);
		s->seen_as = number;
		if (!restore_attach(t, s, uuid))
			s->view = add_view(t, id, "Devices seen by this datasource", false);
		if (++t->n_sources == 2)
			atomic_store(&t->seen, xnew(_Atomic uint64_t, DEDUP_SHARED));
		(void) pthread_mutex_unlock(&t->views_lock);
	}
	if (s->known && memcmp(&s->uuid, uuid, sizeof(*uuid)) != 0 && s->view >= 0) { /* it has the slot of another */
		uuid_format(uuid, text);
		(void) pthread_mutex_lock(&t->views_lock);
		(void) snprintf(t->views[s->view].id, sizeof(t->views[s->view].id), "seenby-%s", text);
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

static int view_of_source(const struct tracker *t, uint16_t source)
{
	const struct track_source *s;

	if (source >= TRACK_SOURCES_MAX)
		return t->remembered[source - TRACK_SOURCES_MAX].view;
	s = atomic_load(&t->sources[source]);
	return s ? s->view : -1;
}

static uint64_t bit_of(int view)
{
	return view >= 0 ? UINT64_C(1) << view : 0;
}

/* Its phy's views, and those of every other phy that it has a record of: the parts behind the first, some of which are
 * no phy's. */
static uint64_t views_of_phys(const struct tracker *t, const struct device *d)
{
	const struct model_phy *m = &t->phy[d->phy];
	uint64_t bits = bit_of(m->view);

	for (unsigned own = d->phy_views; own; own &= own - 1)
		bits |= bit_of(m->views[__builtin_ctz(own)]);
	for (uint8_t i = 1; i < d->n_parts; i++)
		if (d->part_phy[i] < t->phys.count)
			bits |= bit_of(t->phy[d->part_phy[i]].view);
	return bits;
}

uint64_t views_of(const struct tracker *t, const struct device *d)
{
	uint64_t bits = 1 << VIEW_ALL | views_of_phys(t, d);

	for (uint32_t i = 0; i < d->seenby.count; i++)
		bits |= bit_of(view_of_source(t, d->seenby.items[i].source));
	return bits;
}

static void count_packet(const struct packet_ctx *p, struct device *d, const struct mac *mac)
{
	const struct packet *packet = p->packet;
	bool sent = mac_equal(mac, &packet->sender) || mac_equal(mac, &packet->transmitter);

	d->packets++;
	if (sent)
		d->tx++;
	else if (mac_equal(mac, &packet->destination))
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

uint16_t phy_vendor(const struct tracker *t, const struct device *d)
{
	const struct phy *phy = &t->phy[d->phy].row;
	bool reported = phy->has_vendor ? phy->has_vendor(d) : !mac_is_local(&d->key.mac);

	return reported ? vendor_find(t->vendors, &d->key.mac) : 0;
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
		signal_update(&d->signal, &p->packet->radio, p->packet_sec);
	if (p->t->conf.source_radios && (p->packet->linktype != p->packet->link || p->packet->radio.have))
		device_update_source_radio(d, p->source->seen_as, &p->packet->radio, p->packet_sec);
}

static void observe(const struct packet_ctx *p, struct device *d, uint32_t flags)
{
	(void) clock_seen(&d->first_sec, &d->last_sec, p->packet_sec, p->server_sec);
	if ((flags & UPDATE_PACKETS) && !p->duplicate)
		count_packet(p, d, &d->key.mac);
	if ((flags & UPDATE_FREQ) && !p->duplicate)
		be_active(p, d);
	if (flags & UPDATE_SEENBY)
		device_update_source(d, p->source->seen_as, p->packet_sec, p->server_sec);
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
	p->moves->is_new = !d;
	p->moves->before_sec = d ? d->last_sec : 0;
	if (!d) {
		evict_for_newcomer(p->t, s);
		d = shard_add(s, &key, ret_slot);
		init_device(p, d);
		model_events_add(p->events, MODEL_EVENT_DEVICE, &key, 0);
	}
	observe(p, d, flags);
	*ret_shard = s;
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

static bool is_duplicate(const struct packet_ctx *p, bool *ret_elsewhere)
{
	_Atomic uint64_t *seen = atomic_load_explicit(&p->t->seen, memory_order_acquire);
	const struct packet *packet = p->packet;

	if (!p->phy->row.repeats && dedup_seen(&p->source->dedup, packet->hash))
		return true;
	*ret_elsewhere = seen && dedup_seen_elsewhere(seen, packet->hash, packet->source, packet->time_us);
	return *ret_elsewhere;
}

void packet_carry_out(const struct packet_ctx *p, struct packet *packet)
{
	struct tracker *t = p->t;

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

void packet_begin(struct packet_ctx *p, struct packet_results *l)
{
	l->moves = (struct channel_moves){0};
	l->events.n = 0;
	l->effects.n = l->effects.dropped = 0;
	p->moves = &l->moves;
	p->effects = &l->effects;
	p->events = &l->events;
	p->observed = p->t->observer.see;
	p->every_data = p->t->observer.every_data;
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
	broken = p.phy->row.dissect(packet, space) < 0;
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
	raise_now(t, p.history_sec);
	p.phy->row.apply(&p, packet, space);
	packet_carry_out(&p, packet);
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

void tracker_observe(struct tracker *t, const struct observer *observer)
{
	t->observer = *observer;
}

void tracker_on_event(struct tracker *t, void (*report)(void *ctx, const struct model_event *item), void *ctx)
{
	t->report = report;
	t->on_event_ctx = ctx;
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

void tracker_source_end(struct tracker *t, uint16_t number)
{
	struct track_source *s = number < TRACK_SOURCES_MAX ? atomic_load(&t->sources[number]) : NULL;

	if (s)
		channels_flush(t->channels, &s->channel_counters);
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
