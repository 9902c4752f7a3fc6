#include "track/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/limit.h"
#include "base/mem.h"
#include "track/model.h"

#define VIEW_ALL 0

static const struct field view_rows[] = {
	FIELD(struct view_counts, "kismet.devices.view.id", id, "Name of the view in paths."),
	FIELD(struct view_counts, "kismet.devices.view.description", description, "What the view shows."),
	FIELD(struct view_counts, "kismet.devices.view.size", devices, "Devices in the view."),
	FIELD(struct view_counts, "kismet.devices.view.indexed", indexed, "User interfaces list it.",
	      .type = "uint8_t"),
};
struct field_table view_table = FIELD_TABLE(struct view_counts, "view", view_rows);

static struct view *new_view(struct tracker *t, uint32_t number, const char *description, bool indexed)
{
	struct view *v = xnew(struct view, 1);

	(void) snprintf(v->description, sizeof(v->description), "%s", description);
	v->indexed = indexed;
	atomic_store(&t->views[number], v);
	return v;
}

int views_add(struct tracker *t, const char *id, const char *description, bool indexed)
{
	uint32_t n = 0;

	while (n < TRACK_BIT_VIEWS && atomic_load(&t->views[n]))
		n++;
	if (n == TRACK_BIT_VIEWS) {
		limit_hit(LIMIT_VIEWS);
		return ERR_LIMIT;
	}
	(void) snprintf(new_view(t, n, description, indexed)->id, sizeof(t->views[n]->id), "%s", id);
	return (int) n;
}

void views_add_source(struct tracker *t, uint16_t seen_as, const struct uuid *uuid)
{
	uint32_t n = TRACK_BIT_VIEWS + (uint32_t) seen_as;
	struct view *v = atomic_load(&t->views[n]);
	char text[UUID_TEXT_SIZE];

	uuid_format(uuid, text);
	if (!v)
		v = new_view(t, n, "Devices seen by this datasource", false);
	(void) snprintf(v->id, sizeof(v->id), "seenby-%s", text);
}

void views_free(struct tracker *t)
{
	for (size_t i = 0; i < TRACK_VIEWS_MAX; i++)
		free(atomic_load(&t->views[i]));
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
	return 1 << VIEW_ALL | views_of_phys(t, d);
}

struct view_test view_test_of(int view)
{
	if (view < 0)
		return (struct view_test){.bits = UINT64_MAX};
	if (view < TRACK_BIT_VIEWS)
		return (struct view_test){.bits = bit_of(view)};
	return (struct view_test){.seen_as = (uint16_t) (view - TRACK_BIT_VIEWS)};
}

bool view_has(const struct view_test *test, uint64_t bits, const struct device *d)
{
	if (test->bits)
		return bits & test->bits;
	for (uint32_t i = 0; i < d->seenby.count; i++)
		if (d->seenby.items[i].source == test->seen_as)
			return true;
	return false;
}

uint64_t count_view(struct tracker *t, uint32_t view)
{
	uint64_t n = 0;

	for (size_t i = 0; i < TRACK_SHARDS; i++) {
		(void) pthread_mutex_lock(&t->shards[i].lock);
		n += shard_count(&t->shards[i], view);
		(void) pthread_mutex_unlock(&t->shards[i].lock);
	}
	return n;
}

uint32_t tracker_views(struct tracker *t, struct view_counts *ret_views, uint32_t max)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < TRACK_VIEWS_MAX && n < max; i++) {
		const struct view *v = atomic_load(&t->views[i]);

		if (!v)
			continue;
		(void) pthread_mutex_lock(&t->views_lock); /* a source that is opened again may be another one */
		memcpy(ret_views[n].id, v->id, sizeof(ret_views[n].id));
		(void) pthread_mutex_unlock(&t->views_lock);
		memcpy(ret_views[n].description, v->description, sizeof(ret_views[n].description));
		ret_views[n].indexed = v->indexed;
		ret_views[n++].devices = count_view(t, i);
	}
	return n;
}

int tracker_view(struct tracker *t, const char *id)
{
	int found = ERR_NOT_FOUND;

	(void) pthread_mutex_lock(&t->views_lock);
	for (uint32_t i = 0; i < TRACK_VIEWS_MAX && found < 0; i++) {
		const struct view *v = atomic_load(&t->views[i]);

		if (v && strcmp(v->id, id) == 0)
			found = (int) i;
	}
	(void) pthread_mutex_unlock(&t->views_lock);
	return found;
}
