#include "ring.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"

struct ring {
	pthread_mutex_t lock;
	size_t size, start, used;
	unsigned packets;
	uint8_t *p;
};

struct ring *ring_create(size_t size)
{
	struct ring *r = xnew(struct ring, 1);

	(void) pthread_mutex_init(&r->lock, NULL);
	r->size = size;
	xgrow(r->p, size);
	return r;
}

void ring_destroy(struct ring *r)
{
	if (!r)
		return;
	(void) pthread_mutex_destroy(&r->lock);
	free(r->p);
	free(r);
}

static void copy_in(struct ring *r, const void *from, size_t n)
{
	size_t at = (r->start + r->used) % r->size, first = n < r->size - at ? n : r->size - at;

	memcpy(r->p + at, from, first);
	memcpy(r->p, (const uint8_t *) from + first, n - first);
	r->used += n;
}

static void copy_out(struct ring *r, void *to, size_t n)
{
	size_t first = n < r->size - r->start ? n : r->size - r->start;

	memcpy(to, r->p + r->start, first);
	memcpy((uint8_t *) to + first, r->p, n - first);
	r->start = (r->start + n) % r->size;
	r->used -= n;
}

bool ring_put(struct ring *r, const void *p, size_t n, bool packet)
{
	uint32_t length = (uint32_t) n << 1 | packet; /* the mark and the length */
	bool room;

	(void) pthread_mutex_lock(&r->lock);
	room = n + sizeof(length) <= r->size - r->used;
	if (room) {
		copy_in(r, &length, sizeof(length));
		copy_in(r, p, n);
		r->packets += packet;
	}
	(void) pthread_mutex_unlock(&r->lock);
	return room;
}

unsigned ring_take(struct ring *r, struct buf *out, size_t most)
{
	unsigned taken = 0;

	(void) pthread_mutex_lock(&r->lock);
	while (r->used && out->len < most) {
		uint32_t length;

		copy_out(r, &length, sizeof(length));
		r->packets -= length & 1;
		length >>= 1;
		copy_out(r, buf_reserve(out, length), length);
		out->len += length;
		taken++;
	}
	(void) pthread_mutex_unlock(&r->lock);
	return taken;
}

bool ring_empty(struct ring *r)
{
	bool empty;

	(void) pthread_mutex_lock(&r->lock);
	empty = r->used == 0;
	(void) pthread_mutex_unlock(&r->lock);
	return empty;
}

unsigned ring_clear(struct ring *r)
{
	unsigned packets;

	(void) pthread_mutex_lock(&r->lock);
	packets = r->packets;
	r->start = r->used = r->packets = 0;
	(void) pthread_mutex_unlock(&r->lock);
	return packets;
}

unsigned ring_packets(struct ring *r)
{
	unsigned packets;

	(void) pthread_mutex_lock(&r->lock);
	packets = r->packets;
	(void) pthread_mutex_unlock(&r->lock);
	return packets;
}
