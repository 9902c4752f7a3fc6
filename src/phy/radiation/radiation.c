#include "phy/radiation/radiation.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "field/copy.h"
#include "field/list.h"
#include "track/context.h"
#include "track/phys.h"
#include "track/report.h"

struct radiation {
	pthread_mutex_t lock; /* held briefly: no other lock is taken under it */
	uint32_t n;
	struct radiation_sensor sensors[RADIATION_SENSORS_MAX];
};

static void *create(struct tracker *t, const void *conf)
{
	struct radiation *r = xnew(struct radiation, 1);

	(void) t;
	(void) conf;
	(void) pthread_mutex_init(&r->lock, NULL);
	return r;
}

static void destroy(void *state)
{
	struct radiation *r = state;

	for (uint32_t i = 0; i < r->n; i++)
		field_free(&radiation_table, &r->sensors[i]);
	(void) pthread_mutex_destroy(&r->lock);
	free(r);
}

/* Under the lock. */
static struct radiation_sensor *sensor_of(struct radiation *r, uint16_t source, const char *type)
{
	struct radiation_sensor *x;

	for (uint32_t i = 0; i < r->n; i++)
		if (r->sensors[i].source == source)
			return &r->sensors[i];
	if (!type || r->n == RADIATION_SENSORS_MAX)
		return NULL;
	x = &r->sensors[r->n++];
	x->source = source;
	(void) snprintf(x->type, sizeof(x->type), "%.31s", type);
	return x;
}

/* Counts of an interval are added to those before. */
static void add_spectrum(struct radiation_sensor *x, const struct json_in *list, uint32_t sec)
{
	size_t n = json_in_is_list(list) ? json_in_count(list) : 0;

	for (size_t i = 0; i < n && i < SPECTRUM_MAX; i++) {
		double v;

		if (i == x->spectrum.count)
			*(double *) list_add((struct list *) &x->spectrum, sizeof(double), NULL) = 0;
		if (json_in_real(json_in_at(list, i), &v) && v >= 0 && v < 1e12)
			x->spectrum.items[i] += v;
	}
	if (n == 0)
		return;
	if (!x->spectrum_first_sec)
		x->spectrum_first_sec = sec;
	x->spectrum_last_sec = sec;
}

static bool report(struct packet_ctx *p, struct packet *packet, const char *type, const struct json_in *json)
{
	static const char *const counts[] = {"cps", "counts_per_second", NULL},
				 *const minutes[] = {"cpm", "counts_per_minute", NULL},
				 *const doses[] = {"usv", "usv_h", "uSv", "usvh", "dose", NULL};
	const struct json_in *spectrum = json_in_get(json, "spectrum");
	struct radiation *r = p->phy->state;
	char text[REPORT_TEXT_MAX * 6 + 1];
	struct radiation_sensor *x;
	double cps = 0, usv = 0;
	bool has_cps = report_real(json, counts, &cps), has_usv = report_real(json, doses, &usv);

	(void) packet;
	if (!has_cps && report_real(json, minutes, &cps)) {
		cps /= 60;
		has_cps = true;
	}
	if (spectrum && !json_in_is_list(spectrum))
		spectrum = json_in_get(spectrum, json_in_get(spectrum, "counts") ? "counts" : "spectrum");
	if (!has_cps && !has_usv && !json_in_is_list(spectrum))
		return false;
	if (!report_text(json, "type", text, sizeof(text)) && !report_text(json, "detector", text, sizeof(text)))
		(void) snprintf(text, sizeof(text), "%s", type);
	(void) pthread_mutex_lock(&r->lock);
	x = sensor_of(r, p->packet->source, text);
	if (x && has_cps) {
		x->last_cps = cps;
		series_add(&x->cps, p->history_sec, cps);
	}
	if (x && has_usv) {
		x->last_usv = usv;
		series_add(&x->usv, p->history_sec, usv);
	}
	if (x)
		add_spectrum(x, spectrum, p->history_sec);
	(void) pthread_mutex_unlock(&r->lock);
	return true;
}

uint32_t tracker_radiation(struct tracker *t, struct arena *arena, const struct radiation_sensor **ret_sensors)
{
	struct radiation *r = tracker_phy_state(t, PHY_RADIATION);
	struct radiation_sensor *copies;
	uint32_t n;

	(void) pthread_mutex_lock(&r->lock);
	n = r->n;
	copies = arena_alloc(arena, (n ? n : 1) * sizeof(*copies));
	for (uint32_t i = 0; i < n; i++)
		field_copy(&radiation_table, &copies[i], &r->sensors[i], arena);
	(void) pthread_mutex_unlock(&r->lock);
	*ret_sensors = copies;
	return n;
}

bool tracker_radiation_of(struct tracker *t, uint16_t source, struct arena *arena, struct radiation_sensor *ret)
{
	struct radiation *r = tracker_phy_state(t, PHY_RADIATION);
	struct radiation_sensor *x;

	(void) pthread_mutex_lock(&r->lock);
	x = sensor_of(r, source, NULL);
	if (x)
		field_copy(&radiation_table, ret, x, arena);
	(void) pthread_mutex_unlock(&r->lock);
	return x;
}

/* The rows. */

#define X struct radiation_sensor
SERIES_CALL(X, cps)
SERIES_CALL(X, usv)

static struct field_text source_text(const void *obj, struct field_ctx *ctx)
{
	char text[UUID_TEXT_SIZE];
	struct uuid u;

	if (!ctx->context || !track_context_uuid(ctx->context, ((const X *) obj)->source, &u))
		return (struct field_text){0};
	uuid_format(&u, text);
	return (struct field_text){arena_copy(ctx->arena, text, sizeof(text)), strlen(text)};
}

static const struct field channel = FIELD_ELEM_KIND(FIELD_REAL);
static const struct field rows[] = {
	FIELD_CALL_TEXT("radiation.sensor.datasource", source_text, "UUID of the datasource.", .type = "uuid"),
	FIELD(X, "radiation.sensor.type", type, "Kind of detector."),
	SERIES_ROWS(X, "radiation.sensor.cps_rrd", cps, "Counts per second over time."),
	SERIES_ROWS(X, "radiation.sensor.usv_rrd", usv, "Microsieverts per hour over time."),
	FIELD_MANY(X, "radiation.sensor.aggregate_spectrum", spectrum, &channel, "Counts by channel, added up."),
	FIELD(X, "radiation.sensor.aggregate_spectrum_start", spectrum_first_sec, "Second of the first spectrum.",
	      .type = "int64_t"),
	FIELD(X, "radiation.sensor.aggregate_spectrum_end", spectrum_last_sec, "Second of the latest spectrum.",
	      .type = "int64_t"),
	FIELD(X, "norn.radiation.cps", last_cps, "Latest counts per second."),
	FIELD(X, "norn.radiation.usv", last_usv, "Latest dose rate, microsieverts per hour."),
};
struct field_table radiation_table = FIELD_TABLE(X, "radiation", rows);

const struct phy radiation_phy = {
	.name = "RADIATION",
	.create = create,
	.destroy = destroy,
	.reports = {"radview", "radiacode", "radiation"},
	.report = report,
};
