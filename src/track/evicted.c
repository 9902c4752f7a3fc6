/* Evicted devices on their way to a reader such as a log: pushed under a shard's lock, so without a lock of the list's
 * own, and taken all at once. */
#include "track/evicted.h"

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

void evicted_push(struct tracker *t, struct device *d)
{
	struct evicted_device *g;

	if (!atomic_load_explicit(&t->evicted_readers, memory_order_relaxed) ||
	    limit_full(LIMIT_EVICTED, atomic_load_explicit(&t->evicted_waiting, memory_order_relaxed)))
		return;
	g = xnew(struct evicted_device, 1);
	g->device = *d;
	FOLLOW(&g->device, d, freqs, first_freq);
	FOLLOW(&g->device, d, seenby, first_seenby);
	*d = (struct device){.key = g->device.key}; /* the rest is ours now */
	(void) atomic_fetch_add(&t->evicted_waiting, 1);
	g->next = atomic_load(&t->evicted_list);
	while (!atomic_compare_exchange_weak(&t->evicted_list, &g->next, g))
		;
}

struct evicted_device *tracker_take_evicted(struct tracker *t)
{
	return atomic_exchange(&t->evicted_list, NULL);
}

struct evicted_device *tracker_free_evicted(struct tracker *t, struct evicted_device *g)
{
	struct evicted_device *next = g->next;

	(void) atomic_fetch_sub(&t->evicted_waiting, 1);
	device_free(&g->device);
	free(g);
	return next;
}

void evicted_prune(struct tracker *t)
{
	for (struct evicted_device *g = tracker_take_evicted(t); g;)
		g = tracker_free_evicted(t, g);
}

void tracker_keep_evicted(struct tracker *t, bool watch)
{
	if (watch)
		(void) atomic_fetch_add(&t->evicted_readers, 1);
	else if (atomic_fetch_sub(&t->evicted_readers, 1) == 1)
		evicted_prune(t);
}
