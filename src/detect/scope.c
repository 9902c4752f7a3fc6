#include "detect/scope.h"

#include <stdlib.h>

#include "base/crc.h"
#include "base/limit.h"
#include "base/mem.h"
#include "detect/link.h"
#include "track/observe.h"

static const struct field lan_rows[] = {
	FIELD(struct lan_state, "norn.lan.servers", server.window.frames, "Messages of a DHCP server."),
};
static struct field_table lan_table = FIELD_TABLE(struct lan_state, "lan", lan_rows);
static const struct field rule_counters_rows[] = {
	FIELD_OWN(struct rule_counters, "norn.tallies.lan", lan, &lan_table, "What its stations say to each other."),
	FIELD(struct rule_counters, "norn.tallies.disconnects", disconnects.frames, "Disconnections in a row."),
};
static struct field_table rule_counters_table = FIELD_TABLE(struct rule_counters, "tallies", rule_counters_rows);
static const struct field rule_state_rows[] = {
	FIELD_OWN(struct rule_state, "norn.watch.tallies", rule_counters, &rule_counters_table,
		  "What is unusual about it."),
};
struct field_table rule_state_table = FIELD_TABLE(struct rule_state, "watch", rule_state_rows);

struct rule_state *rule_state_of(struct device *d)
{
	return device_own_part(d, RULE_STATE_PART);
}

struct rule_counters *rule_counters_of(struct device *d)
{
	struct rule_state *w = rule_state_of(d);

	if (w && !w->rule_counters)
		w->rule_counters = xnew(struct rule_counters, 1);
	return w ? w->rule_counters : NULL;
}

struct lan_state *lan_state_of(struct device *d)
{
	struct rule_counters *c = rule_counters_of(d);

	if (c && !c->lan)
		c->lan = xnew(struct lan_state, 1);
	return c ? c->lan : NULL;
}

struct rule_counters *rule_counters_known(const struct device *d)
{
	const struct rule_state *w = device_part(d, RULE_STATE_PART);

	return w ? w->rule_counters : NULL;
}

static uint32_t begin(struct rate_window *b, uint64_t time_us)
{
	*b = (struct rate_window){.first_us = time_us, .frames = 1};
	return 1;
}

static uint32_t go_on(struct rate_window *b, uint64_t time_us)
{
	uint64_t ms = time_us < b->first_us ? 0 : (time_us - b->first_us) / 1000;

	if (ms > b->last_ms)
		b->last_ms = ms < UINT32_MAX ? (uint32_t) ms : UINT32_MAX;
	if (b->frames < UINT16_MAX)
		b->frames++;
	return b->frames;
}

/* What another source saw a little earlier may arrive a little later. */
static bool is_before(const struct rate_window *b, uint64_t time_us, uint64_t most_us)
{
	return time_us < b->first_us && b->first_us - time_us > most_us;
}

uint32_t rate_window_count(struct rate_window *b, uint64_t time_us, uint64_t window_us)
{
	if (b->frames == 0 || is_before(b, time_us, window_us) || time_us > b->first_us + window_us)
		return begin(b, time_us);
	return go_on(b, time_us);
}

uint32_t rate_window_continue(struct rate_window *b, uint64_t time_us, uint64_t gap_us)
{
	uint64_t last_us = b->first_us + UINT64_C(1000) * b->last_ms;

	if (b->frames == 0 || is_before(b, time_us, gap_us) || time_us > last_us + gap_us)
		return begin(b, time_us);
	return go_on(b, time_us);
}

bool recent_macs_have(const struct recent_macs *f, const struct mac *m)
{
	for (uint8_t i = 0; i < f->n; i++)
		if (mac_equal(&f->macs[i], m))
			return true;
	return false;
}

void recent_macs_add(struct recent_macs *f, const struct mac *m)
{
	if (recent_macs_have(f, m))
		return;
	f->macs[f->next] = *m;
	f->next = (uint8_t) ((f->next + 1) % RECENT_MACS_MAX);
	if (f->n < RECENT_MACS_MAX)
		f->n++;
}

void recent_macs_remove(struct recent_macs *f, const struct mac *m)
{
	for (uint8_t i = 0; i < f->n; i++) {
		if (!mac_equal(&f->macs[i], m))
			continue;
		f->macs[i] = f->macs[--f->n];
		f->next = f->n;
		return;
	}
}

struct known_network *rule_state_network(struct rule_state *w, uint32_t hash)
{
	struct known_network *n;

	for (size_t i = 0; i < KNOWN_NETWORKS; i++)
		if (w->networks[i].hash == hash)
			return &w->networks[i];
	n = &w->networks[w->next_network];
	w->next_network = (uint8_t) ((w->next_network + 1) % KNOWN_NETWORKS);
	*n = (struct known_network){.hash = hash};
	return n;
}

struct sender_window *source_sender(struct source_rule_state *s, const struct mac *sender, uint8_t what,
				    uint64_t now_us)
{
	struct sender_window *least;

	if (!s->senders)
		s->senders = xnew(struct sender_window, limit_of(LIMIT_SENDERS));
	least = s->senders;
	for (uint32_t i = 0; i < s->n_senders; i++) {
		struct sender_window *w = &s->senders[i];

		if (w->what == what && mac_equal(&w->sender, sender)) {
			w->used_us = now_us;
			return w;
		}
		if (w->used_us < least->used_us)
			least = w;
	}
	if (!limit_full(LIMIT_SENDERS, s->n_senders))
		least = &s->senders[s->n_senders++];
	*least = (struct sender_window){.sender = *sender, .what = what, .used_us = now_us};
	return least;
}

void source_rule_state_free(struct source_rule_state *s)
{
	if (!s)
		return;
	links_destroy(s->links);
	free(s->visits);
	free(s->channels);
	habits_finish(&s->habits);
	stations_finish(&s->stations);
	free(s->senders);
	free(s);
}

struct name_station *name_add_station(struct name_rule_state *w)
{
	uint32_t at = w->next;

	if (w->n < NAME_STATIONS) {
		xgrow(w->stations, w->n + 1);
		return &w->stations[w->n++];
	}
	w->next = (at + 1) % NAME_STATIONS;
	return &w->stations[at];
}

#define WAYS 4
#define SETS (NAMES_MAX / WAYS)
struct names {
	uint64_t uses;
	struct name_rule_state *all[SETS][WAYS]; /* NULL: not taken yet, nor is what follows in the set */
};

struct names *names_create(void)
{
	return xnew(struct names, 1);
}

void names_destroy(struct names *n)
{
	for (size_t i = 0; n && i < NAMES_MAX; i++) {
		struct name_rule_state *w = n->all[i / WAYS][i % WAYS];

		if (w) {
			free(w->stations);
			free(w->certificates);
		}
		free(w);
	}
	free(n);
}

/* Where a new name goes: a free slot of the set, or that of the name which was used least lately. */
static struct name_rule_state *make_room(struct name_rule_state *set[WAYS])
{
	size_t oldest = 0;

	for (size_t i = 0; i < WAYS; i++) {
		if (!set[i])
			return set[i] = xnew(struct name_rule_state, 1);
		if (set[i]->used < set[oldest]->used)
			oldest = i;
	}
	free(set[oldest]->stations);
	free(set[oldest]->certificates);
	return set[oldest];
}

struct name_rule_state *names_find(struct names *n, const struct ssid *ssid)
{
	struct name_rule_state **set = n->all[crc_32(ssid->b, ssid->len) % SETS], *w;

	n->uses++;
	for (size_t i = 0; i < WAYS && set[i]; i++) {
		if (ssid_equal(&set[i]->ssid, ssid)) {
			set[i]->used = n->uses;
			return set[i];
		}
	}
	w = make_room(set);
	*w = (struct name_rule_state){.ssid = *ssid, .used = n->uses};
	return w;
}
