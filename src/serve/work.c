#include "serve/work.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/mem.h"

struct work {
	pthread_t *threads;
	unsigned n_threads;
	int nice;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct work_item *first, **end;
	size_t n;
	bool stop;
};

static struct work_item *take(struct work *w)
{
	struct work_item *item = w->first;

	w->first = item->next;
	if (!w->first)
		w->end = &w->first;
	w->n--;
	return item;
}

static void *run(void *arg)
{
	struct work *w = arg;

	if (w->nice)
		(void) setpriority(PRIO_PROCESS, 0, w->nice); /* of Linux's threads each its own */
	(void) pthread_mutex_lock(&w->lock);
	for (;;) {
		struct work_item *item;

		while (!w->first && !w->stop)
			(void) pthread_cond_wait(&w->more, &w->lock);
		if (!w->first)
			break;
		item = take(w);
		(void) pthread_mutex_unlock(&w->lock);
		item->run(item);
		(void) pthread_mutex_lock(&w->lock);
	}
	(void) pthread_mutex_unlock(&w->lock);
	return NULL;
}

struct work *work_start(unsigned threads, int nice)
{
	struct work *w = xnew(struct work, 1);

	w->threads = xnew(pthread_t, threads);
	w->n_threads = threads;
	w->nice = nice;
	w->end = &w->first;
	(void) pthread_mutex_init(&w->lock, NULL);
	(void) pthread_cond_init(&w->more, NULL);
	for (unsigned i = 0; i < threads; i++)
		if (pthread_create(&w->threads[i], NULL, run, w) != 0)
			abort(); /* a machine without room for a thread */
	return w;
}

void work_stop(struct work *w)
{
	(void) pthread_mutex_lock(&w->lock);
	w->stop = true;
	(void) pthread_cond_broadcast(&w->more);
	(void) pthread_mutex_unlock(&w->lock);
	for (unsigned i = 0; i < w->n_threads; i++)
		(void) pthread_join(w->threads[i], NULL);
}

void work_destroy(struct work *w)
{
	(void) pthread_cond_destroy(&w->more);
	(void) pthread_mutex_destroy(&w->lock);
	free(w->threads);
	free(w);
}

bool work_add(struct work *w, struct work_item *item, bool begun)
{
	bool room;

	(void) pthread_mutex_lock(&w->lock);
	room = !w->stop && (begun || w->n < WORK_QUEUE_MAX);
	if (room) {
		item->next = NULL;
		*w->end = item;
		w->end = &item->next;
		w->n++;
	}
	(void) pthread_cond_signal(&w->more);
	(void) pthread_mutex_unlock(&w->lock);
	return room;
}
