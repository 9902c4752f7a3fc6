#include "base/loop.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <uv.h>

#include "base/mem.h"

struct job {
	struct job *next;
	loop_fn fn;
	void *ctx;
};

struct loop {
	uv_loop_t uv;
	uv_async_t wake;
	pthread_t thread;
	pthread_mutex_t lock;
	struct job *first, **last; /* under the lock */
	bool stopping;             /* under the lock */
};

/* The uv handle comes first in both, so that a walk over handles frees either. */
struct loop_timer {
	uv_timer_t uv;
	loop_fn fn;
	void *ctx;
};
struct loop_watch {
	uv_poll_t uv;
	loop_watch_fn fn;
	void *ctx;
	int events;
};

static void free_handle(uv_handle_t *h)
{
	free(h);
}

static void close_handle(uv_handle_t *h, void *ctx)
{
	const struct loop *l = ctx;

	if (!uv_is_closing(h))
		uv_close(h, h == (const uv_handle_t *) &l->wake ? NULL : free_handle);
}

static void run_jobs(uv_async_t *wake)
{
	struct loop *l = wake->data;
	struct job *job;
	bool stopping;

	(void) pthread_mutex_lock(&l->lock);
	job = l->first;
	l->first = NULL;
	l->last = &l->first;
	stopping = l->stopping; /* nothing is posted after it was set */
	(void) pthread_mutex_unlock(&l->lock);
	while (job) {
		struct job *next = job->next;

		job->fn(job->ctx);
		free(job);
		job = next;
	}
	if (stopping)
		uv_walk(&l->uv, close_handle, l);
}

static void *run(void *arg)
{
	struct loop *l = arg;

	(void) uv_run(&l->uv, UV_RUN_DEFAULT);
	return NULL;
}

int loop_start(const char *name, struct loop **ret_loop)
{
	struct loop *l = xnew(struct loop, 1);
	int r = uv_loop_init(&l->uv);

	if (r < 0) {
		free(l);
		return r;
	}
	l->last = &l->first;
	(void) pthread_mutex_init(&l->lock, NULL);
	r = uv_async_init(&l->uv, &l->wake, run_jobs);
	l->wake.data = l;
	if (r >= 0)
		r = -pthread_create(&l->thread, NULL, run, l);
	if (r < 0) {
		uv_walk(&l->uv, close_handle, l);
		(void) uv_run(&l->uv, UV_RUN_DEFAULT);
		(void) uv_loop_close(&l->uv);
		(void) pthread_mutex_destroy(&l->lock);
		free(l);
		return r;
	}
	(void) pthread_setname_np(l->thread, name);
	*ret_loop = l;
	return 0;
}

void loop_stop(struct loop *l)
{
	if (!l)
		return;
	assert(!loop_here(l));
	(void) pthread_mutex_lock(&l->lock);
	l->stopping = true;
	(void) uv_async_send(&l->wake);
	(void) pthread_mutex_unlock(&l->lock);
	(void) pthread_join(l->thread, NULL);
	(void) uv_loop_close(&l->uv);
	(void) pthread_mutex_destroy(&l->lock);
	free(l);
}

bool loop_post(struct loop *l, loop_fn fn, void *ctx)
{
	struct job *job = xnew(struct job, 1);
	bool stopping;

	job->fn = fn;
	job->ctx = ctx;
	(void) pthread_mutex_lock(&l->lock);
	stopping = l->stopping;
	if (!stopping) {
		*l->last = job;
		l->last = &job->next;
		(void) uv_async_send(&l->wake);
	}
	(void) pthread_mutex_unlock(&l->lock);
	if (stopping)
		free(job);
	return !stopping;
}

struct call {
	loop_fn fn;
	void *ctx;
	pthread_mutex_t lock;
	pthread_cond_t ran;
	bool done;
};

static void run_call(void *ctx)
{
	struct call *c = ctx;

	c->fn(c->ctx);
	(void) pthread_mutex_lock(&c->lock);
	c->done = true;
	(void) pthread_cond_signal(&c->ran);
	(void) pthread_mutex_unlock(&c->lock);
}

bool loop_call(struct loop *l, loop_fn fn, void *ctx)
{
	struct call c = {.fn = fn, .ctx = ctx};
	bool posted;

	if (loop_here(l)) {
		fn(ctx);
		return true;
	}
	(void) pthread_mutex_init(&c.lock, NULL);
	(void) pthread_cond_init(&c.ran, NULL);
	posted = loop_post(l, run_call, &c);
	(void) pthread_mutex_lock(&c.lock);
	while (posted && !c.done)
		(void) pthread_cond_wait(&c.ran, &c.lock);
	(void) pthread_mutex_unlock(&c.lock);
	(void) pthread_cond_destroy(&c.ran);
	(void) pthread_mutex_destroy(&c.lock);
	return posted;
}

bool loop_here(const struct loop *l)
{
	return pthread_equal(pthread_self(), l->thread);
}

static void on_timer(uv_timer_t *uv)
{
	struct loop_timer *t = uv->data;

	t->fn(t->ctx);
}

struct loop_timer *loop_timer_add(struct loop *l, uint64_t after_ms, uint64_t every_ms, loop_fn fn, void *ctx)
{
	struct loop_timer *t = xnew(struct loop_timer, 1);

	assert(loop_here(l));
	t->fn = fn;
	t->ctx = ctx;
	(void) uv_timer_init(&l->uv, &t->uv);
	t->uv.data = t;
	loop_timer_set(t, after_ms, every_ms);
	return t;
}

void loop_timer_set(struct loop_timer *t, uint64_t after_ms, uint64_t every_ms)
{
	uv_update_time(t->uv.loop); /* a job may have taken long */
	(void) uv_timer_start(&t->uv, on_timer, after_ms, every_ms);
}

void loop_timer_remove(struct loop_timer *t)
{
	if (t)
		uv_close((uv_handle_t *) &t->uv, free_handle);
}

static void on_watch(uv_poll_t *uv, int status, int events)
{
	struct loop_watch *w = uv->data;
	int out = 0;

	if (status < 0) {
		w->events = 0;
		w->fn(w->ctx, status);
		return;
	}
	if (events & UV_READABLE)
		out |= LOOP_READABLE;
	if (events & UV_WRITABLE)
		out |= LOOP_WRITABLE;
	if (events & UV_DISCONNECT)
		out |= LOOP_HANGUP;
	w->fn(w->ctx, out);
}

struct loop_watch *loop_watch_add(struct loop *l, int fd, int events, loop_watch_fn fn, void *ctx)
{
	struct loop_watch *w = xnew(struct loop_watch, 1);

	assert(loop_here(l));
	w->fn = fn;
	w->ctx = ctx;
	if (uv_poll_init(&l->uv, &w->uv, fd) < 0) {
		free(w);
		return NULL;
	}
	w->uv.data = w;
	loop_watch_set(w, events);
	return w;
}

void loop_watch_set(struct loop_watch *w, int events)
{
	int uv = 0;

	if (events == w->events)
		return;
	w->events = events;
	if (events & LOOP_READABLE)
		uv |= UV_READABLE;
	if (events & LOOP_WRITABLE)
		uv |= UV_WRITABLE;
	if (events & LOOP_HANGUP)
		uv |= UV_DISCONNECT;
	if (uv)
		(void) uv_poll_start(&w->uv, uv, on_watch);
	else
		(void) uv_poll_stop(&w->uv);
}

void loop_watch_remove(struct loop_watch *w)
{
	if (w)
		uv_close((uv_handle_t *) &w->uv, free_handle);
}
