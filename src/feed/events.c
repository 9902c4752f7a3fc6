#include "feed/events.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/limit.h"
#include "base/mem.h"

#define X(id, name, content, login, doc) {name, doc, content, login},
static const struct event_row rows[EVENT_COUNT] = {EVENTS(X)};
#undef X

struct event_listener {
	struct events *events;
	struct event_listener *next, **link;
	uint64_t types;
	const struct event **queue; /* a ring that grows up to LIMIT_EVENTS */
	size_t at, n, cap;
	uint64_t lost;
	void (*wake)(void *ctx);
	void *ctx;
};

struct events {
	pthread_mutex_t lock;
	struct event_listener *first;
	uint64_t published;
	_Atomic uint64_t wanted;
};

const struct event_row *event_row(enum event_type type)
{
	return &rows[type];
}

int event_find(const char *name, size_t n)
{
	for (int i = 0; i < EVENT_COUNT; i++)
		if (strlen(rows[i].name) == n && memcmp(rows[i].name, name, n) == 0)
			return i;
	return ERR_NOT_FOUND;
}

void event_release(const struct event *shared)
{
	struct event *e = (struct event *) (uintptr_t) shared;

	if (!e || atomic_fetch_sub(&e->users, 1) != 1)
		return;
	if (e->release)
		e->release(e->record);
	free(e);
}

struct events *events_create(void)
{
	struct events *x = xnew(struct events, 1);

	(void) pthread_mutex_init(&x->lock, NULL);
	return x;
}

void events_destroy(struct events *x)
{
	if (!x)
		return;
	assert(!x->first);
	(void) pthread_mutex_destroy(&x->lock);
	free(x);
}

bool events_wanted(const struct events *x, enum event_type type)
{
	return x && (atomic_load_explicit(&x->wanted, memory_order_relaxed) >> type & 1);
}

/* Under the lock. True when the listener must be woken. */
static bool push(struct event_listener *l, struct event *e)
{
	if (l->n == l->cap) {
		size_t cap = l->cap ? l->cap * 2 : 16;

		if (limit_full(LIMIT_EVENTS, l->n)) {
			l->lost++;
			return false;
		}
		xgrow(l->queue, cap); /* the part before `at` moves behind the old end */
		memcpy(l->queue + l->cap, l->queue, l->at * sizeof(*l->queue));
		l->cap = cap;
	}
	l->queue[(l->at + l->n++) % l->cap] = e;
	(void) atomic_fetch_add(&e->users, 1);
	return l->n == 1;
}

static void publish(struct events *x, struct event *e)
{
	e->time_us = clock_server_us();
	atomic_store(&e->users, 1);
	(void) pthread_mutex_lock(&x->lock);
	e->number = ++x->published;
	for (struct event_listener *l = x->first; l; l = l->next)
		if ((l->types >> e->type & 1) && push(l, e) && l->wake)
			l->wake(l->ctx);
	(void) pthread_mutex_unlock(&x->lock);
	event_release(e);
}

void events_publish_owned(struct events *x, enum event_type type, const struct field_table *table, void *record,
			  void (*release)(void *record))
{
	struct event *e;

	if (!events_wanted(x, type)) {
		release(record);
		return;
	}
	e = xnew(struct event, 1);
	e->type = type;
	e->table = table;
	e->record = record;
	e->release = release;
	publish(x, e);
}

void events_publish(struct events *x, enum event_type type, const struct field_table *table, const void *record)
{
	void *copy;

	if (!events_wanted(x, type))
		return;
	copy = xalloc(table->size);
	memcpy(copy, record, table->size);
	events_publish_owned(x, type, table, copy, free);
}

void events_publish_device(struct events *x, enum event_type type, const struct key *device, uint32_t network)
{
	struct event *e;

	if (!events_wanted(x, type))
		return;
	e = xnew(struct event, 1);
	e->type = type;
	e->device = *device;
	e->network = network;
	publish(x, e);
}

void events_publish_source(struct events *x, enum event_type type, const struct uuid *source)
{
	struct event *e;

	if (!events_wanted(x, type))
		return;
	e = xnew(struct event, 1);
	e->type = type;
	e->source = *source;
	publish(x, e);
}

/* Under the lock. */
static void sum_wanted(struct events *x)
{
	uint64_t wanted = 0;

	for (const struct event_listener *l = x->first; l; l = l->next)
		wanted |= l->types;
	atomic_store(&x->wanted, wanted);
}

struct event_listener *events_listen(struct events *x, uint64_t types, void (*wake)(void *ctx), void *ctx)
{
	struct event_listener *l = xnew(struct event_listener, 1);

	l->events = x;
	l->types = types;
	l->wake = wake;
	l->ctx = ctx;
	(void) pthread_mutex_lock(&x->lock);
	l->next = x->first;
	l->link = &x->first;
	if (l->next)
		l->next->link = &l->next;
	x->first = l;
	sum_wanted(x);
	(void) pthread_mutex_unlock(&x->lock);
	return l;
}

void events_unlisten(struct event_listener *l)
{
	if (!l)
		return;
	(void) pthread_mutex_lock(&l->events->lock);
	*l->link = l->next;
	if (l->next)
		l->next->link = l->link;
	sum_wanted(l->events);
	(void) pthread_mutex_unlock(&l->events->lock);
	while (l->n) {
		event_release(l->queue[l->at]);
		l->at = (l->at + 1) % l->cap;
		l->n--;
	}
	free(l->queue);
	free(l);
}

void events_choose(struct event_listener *l, uint64_t types)
{
	(void) pthread_mutex_lock(&l->events->lock);
	l->types = types;
	sum_wanted(l->events);
	(void) pthread_mutex_unlock(&l->events->lock);
}

const struct event *events_take(struct event_listener *l)
{
	const struct event *e = NULL;

	(void) pthread_mutex_lock(&l->events->lock);
	if (l->n) {
		e = l->queue[l->at];
		l->at = (l->at + 1) % l->cap;
		l->n--;
	}
	(void) pthread_mutex_unlock(&l->events->lock);
	return e;
}

uint64_t events_lost(struct event_listener *l)
{
	uint64_t lost;

	(void) pthread_mutex_lock(&l->events->lock);
	lost = l->lost;
	(void) pthread_mutex_unlock(&l->events->lock);
	return lost;
}
