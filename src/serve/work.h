/* Threads for requests that may wait: they hash passwords, open sources, read databases. The
 * connection is suspended while a thread has its request. */
#pragma once
#include "serve/request.h"

#define WORK_THREADS 4
#define WORK_QUEUE_MAX 256

struct work *work_start(void (*run)(struct request *rq));
/* Finishes what is queued; nothing is taken afterwards. */
void work_stop(struct work *w);
void work_destroy(struct work *w);
/* False when the queue is full. */
bool work_add(struct work *w, struct request *rq);
