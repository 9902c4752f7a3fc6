#include "api/expression_archive.h"

#include <stdlib.h>
#include <string.h>

#include "api/expression_reply.h"
#include "base/budget.h"
#include "base/mem.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "store/archive/archive_alerts.h"
#include "store/archive/archive_devices.h"

#define AT_ONCE 256
#define LOOK_US UINT64_C(1000000) /* for logs that came a moment ago */
#define KEPT_MOST 1000000         /* sightings of one reply */

/* "alert:NAME" of the span: addresses that alerts of the logs name, and those that no log may have yet. */
static void bind(struct api *api, struct expression *e)
{
	for (size_t i = 0; i < query_others(e->program); i++) {
		uint64_t *all, *logged;
		size_t n = expression_alert_addresses(api, e->program, i, e->from_sec, e->to_sec, &all);
		size_t n_logged =
			archive_alert_addresses(api->catalogue, e->from_sec, e->to_sec, e->program, i, &logged);

		xgrow(all, n + n_logged + 1);
		for (size_t k = 0; k < n_logged; k++)
			all[n + k] = logged[k];
		query_other_bind(e->program, i, all, n + n_logged);
		free(logged);
		free(all);
	}
}

/* Devices of the span: candidates are their numbers. */
struct device_search {
	struct record_stream stream;
	struct record_keeper keeper;
	struct archive_devices *devices;
	size_t at;
};

static const void *next_device(struct record_stream *stream, struct query_candidate *ret, uint64_t *ret_device)
{
	struct device_search *s = (struct device_search *) stream;

	while (s->at < archive_devices_count(s->devices) && !budget_over()) {
		uint32_t number = archive_devices_order(s->devices)[s->at++];
		const struct device *d = archive_devices_load(s->devices, number);

		if (!d)
			continue;
		ret->id[0] = d->key.phy_hash;
		ret->id[1] = mac_u64(&d->key.mac);
		ret->handle[0] = number;
		*ret_device = expression_device(&d->key);
		return d;
	}
	return NULL;
}

static void keep_device(struct record_stream *stream, struct query_candidate *c)
{
	(void) stream;
	(void) c; /* its number leads to it */
}

static struct device_search *search_of(struct record_keeper *k)
{
	return (struct device_search *) (void *) ((char *) k - offsetof(struct device_search, keeper));
}

static const void *device_record(struct record_keeper *k, const struct api *api, const struct query_candidate *c,
				 struct arena *arena)
{
	(void) api;
	(void) arena;
	return archive_devices_load(search_of(k)->devices, c->handle[0]);
}

static void destroy_devices(struct record_keeper *k)
{
	archive_devices_free(search_of(k)->devices);
	free(search_of(k));
}

void expression_reply_devices_of_span(struct request *rq, struct reply *rp, struct expression *e)
{
	struct api *api = request_context(rq);
	struct device_search *s = xnew(struct device_search, 1);
	struct found found;

	(void) catalogue_refresh(api->catalogue, LOOK_US);
	bind(api, e);
	s->stream = (struct record_stream){next_device, keep_device};
	s->devices = archive_devices_find(api->catalogue, api->tracker, &api->devices, e->from_sec, e->to_sec);
	s->keeper = (struct record_keeper){device_record, destroy_devices, archive_devices_progress(s->devices)};
	expression_find_stream(api, e, &s->stream, &found);
	expression_reply(rq, rp, e, &found, &s->keeper);
}

/* Sightings of the span: those that match are kept. */
struct sighting_search {
	struct record_stream stream;
	struct record_keeper keeper;
	struct archive_sightings *from;
	struct sighting part[AT_ONCE];
	size_t n, at;
	struct sighting *kept;
	size_t n_kept, cap;
	bool grouped, over;
	struct archive_progress progress;
};

static const void *next_sighting(struct record_stream *stream, struct query_candidate *ret, uint64_t *ret_device)
{
	struct sighting_search *s = (struct sighting_search *) stream;
	const struct sighting *x;

	if (s->at == s->n) {
		s->n = s->over ? 0 : archive_sightings_next(s->from, s->part, AT_ONCE);
		s->at = 0;
	}
	if (s->n == 0)
		return NULL;
	x = &s->part[s->at++];
	*ret_device = expression_device(&x->device);
	ret->id[0] = (uint64_t) x->start_sec << 32 | (uint32_t) x->source.b[0] << 24 |
		     (uint32_t) x->source.b[13] << 16 | (uint32_t) x->source.b[14] << 8 | x->source.b[15];
	ret->id[1] = *ret_device;
	return x;
}

static void keep_sighting(struct record_stream *stream, struct query_candidate *c)
{
	struct sighting_search *s = (struct sighting_search *) stream;

	if (s->grouped)
		return;
	if (s->n_kept == KEPT_MOST) {
		s->over = true;
		return;
	}
	if (s->n_kept == s->cap) {
		s->cap = s->cap ? 2 * s->cap : AT_ONCE;
		xgrow(s->kept, s->cap);
	}
	c->handle[0] = (uint32_t) s->n_kept;
	s->kept[s->n_kept++] = s->part[s->at - 1];
}

static struct sighting_search *sightings_of(struct record_keeper *k)
{
	return (struct sighting_search *) (void *) ((char *) k - offsetof(struct sighting_search, keeper));
}

static const void *sighting_record(struct record_keeper *k, const struct api *api, const struct query_candidate *c,
				   struct arena *arena)
{
	(void) api;
	(void) arena;
	return &sightings_of(k)->kept[c->handle[0]];
}

static void destroy_sightings(struct record_keeper *k)
{
	free(sightings_of(k)->kept);
	free(sightings_of(k));
}

void expression_reply_sightings_of_span(struct request *rq, struct reply *rp, struct expression *e)
{
	const struct archive_span span = {.from_sec = e->from_sec, .to_sec = e->to_sec};
	struct api *api = request_context(rq);
	struct sighting_search *s = xnew(struct sighting_search, 1);
	struct found found;

	(void) catalogue_refresh(api->catalogue, LOOK_US);
	s->stream = (struct record_stream){next_sighting, keep_sighting};
	s->keeper = (struct record_keeper){sighting_record, destroy_sightings, &s->progress};
	s->grouped = e->groups;
	s->from = archive_sightings_open(api->catalogue, api->tracker, &span);
	expression_find_stream(api, e, &s->stream, &found);
	s->progress = *archive_sightings_progress(s->from);
	archive_sightings_close(TAKE(s->from));
	if (!s->over) {
		expression_reply(rq, rp, e, &found, &s->keeper);
		return;
	}
	free(found.best.items);
	destroy_sightings(&s->keeper);
	reply_error(rp, 400, "More than %d sightings match; ask for a shorter span, or with 'group'.", KEPT_MOST);
}
