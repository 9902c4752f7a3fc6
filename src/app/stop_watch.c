#include "app/stop_watch.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/console.h"
#include "base/log.h"

#define DISK_TIMES 3 /* as long as anything else */

static _Atomic(const char *) now_stopping = "the start";
static _Atomic bool on_disk;
static struct timespec by;

static void sleep_until_over(void)
{
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &by, NULL) != 0)
		;
}

static void *watch(void *ctx)
{
	const uint32_t seconds = (uint32_t) (uintptr_t) ctx;
	char text[160];
	int n;

	sleep_until_over();
	if (atomic_load(&on_disk)) {
		by.tv_sec += (DISK_TIMES - 1) * seconds;
		sleep_until_over();
	}
	/* not by the log, whose locks may be what hangs */
	n = snprintf(text, sizeof(text),
		     "norn: ERROR: The stop hangs in '%.32s', longer than norn_stop_seconds; it is ended\n",
		     atomic_load(&now_stopping));
	console_write(text, (size_t) n);
	_exit(1);
}

void stop_watch_begin(uint32_t seconds)
{
	pthread_t thread;

	(void) clock_gettime(CLOCK_MONOTONIC, &by);
	by.tv_sec += seconds;
	if (pthread_create(&thread, NULL, watch, (void *) (uintptr_t) seconds) != 0)
		log_warning("No thread watches the stop: it may take longer than norn_stop_seconds");
	else
		(void) pthread_detach(thread);
}

void stop_watch_room(const char *name, bool waits_for_disk)
{
	atomic_store(&on_disk, waits_for_disk);
	atomic_store(&now_stopping, name);
}
