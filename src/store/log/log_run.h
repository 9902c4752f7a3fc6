/* An open log: its thread, and the file that it writes now. */
#pragma once
#include <pthread.h>
#include <stdatomic.h>

#include "store/log/log_file.h"

#define LOG_PAST_MAX 4096 /* closed files that are remembered for rotation; older ones are never removed */

struct logs {
	struct log_conf conf;
	struct log_rooms rooms;
	const struct log_kind *kinds[LOG_DRIVERS_MAX];
	uint32_t n_kinds;
	struct log_kind added[LOG_WRITERS_MAX];
	uint32_t n_added;
	pthread_mutex_t lock;
	struct open_log *all[LOGS_MAX];
	uint32_t n;
	bool went_on; /* the log that this run resumes was tried */
};

struct open_log {
	struct logs *logs;
	const struct log_kind *kind;
	char title[136];
	struct log_record record; /* under the lock of logs, but its counters */
	struct gps_gap gap;       /* under the lock of logs, while has_gap */
	bool has_gap;
	struct feed_listener *listener;
	pthread_t thread;
	_Atomic bool stop, is_open;
	_Atomic uint64_t packets, lost, waits_for;
	/* The thread's own. */
	void *file; /* NULL while it cannot be written */
	uint32_t opened_sec;
	uint64_t retry_us; /* monotonic */
	char **past;       /* closed files, oldest first */
	uint32_t n_past;
};

/* Opens the first file and starts the thread; negative with a sentence. With `later` the thread also runs when the
 * file cannot be opened yet: ERR_DENIED. The caller keeps o. */
int log_run_start(struct open_log *o, bool later, char ret_error[256]);
/* Returns when all is written and the file is closed. */
void log_run_stop(struct open_log *o);
