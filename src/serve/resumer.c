#include "serve/resumer.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "serve/peer.h"

#define LOOK_NS 50000000L
#define WAITING_MAX 2048
#define DUE_MAX 512 /* at one check */

struct waiting {
	struct MHD_Connection *connection;
	bool (*ready)(void *ctx);
	void *ctx;
	uint64_t at_us; /* 0: a stream */
};

struct resumer {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct waiting all[WAITING_MAX];
	size_t n;
	bool stop;
};

static bool is_due(const struct waiting *x, uint64_t now)
{
	if (x->at_us)
		return x->at_us <= now;
	return !x->ready || x->ready(x->ctx) || peer_has_closed(peer_fd(x->connection));
}

/* Takes those that are due off the list, under the lock. They stay suspended, so that none of them ends
 * before resume() has run. */
static size_t take_due(struct resumer *w, struct MHD_Connection *ret_due[DUE_MAX])
{
	uint64_t now = clock_monotonic_us();
	size_t n = 0;

	for (size_t i = 0; i < w->n && n < DUE_MAX;) {
		if (!w->stop && !is_due(&w->all[i], now)) {
			i++;
			continue;
		}
		ret_due[n++] = w->all[i].connection;
		w->all[i] = w->all[--w->n];
	}
	return n;
}

/* Without the lock: the library takes its own here, and holds it when it calls resumer_remove(). */
static void resume(struct MHD_Connection *const *due, size_t n)
{
	for (size_t i = 0; i < n; i++)
		MHD_resume_connection(due[i]);
}

static void *run(void *arg)
{
	struct resumer *w = arg;
	struct timespec pause = {.tv_nsec = LOOK_NS};
	struct MHD_Connection *due[DUE_MAX];

	(void) pthread_mutex_lock(&w->lock);
	while (!w->stop || w->n) {
		size_t n;

		if (w->n == 0) {
			(void) pthread_cond_wait(&w->more, &w->lock);
			continue;
		}
		(void) pthread_mutex_unlock(&w->lock);
		(void) nanosleep(&pause, NULL);
		(void) pthread_mutex_lock(&w->lock);
		n = take_due(w, due);
		(void) pthread_mutex_unlock(&w->lock);
		resume(due, n);
		(void) pthread_mutex_lock(&w->lock);
	}
	(void) pthread_mutex_unlock(&w->lock);
	return NULL;
}

struct resumer *resumer_start(void)
{
	struct resumer *w = xnew(struct resumer, 1);

	(void) pthread_mutex_init(&w->lock, NULL);
	(void) pthread_cond_init(&w->more, NULL);
	if (pthread_create(&w->thread, NULL, run, w) != 0)
		abort(); /* a machine without room for a thread */
	return w;
}

void resumer_stop(struct resumer *w)
{
	(void) pthread_mutex_lock(&w->lock);
	w->stop = true;
	(void) pthread_cond_signal(&w->more);
	(void) pthread_mutex_unlock(&w->lock);
	(void) pthread_join(w->thread, NULL);
}

void resumer_destroy(struct resumer *w)
{
	(void) pthread_cond_destroy(&w->more);
	(void) pthread_mutex_destroy(&w->lock);
	free(w);
}

static void add(struct resumer *w, struct waiting x)
{
	bool full;

	(void) pthread_mutex_lock(&w->lock);
	full = w->stop || w->n == WAITING_MAX;
	if (!full)
		w->all[w->n++] = x;
	(void) pthread_cond_signal(&w->more);
	(void) pthread_mutex_unlock(&w->lock);
	if (full)
		MHD_resume_connection(x.connection);
}

void resumer_wait_ready(struct resumer *w, struct MHD_Connection *c, bool (*ready)(void *ctx), void *ctx)
{
	add(w, (struct waiting){.connection = c, .ready = ready, .ctx = ctx});
}

void resumer_wait_until(struct resumer *w, struct MHD_Connection *c, uint64_t at_us)
{
	add(w, (struct waiting){.connection = c, .at_us = at_us});
}

void resumer_remove(struct resumer *w, struct MHD_Connection *c)
{
	(void) pthread_mutex_lock(&w->lock);
	for (size_t i = 0; i < w->n; i++)
		if (w->all[i].connection == c)
			w->all[i--] = w->all[--w->n];
	(void) pthread_mutex_unlock(&w->lock);
}
