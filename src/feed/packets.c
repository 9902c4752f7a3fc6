#include "feed/packets.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"

#define WAIT_MS 100 /* between two checks whether the server stops */

struct packet_block {
	_Atomic uint32_t refs;
	uint32_t used, packets;
	uint64_t since_us; /* monotonic: its first packet */
	uint8_t bytes[] __attribute__((aligned(8)));
};

struct queued {
	struct packet_block *block;
	struct queued *next;
};

struct feed_listener {
	pthread_mutex_t lock;
	pthread_cond_t more, room;
	struct queued *first, **last;
	size_t bytes, limit;
	bool lossless, closed;
	_Atomic uint64_t lost, *lost_by_all; /* the feed's, of listeners that are not lossless */
};

/* A source's current block. */
struct writer {
	pthread_mutex_t lock;
	struct packet_block *block;
	bool patient;
};

struct feed {
	_Atomic uint32_t n_listeners;
	pthread_rwlock_t lock; /* of the list of listeners */
	pthread_mutex_t flushing;
	struct feed_listener *listeners[FEED_LISTENERS_MAX];
	_Atomic uint64_t lost; /* by listeners that are not lossless, in all */
	_Atomic(struct writer *) writers[FEED_SOURCES_MAX];
};

static size_t padded(size_t n)
{
	return (n + 7) & ~(size_t) 7;
}

const struct packet_summary *packet_block_next(const struct packet_block *b, uint32_t *at, const uint8_t **ret_data)
{
	const struct packet_summary *s;

	if (*at >= b->used)
		return NULL;
	s = (const struct packet_summary *) (const void *) (b->bytes + *at);
	*ret_data = b->bytes + *at + padded(sizeof(*s));
	*at += (uint32_t) (padded(sizeof(*s)) + padded(s->captured));
	return s;
}

void packet_block_release(struct packet_block *b)
{
	if (b && atomic_fetch_sub(&b->refs, 1) == 1)
		free(b);
}

struct feed *feed_create(void)
{
	struct feed *f = xnew(struct feed, 1);

	(void) pthread_rwlock_init(&f->lock, NULL);
	(void) pthread_mutex_init(&f->flushing, NULL);
	return f;
}

void feed_destroy(struct feed *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < FEED_SOURCES_MAX; i++) {
		struct writer *w = atomic_load(&f->writers[i]);

		if (!w)
			continue;
		packet_block_release(w->block);
		(void) pthread_mutex_destroy(&w->lock);
		free(w);
	}
	(void) pthread_rwlock_destroy(&f->lock);
	(void) pthread_mutex_destroy(&f->flushing);
	free(f);
}

bool feed_active(const struct feed *f)
{
	return atomic_load_explicit(&f->n_listeners, memory_order_relaxed) > 0;
}

static struct writer *writer_of(struct feed *f, uint16_t source)
{
	struct writer *w = source < FEED_SOURCES_MAX ? atomic_load(&f->writers[source]) : NULL;

	if (w || source >= FEED_SOURCES_MAX)
		return w;
	w = xnew(struct writer, 1);
	(void) pthread_mutex_init(&w->lock, NULL);
	atomic_store(&f->writers[source], w);
	return w;
}

/* What to do when a queue is full. */
enum full {
	FULL_LOSE,
	FULL_WAIT,   /* for lossless listeners */
	FULL_EXCEED, /* the same, by one block of each source */
};

static void wait_for(pthread_cond_t *c, pthread_mutex_t *lock, uint32_t milliseconds)
{
	struct timespec until;

	(void) clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += (long) (milliseconds % 1000) * 1000000;
	until.tv_sec += milliseconds / 1000 + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	(void) pthread_cond_timedwait(c, lock, &until);
}

static void offer(struct feed_listener *l, struct packet_block *b, enum full full)
{
	struct queued *q;

	(void) pthread_mutex_lock(&l->lock);
	while (l->lossless && full == FULL_WAIT && !l->closed && l->bytes && l->bytes + b->used > l->limit) {
		wait_for(&l->room, &l->lock, WAIT_MS);
		if (stop_begun())
			full = FULL_EXCEED; /* a wait here holds up others that end */
	}
	if (l->closed || (l->bytes && l->bytes + b->used > l->limit && !(l->lossless && full == FULL_EXCEED))) {
		(void) atomic_fetch_add(&l->lost, b->packets);
		if (!l->lossless && !l->closed)
			(void) atomic_fetch_add(l->lost_by_all, b->packets);
		(void) pthread_mutex_unlock(&l->lock);
		return;
	}
	q = xnew(struct queued, 1);
	q->block = b;
	(void) atomic_fetch_add(&b->refs, 1);
	*l->last = q;
	l->last = &q->next;
	l->bytes += b->used;
	(void) pthread_cond_signal(&l->more);
	(void) pthread_mutex_unlock(&l->lock);
}

static void publish(struct feed *f, struct packet_block *b, enum full full)
{
	(void) pthread_rwlock_rdlock(&f->lock);
	for (size_t i = 0; i < FEED_LISTENERS_MAX; i++)
		if (f->listeners[i])
			offer(f->listeners[i], b, full);
	(void) pthread_rwlock_unlock(&f->lock);
	packet_block_release(b);
}

static struct packet_block *new_block(size_t need)
{
	size_t size = need > FEED_BLOCK_BYTES ? need : FEED_BLOCK_BYTES;
	struct packet_block *b = malloc(sizeof(*b) + size);

	if (!b)
		abort(); /* as xnew(), but not cleared */
	atomic_init(&b->refs, 1);
	b->used = b->packets = 0;
	b->since_us = clock_monotonic_us();
	return b;
}

static void append(struct packet_block *b, const struct packet_summary *s, const uint8_t *data)
{
	uint8_t *to = b->bytes + b->used;

	memcpy(to, s, sizeof(*s));
	if (s->captured)
		memcpy(to + padded(sizeof(*s)), data, s->captured);
	b->used += (uint32_t) (padded(sizeof(*s)) + padded(s->captured));
	b->packets++;
}

void feed_packet(struct feed *f, const struct packet_summary *s, const uint8_t *data, bool patient)
{
	struct writer *w = writer_of(f, s->source);
	size_t need = padded(sizeof(*s)) + padded(s->captured);
	struct packet_block *full = NULL;

	if (!w)
		return;
	(void) pthread_mutex_lock(&w->lock);
	w->patient = patient;
	if (w->block && w->block->used + need > FEED_BLOCK_BYTES)
		full = TAKE(w->block);
	if (!w->block)
		w->block = new_block(need);
	append(w->block, s, data);
	(void) pthread_mutex_unlock(&w->lock);
	if (full)
		publish(f, full, patient ? FULL_WAIT : FULL_LOSE);
}

void feed_flush(struct feed *f, bool all)
{
	uint64_t now = clock_monotonic_us();

	/* One at a time: who returns from here has in its queue what another flush had just taken. */
	(void) pthread_mutex_lock(&f->flushing);
	for (size_t i = 0; i < FEED_SOURCES_MAX; i++) {
		struct writer *w = atomic_load(&f->writers[i]);
		struct packet_block *stale = NULL;
		bool patient;

		if (!w)
			continue;
		(void) pthread_mutex_lock(&w->lock);
		if (w->block && (all || w->block->since_us + FEED_STALE_US <= now))
			stale = TAKE(w->block);
		patient = w->patient;
		(void) pthread_mutex_unlock(&w->lock);
		if (stale)
			publish(f, stale, patient ? FULL_EXCEED : FULL_LOSE);
	}
	(void) pthread_mutex_unlock(&f->flushing);
}

struct feed_listener *feed_listen(struct feed *f, bool lossless, size_t queue_bytes)
{
	struct feed_listener *l = xnew(struct feed_listener, 1);
	bool placed = false;

	(void) pthread_mutex_init(&l->lock, NULL);
	(void) pthread_cond_init(&l->more, NULL);
	(void) pthread_cond_init(&l->room, NULL);
	l->last = &l->first;
	l->lossless = lossless;
	l->limit = queue_bytes;
	l->lost_by_all = &f->lost;
	feed_flush(f, true); /* what came before is not for this one */
	(void) pthread_rwlock_wrlock(&f->lock);
	for (size_t i = 0; i < FEED_LISTENERS_MAX && !placed; i++) {
		if (f->listeners[i])
			continue;
		f->listeners[i] = l;
		placed = true;
	}
	(void) pthread_rwlock_unlock(&f->lock);
	if (placed) {
		(void) atomic_fetch_add(&f->n_listeners, 1);
		return l;
	}
	free(l);
	return NULL;
}

void feed_unlisten(struct feed *f, struct feed_listener *l)
{
	struct packet_block *b;

	(void) pthread_mutex_lock(&l->lock);
	l->closed = true; /* a source that waits for room goes on */
	(void) pthread_cond_broadcast(&l->room);
	(void) pthread_mutex_unlock(&l->lock);
	(void) pthread_rwlock_wrlock(&f->lock);
	for (size_t i = 0; i < FEED_LISTENERS_MAX; i++)
		if (f->listeners[i] == l)
			f->listeners[i] = NULL;
	(void) pthread_rwlock_unlock(&f->lock);
	(void) atomic_fetch_sub(&f->n_listeners, 1);
	while ((b = feed_take(l)) != NULL)
		packet_block_release(b);
	(void) pthread_mutex_destroy(&l->lock);
	(void) pthread_cond_destroy(&l->more);
	(void) pthread_cond_destroy(&l->room);
	free(l);
}

struct packet_block *feed_take(struct feed_listener *l)
{
	struct packet_block *b = NULL;
	struct queued *q;

	(void) pthread_mutex_lock(&l->lock);
	q = l->first;
	if (q) {
		l->first = q->next;
		if (!l->first)
			l->last = &l->first;
		b = q->block;
		l->bytes -= b->used;
		(void) pthread_cond_broadcast(&l->room);
	}
	(void) pthread_mutex_unlock(&l->lock);
	free(q);
	return b;
}

bool feed_has(struct feed_listener *l)
{
	bool has;

	(void) pthread_mutex_lock(&l->lock);
	has = l->first != NULL;
	(void) pthread_mutex_unlock(&l->lock);
	return has;
}

void feed_wait(struct feed_listener *l, uint32_t milliseconds)
{
	(void) pthread_mutex_lock(&l->lock);
	if (!l->first)
		wait_for(&l->more, &l->lock, milliseconds);
	(void) pthread_mutex_unlock(&l->lock);
}

const _Atomic uint64_t *feed_lost(const struct feed_listener *l)
{
	return &l->lost;
}

uint64_t feed_lost_by_readers(const struct feed *f)
{
	return atomic_load(&f->lost);
}

size_t feed_waiting(struct feed_listener *l)
{
	size_t bytes;

	(void) pthread_mutex_lock(&l->lock);
	bytes = l->bytes;
	(void) pthread_mutex_unlock(&l->lock);
	return bytes;
}
