#include "store/state/pois.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limit.h"
#include "base/mem.h"
#include "field/position.h"

struct pois {
	pthread_mutex_t lock;
	struct poi *items; /* oldest first */
	uint32_t n;
	_Atomic uint64_t last; /* number */
};

static uint64_t second_of(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return ((const struct poi *) obj)->time_us / 1000000;
}

#define P struct poi
static const struct field rows[] = {
	FIELD(P, "norn.poi.number", number, "Number within this run, from 1."),
	FIELD_CALL_U64("norn.poi.time", second_of, "Second when it was marked."),
	FIELD(P, "norn.poi.note", note, "What the user wrote."),
	FIELD_IN(P, "norn.poi.location", position, &position_table, "Position where it was marked."),
};
struct field_table poi_table = FIELD_TABLE(P, "point of interest", rows);

struct pois *pois_create(void)
{
	struct pois *p = xnew(struct pois, 1);

	(void) pthread_mutex_init(&p->lock, NULL);
	p->items = xnew(struct poi, limit_of(LIMIT_POIS));
	return p;
}

void pois_destroy(struct pois *p)
{
	if (!p)
		return;
	(void) pthread_mutex_destroy(&p->lock);
	free(p->items);
	free(p);
}

void pois_add(struct pois *p, const struct position *position, const char *note)
{
	struct poi *x;

	(void) pthread_mutex_lock(&p->lock);
	if (limit_full(LIMIT_POIS, p->n))
		memmove(p->items, p->items + 1, --p->n * sizeof(*p->items));
	x = &p->items[p->n++];
	*x = (struct poi){.number = ++p->last, .time_us = clock_server_us(), .position = *position};
	(void) snprintf(x->note, sizeof(x->note), "%s", note);
	(void) pthread_mutex_unlock(&p->lock);
}

uint64_t pois_last(const struct pois *p)
{
	return atomic_load(&p->last);
}

uint32_t pois_copy(struct pois *p, uint64_t after, struct poi *ret)
{
	uint32_t n = 0;

	(void) pthread_mutex_lock(&p->lock);
	for (uint32_t i = 0; i < p->n; i++)
		if (p->items[i].number > after)
			ret[n++] = p->items[i];
	(void) pthread_mutex_unlock(&p->lock);
	return n;
}
