#include "track/views.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
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

int views_add(struct tracker *t, const char *id, const char *description, bool indexed)
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

uint64_t count_view(struct tracker *t, uint32_t view)
{
	uint64_t n = 0;

	for (size_t i = 0; i < TRACK_SHARDS; i++) {
		(void) pthread_mutex_lock(&t->shards[i].lock);
		n += t->shards[i].view_count[view];
		(void) pthread_mutex_unlock(&t->shards[i].lock);
	}
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
