#include "serve/work.h"

#include <pthread.h>

#include "base/mem.h"

struct work {
	pthread_t threads[WORK_THREADS];
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct request *queue[WORK_QUEUE_MAX];
	size_t at, n;
	bool stop;
	void (*run)(struct request *rq);
};

static void *run(void *arg)
{
	struct work *w = arg;

	(void) pthread_mutex_lock(&w->lock);
	for (;;) {
		struct request *rq;

		while (w->n == 0 && !w->stop)
			(void) pthread_cond_wait(&w->more, &w->lock);
		if (w->n == 0)
			break;
		rq = w->queue[w->at];
		w->at = (w->at + 1) % WORK_QUEUE_MAX;
		w->n--;
		(void) pthread_mutex_unlock(&w->lock);
		w->run(rq);
		(void) pthread_mutex_lock(&w->lock);
	}
	(void) pthread_mutex_unlock(&w->lock);
	return NULL;
}

struct work *work_start(void (*fn)(struct request *rq))
{
	struct work *w = xnew(struct work, 1);

	w->run = fn;
	(void) pthread_mutex_init(&w->lock, NULL);
	(void) pthread_cond_init(&w->more, NULL);
	for (size_t i = 0; i < WORK_THREADS; i++)
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
	for (size_t i = 0; i < WORK_THREADS; i++)
		(void) pthread_join(w->threads[i], NULL);
}

void work_destroy(struct work *w)
{
	(void) pthread_cond_destroy(&w->more);
	(void) pthread_mutex_destroy(&w->lock);
	free(w);
}

bool work_add(struct work *w, struct request *rq)
{
	bool room;

	(void) pthread_mutex_lock(&w->lock);
	room = w->n < WORK_QUEUE_MAX && !w->stop;
	if (room)
		w->queue[(w->at + w->n++) % WORK_QUEUE_MAX] = rq;
	(void) pthread_cond_signal(&w->more);
	(void) pthread_mutex_unlock(&w->lock);
	return room;
}
