/* Devices that were evicted, on their way to whoever keeps them: pushed under a shard's lock, so without
 * one of its own, and taken all at once. */
#include <stdlib.h>

#include "base/limit.h"
#include "base/mem.h"
#include "track/model.h"

/* The list points into the struct that moved: so does its first element. */
#define FOLLOW(d, from, list, first)                                                                                   \
	do {                                                                                                           \
		if ((d)->list.items == &(from)->first)                                                                 \
			(d)->list.items = &(d)->first;                                                                 \
	} while (0)

void gone_push(struct tracker *t, struct device *d)
{
	struct gone_device *g;

	if (!atomic_load_explicit(&t->gone_watched, memory_order_relaxed) ||
	    limit_full(LIMIT_EVICTED, atomic_load_explicit(&t->gone_count, memory_order_relaxed)))
		return;
	g = xnew(struct gone_device, 1);
	g->device = *d;
	FOLLOW(&g->device, d, freqs, first_freq);
	FOLLOW(&g->device, d, seenby, first_seenby);
	*d = (struct device){.key = g->device.key}; /* the rest is ours now */
	(void) atomic_fetch_add(&t->gone_count, 1);
	g->next = atomic_load(&t->gone);
	while (!atomic_compare_exchange_weak(&t->gone, &g->next, g))
		;
}

struct gone_device *tracker_gone(struct tracker *t)
{
	return atomic_exchange(&t->gone, NULL);
}

struct gone_device *tracker_gone_free(struct tracker *t, struct gone_device *g)
{
	struct gone_device *next = g->next;

	(void) atomic_fetch_sub(&t->gone_count, 1);
	device_free(&g->device);
	free(g);
	return next;
}

void gone_forget(struct tracker *t)
{
	for (struct gone_device *g = tracker_gone(t); g;)
		g = tracker_gone_free(t, g);
}

void tracker_watch_gone(struct tracker *t, bool watch)
{
	if (watch)
		(void) atomic_fetch_add(&t->gone_watched, 1);
	else if (atomic_fetch_sub(&t->gone_watched, 1) == 1)
		gone_forget(t);
}
