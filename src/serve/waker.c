#include "serve/waker.h"

#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"

#define LOOK_NS 50000000L
#define WAITING_MAX 2048

struct waiting {
	struct MHD_Connection *connection;
	bool (*ready)(void *ctx);
	void *ctx;
	uint64_t at_us; /* 0: a stream */
};

struct waker {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct waiting all[WAITING_MAX];
	size_t n;
	bool stop;
};

/* True when the peer has closed: nothing that is sent would arrive. */
static bool is_gone(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *i =
		MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct pollfd p = {.fd = i ? i->connect_fd : -1, .events = POLLRDHUP};

	return i && poll(&p, 1, 0) > 0 && (p.revents & (POLLRDHUP | POLLHUP | POLLERR));
}

static bool is_due(const struct waiting *x, uint64_t now)
{
	if (x->at_us)
		return x->at_us <= now;
	return !x->ready || x->ready(x->ctx) || is_gone(x->connection);
}

/* Under the lock, so that a connection that ends is not touched (waker_forget). */
static void look(struct waker *w)
{
	uint64_t now = clock_monotonic_us();

	for (size_t i = 0; i < w->n;) {
		if (!w->stop && !is_due(&w->all[i], now)) {
			i++;
			continue;
		}
		MHD_resume_connection(w->all[i].connection);
		w->all[i] = w->all[--w->n];
	}
}

static void *run(void *arg)
{
	struct waker *w = arg;
	struct timespec pause = {.tv_nsec = LOOK_NS};

	(void) pthread_mutex_lock(&w->lock);
	while (!w->stop || w->n) {
		if (w->n == 0) {
			(void) pthread_cond_wait(&w->more, &w->lock);
			continue;
		}
		(void) pthread_mutex_unlock(&w->lock);
		(void) nanosleep(&pause, NULL);
		(void) pthread_mutex_lock(&w->lock);
		look(w);
	}
	(void) pthread_mutex_unlock(&w->lock);
	return NULL;
}

struct waker *waker_start(void)
{
	struct waker *w = xnew(struct waker, 1);

	(void) pthread_mutex_init(&w->lock, NULL);
	(void) pthread_cond_init(&w->more, NULL);
	if (pthread_create(&w->thread, NULL, run, w) != 0)
		abort(); /* a machine without room for a thread */
	return w;
}

void waker_stop(struct waker *w)
{
	(void) pthread_mutex_lock(&w->lock);
	w->stop = true;
	look(w);
	(void) pthread_cond_signal(&w->more);
	(void) pthread_mutex_unlock(&w->lock);
	(void) pthread_join(w->thread, NULL);
}

void waker_destroy(struct waker *w)
{
	(void) pthread_cond_destroy(&w->more);
	(void) pthread_mutex_destroy(&w->lock);
	free(w);
}

static void add(struct waker *w, struct waiting x)
{
	(void) pthread_mutex_lock(&w->lock);
	if (w->stop || w->n == WAITING_MAX)
		MHD_resume_connection(x.connection);
	else
		w->all[w->n++] = x;
	(void) pthread_cond_signal(&w->more);
	(void) pthread_mutex_unlock(&w->lock);
}

void waker_wait_ready(struct waker *w, struct MHD_Connection *c, bool (*ready)(void *ctx), void *ctx)
{
	add(w, (struct waiting){.connection = c, .ready = ready, .ctx = ctx});
}

void waker_wait_until(struct waker *w, struct MHD_Connection *c, uint64_t at_us)
{
	add(w, (struct waiting){.connection = c, .at_us = at_us});
}

void waker_forget(struct waker *w, struct MHD_Connection *c)
{
	(void) pthread_mutex_lock(&w->lock);
	for (size_t i = 0; i < w->n; i++)
		if (w->all[i].connection == c)
			w->all[i--] = w->all[--w->n];
	(void) pthread_mutex_unlock(&w->lock);
}
