#include <stdlib.h>
#include <string.h>

#include "app/positions.h"
#include "app/state.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/period.h"
#include "locate/locator.h"
#include "track/positions.h"

bool positions_has_own(void *ctx, uint16_t source)
{
	struct app *a = ctx;

	return source < SOURCES_MAX && atomic_load_explicit(&a->metagps[source], memory_order_relaxed);
}

/* The name stays as it was when the source opens again: a number belongs to one definition. */
void positions_own(struct app *a, uint16_t source, const char *metagps)
{
	if (!*metagps || source >= SOURCES_MAX || atomic_load(&a->metagps[source]))
		return;
	locator_need_meta(a->api.locator, metagps);
	atomic_store(&a->metagps[source], xstrdup(metagps));
}

struct position positions_find(struct app *a, uint16_t source, uint32_t now)
{
	const char *own = source < SOURCES_MAX ? atomic_load_explicit(&a->metagps[source], memory_order_acquire) : NULL;

	return own ? locator_meta_position(a->api.locator, own, now) : locator_best(a->api.locator, now, NULL);
}

void positions_destroy(struct app *a)
{
	for (size_t i = 0; i < SOURCES_MAX; i++)
		free((void *) (uintptr_t) atomic_load(&a->metagps[i]));
}

struct filling {
	struct app *app;
	struct gps_gap gap;
};

static struct position position_at(void *ctx, uint32_t sec)
{
	struct filling *f = ctx;

	return gps_gap_position(&f->gap, sec * UINT64_C(1000000));
}

static bool has_own(void *ctx, uint16_t source)
{
	return positions_has_own(((struct filling *) ctx)->app, source);
}

void positions_fill(struct app *a, uint32_t now)
{
	struct filling f = {.app = a};
	struct position_filler filler = {.position = position_at, .has_own = has_own, .ctx = &f};
	uint32_t n;

	if (!a->conf.locate.backfill)
		return;
	(void) locator_best(a->api.locator, now, NULL); /* notices a position that has become stale */
	if (!locator_take_gap(a->api.locator, &f.gap))
		return;
	if (clock_since(f.gap.to_us, f.gap.from_us) > GPS_GAP_MIN * UINT64_C(60000000)) {
		uint64_t from = f.gap.to_us - GPS_GAP_MIN * UINT64_C(60000000);

		f.gap.before = gps_gap_position(&f.gap, from);
		f.gap.from_us = from;
	}
	filler.from_sec = (uint32_t) (f.gap.from_us / 1000000);
	filler.to_sec = (uint32_t) (f.gap.to_us / 1000000);
	n = tracker_fill_positions(a->api.tracker, &filler, now);
	logs_fill_positions(a->api.logs, &f.gap);
	log_info("%u devices that were seen before the fix have positions now", n);
}
