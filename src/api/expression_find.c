#include "api/expression_find.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "api/query.h"
#include "api/write.h"
#include "base/budget.h"
#include "base/err.h"
#include "base/mem.h"
#include "detect/alert.h"
#include "serve/request.h"

#define UNDER_LOCK 256 /* tests of records that are looked at under one lock */

/* What one visit found; what is dear about it is asked after the lock. */
struct pending {
	struct query_candidate c;
	struct query_member m;
	uint32_t number; /* of what is kept of it, when it is late */
	bool late;
};
struct scan {
	struct expression *e;
	struct found *found;
	struct field_ctx ctx;
	struct pending pending[TRACK_VISIT];
	uint32_t n;
};

/* What orders a record, or the groups that it is in. */
static void take(struct scan *s, const void *record, uint64_t device, struct pending *p)
{
	if (s->e->groups) {
		query_groups_take(s->e->groups, record, &s->ctx, &p->m);
		p->m.device = device;
	} else if (s->e->sorted) {
		field_sort_take(&s->e->sort, record, &s->ctx, &p->c.sort);
	}
}

static void accept(struct scan *s, const struct pending *p)
{
	if (s->e->groups) {
		s->found->best.matched++;
		query_groups_add(s->e->groups, &p->m);
	} else {
		query_best_add(&s->found->best, &p->c);
	}
}

uint64_t expression_device(const struct key *key)
{
	return mac_u64(&key->mac) << 16 ^ key->phy_hash;
}

static void look(void *ctx, const struct device *d, struct device_handle h)
{
	struct scan *s = ctx;
	struct pending *p = &s->pending[s->n];
	enum query_answer answer = query_look(s->e->run, d, &s->ctx, &p->number);

	s->found->scanned++;
	if (answer == QUERY_MISS)
		return;
	p->late = answer == QUERY_LATER;
	p->c = (struct query_candidate){.id = {d->key.phy_hash, mac_u64(&d->key.mac)},
					.handle = {h.shard, h.slot, h.generation}};
	take(s, d, expression_device(&d->key), p);
	s->n++;
}

static void finish_visit(struct scan *s)
{
	for (uint32_t i = 0; i < s->n; i++)
		if (!s->pending[i].late || query_later(s->e->run, s->pending[i].number))
			accept(s, &s->pending[i]);
	s->n = 0;
	query_later_reset(s->e->run);
	arena_reset(s->ctx.arena);
}

static uint32_t seconds(double v)
{
	return v <= 0 ? 0 : v >= UINT32_MAX ? UINT32_MAX : (uint32_t) v;
}

/* What columns know of all that matches. */
static struct tracker_walk walk_of(const struct expression *e, int view)
{
	struct query_bound seen = query_program_bound(e->program, COLUMN_SEEN);
	struct query_bound changed = query_program_bound(e->program, COLUMN_CHANGED);
	struct tracker_walk walk = {
		.view = view, .since_sec = seconds(changed.least), .seen_from = seconds(seen.least)};

	if (seen.most < UINT32_MAX)
		walk.seen_to = seconds(seen.most) ? seconds(seen.most) : 1;
	walk.most = UNDER_LOCK / (1 + query_program_weight(e->program));
	walk.most = walk.most < 1 ? 1 : walk.most < TRACK_VISIT ? walk.most : TRACK_VISIT;
	return walk;
}

/* Devices of a view that the user defined, and what takes a lock, are known by copies alone. */
static void find_copies(struct api *api, struct scan *s, struct tracker_walk *walk, struct view_filter *within)
{
	struct device *devices[TRACK_SLICE];
	struct device_handle handles[TRACK_SLICE];
	struct arena copies = {0};
	uint32_t n;

	walk->arena = &copies;
	while ((n = devices_next(&api->devices, walk, devices, handles)) > 0) {
		for (uint32_t i = 0; i < n; i++)
			if (!within || view_filter_match(within, devices[i], &s->ctx))
				look(s, devices[i], handles[i]);
		finish_visit(s);
		arena_reset(&copies);
	}
	arena_finish(&copies);
}

static void begin(struct api *api, struct scan *s, struct expression *e, struct found *found, struct arena *arena)
{
	*found = (struct found){
		.best = {.most = e->limit, .descending = e->descending, .after = e->has_after ? &e->after : NULL}};
	s->e = e;
	s->found = found;
	s->ctx = api_context(api, arena);
}

int expression_find_devices(struct request *rq, struct reply *rp, struct expression *e, struct found *ret)
{
	struct api *api = request_context(rq);
	const char *name = query_program_view(e->program);
	struct view_filter *within = NULL;
	struct arena arena = {0};
	struct scan *s;
	struct tracker_walk walk;
	int view = -1;

	*ret = (struct found){0};
	if (name && !api_view(rq, rp, name, &view, &within))
		return ERR_NOT_FOUND;
	s = xnew(struct scan, 1);
	begin(api, s, e, ret, &arena);
	walk = walk_of(e, view);
	if (within || query_program_locks(e->program) || (e->sorted && e->sort.locks) ||
	    (e->groups && query_groups_lock(e->groups)))
		find_copies(api, s, &walk, within);
	else
		while (devices_visit(&api->devices, &walk, look, s))
			finish_visit(s);
	query_best_sort(&ret->best);
	view_filter_destroy(within);
	arena_finish(&arena);
	free(s);
	return 0;
}

/* Looks at the list's records as they are at hand. */
static void look_at_list(struct scan *s, const struct record_list *list, uint32_t by_number)
{
	for (size_t i = 0; i < list->n && !budget_over(); i++) {
		const char *record = (const char *) list->records + i * s->e->record->table->size;
		struct pending p = {
			.c = {.id = {list->number(record), by_number ? 0 : i}, .handle = {(uint32_t) i, 0, by_number}}};

		s->found->scanned++;
		if (query_matches(s->e->run, record, &s->ctx)) {
			take(s, record, list->device ? list->device(record) : 0, &p);
			accept(s, &p);
		}
		arena_reset(s->ctx.arena);
	}
}

void expression_find_records(struct api *api, struct expression *e, struct record_list *list, struct found *ret)
{
	struct scan *s = xnew(struct scan, 1);
	struct arena arena = {0};

	begin(api, s, e, ret, &arena);
	look_at_list(s, list, 0);
	while (list->next && !budget_over() && list->next(list))
		look_at_list(s, list, 1);
	query_best_sort(&ret->best);
	arena_finish(&arena);
	free(s);
}

void expression_find_stream(struct api *api, struct expression *e, struct record_stream *stream, struct found *ret)
{
	struct scan *s = xnew(struct scan, 1);
	struct arena arena = {0};
	struct pending p = {0};
	const void *record;
	uint64_t device;

	begin(api, s, e, ret, &arena);
	while (!budget_over() && (record = stream->next(stream, &p.c, &device)) != NULL) {
		ret->scanned++;
		if (query_matches(e->run, record, &s->ctx)) {
			stream->keep(stream, &p.c);
			take(s, record, device, &p);
			accept(s, &p);
		}
		arena_reset(&arena);
		p = (struct pending){0};
	}
	query_best_sort(&ret->best);
	arena_finish(&arena);
	free(s);
}

size_t expression_alert_addresses(struct api *api, const struct query_program *p, size_t other, double from_sec,
				  double to_sec, uint64_t **ret)
{
	struct alert *alerts = xnew(struct alert, ALERTS_KEPT);
	uint32_t n = alerts_after(api->alerts, 0, alerts, ALERTS_KEPT);
	uint64_t *addresses = xnew(uint64_t, n * 5 + 1);
	size_t found = 0;

	for (uint32_t i = 0; i < n; i++) {
		const struct alert *a = &alerts[i];
		const struct mac *named[] = {&a->transmitter, &a->source, &a->destination, &a->other,
					     a->has_device ? &a->device.mac : &a->source};

		if (a->time < from_sec || a->time >= to_sec || !query_other_matches(p, other, a->name, strlen(a->name)))
			continue;
		for (size_t k = 0; k < ARRAY_SIZE(named); k++)
			if (!mac_is_zero(named[k]) && !mac_is_group(named[k]))
				addresses[found++] = mac_u64(named[k]);
	}
	free(alerts);
	*ret = addresses;
	return found;
}

static void bind_alerts(struct api *api, struct query_program *p, size_t other)
{
	uint64_t *addresses;
	size_t n = expression_alert_addresses(api, p, other, 0, INFINITY, &addresses);

	query_other_bind(p, other, addresses, n);
	free(addresses);
}

void expression_bind(struct api *api, struct expression *e)
{
	for (size_t i = 0; i < query_others(e->program); i++)
		if (strcmp(query_other_record(e->program, i), "alerts") == 0)
			bind_alerts(api, e->program, i);
}
