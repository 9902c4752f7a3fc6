/* Threads for work that must not hold up the pool: requests that wait (hash passwords, open sources, read databases)
 * and requests that walk over devices. The connection is suspended while a thread has its request. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define WORK_QUEUE_MAX 256

struct work_item {
	struct work_item *next;
	void (*run)(struct work_item *item);
};

/* Starts that many threads, which yield to others by `nice`. Aborts when there is no room for them. */
struct work *work_start(unsigned threads, int nice);
/* Finishes what is queued; nothing is accepted afterwards. */
void work_stop(struct work *w);
void work_destroy(struct work *w);
/* Runs the item, which stays the caller's, on one of the threads. False when WORK_QUEUE_MAX wait, unless it goes on
 * with what was begun, and when the threads have stopped. Any thread. */
bool work_add(struct work *w, struct work_item *item, bool begun);
