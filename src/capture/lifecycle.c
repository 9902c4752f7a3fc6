#include "capture/lifecycle.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "capture/announce.h"
#include "capture/helper.h"
#include "capture/listener.h"
#include "capture/live.h"
#include "capture/new_source.h"
#include "capture/pending.h"
#include "capture/private.h"
#include "capture/registry.h"
#include "capture/scan.h"
#include "capture/source_state.h"
#include "conf/definition.h"

#define REMOVED_US UINT64_C(60000000) /* that others may read a source which is in the list no more */

/* Joins the thread of a source that ends or has ended. The control lock is held, the other is not.
 */
static void join(struct source *s)
{
	bool started;

	(void) pthread_mutex_lock(&s->registry->lock);
	started = s->started;
	s->started = false;
	(void) pthread_mutex_unlock(&s->registry->lock);
	if (started)
		(void) pthread_join(s->thread, NULL);
}

int capture_close(struct registry *r, const struct uuid *uuid)
{
	struct source *s;

	(void) pthread_mutex_lock(&r->control);
	(void) pthread_mutex_lock(&r->lock);
	s = registry_find(r, uuid);
	if (s) {
		s->stop = true;
		s->retry_us = 0;
		if (!s->live && s->record.state != SOURCE_RUNNING)
			s->record.state = SOURCE_CLOSED;
	}
	(void) pthread_mutex_unlock(&r->lock);
	if (s) {
		if (s->live)
			live_stop(s);
		else
			join(s);
		(void) pthread_mutex_lock(&r->lock);
		s->record.state = SOURCE_CLOSED;
		s->record.running = false;
		s->retry_us = 0;
		(void) pthread_mutex_unlock(&r->lock);
		log_info("Source '%s' is closed", s->record.name);
	}
	(void) pthread_mutex_unlock(&r->control);
	return s ? 0 : ERR_NOT_FOUND;
}

/* The control lock is held. anew: somebody asks for it, and the pauses between trials start anew. */
static int reopen_file(struct source *s, bool anew, char error[SOURCE_TEXT_SIZE])
{
	cleanup_free struct definition *d = xnew(struct definition, 1);
	const struct source_driver *driver;
	struct registry *r = s->registry;
	int err = source_parse(s->record.definition, d, &driver, error);

	if (capture_is_scan(&s->record.driver)) {
		(void) pthread_mutex_lock(&r->lock);
		s->stop = false;
		s->record.state = SOURCE_RUNNING;
		s->record.running = true;
		(void) pthread_mutex_unlock(&r->lock);
		return 0;
	}
	join(s);
	s->failed = s->record.error;
	if (err >= 0)
		err = source_check(r, d, driver, error);
	(void) pthread_mutex_lock(&r->lock);
	s->stop = false;
	s->retry_us = 0;
	if (anew)
		s->record.retry_attempts = 0;
	if (err < 0) {
		(void) source_fail(s, error);
	} else {
		s->record.state = SOURCE_PENDING;
		s->record.error = false;
		s->record.error_reason[0] = '\0';
		(void) snprintf(s->record.warning, SOURCE_TEXT_SIZE, "%s", s->remark);
		registry_start_pending(r);
	}
	(void) pthread_mutex_unlock(&r->lock);
	return err;
}

static bool is_open(struct registry *r, const struct source *s)
{
	bool open;

	(void) pthread_mutex_lock(&r->lock);
	open = s->record.state == SOURCE_RUNNING || s->record.state == SOURCE_PENDING;
	(void) pthread_mutex_unlock(&r->lock);
	return open;
}

int capture_open(struct registry *r, const struct uuid *uuid, char ret_error[SOURCE_TEXT_SIZE])
{
	struct source *s;
	int err = ERR_NOT_FOUND;

	(void) pthread_mutex_lock(&r->control);
	(void) pthread_mutex_lock(&r->lock);
	s = registry_find(r, uuid);
	(void) pthread_mutex_unlock(&r->lock);
	if (s && is_open(r, s)) {
		err = ERR_EXISTS;
		(void) snprintf(ret_error, SOURCE_TEXT_SIZE, "The source is open");
	} else if (s && !s->live) {
		err = reopen_file(s, true, ret_error);
	}
	(void) pthread_mutex_unlock(&r->control);
	if (s && s->live && err == ERR_NOT_FOUND) {
		s->stop = false;
		(void) pthread_mutex_lock(&r->lock);
		s->record.retry_attempts = 0;
		(void) pthread_mutex_unlock(&r->lock);
		err = live_open(s, LIVE_OPEN_SEC);
		if (err < 0)
			live_explain(s, ret_error);
	}
	return err;
}

/* Frees those that are unused by now. */
static void sweep(struct registry *r)
{
	uint64_t now = clock_monotonic_us();
	struct source *old = NULL;

	(void) pthread_mutex_lock(&r->lock);
	for (struct source **at = &r->removed; *at;) {
		struct source *s = *at;

		if (now - s->removed_us < REMOVED_US || s->claims) {
			at = &s->next_removed;
			continue;
		}
		*at = s->next_removed;
		s->next_removed = old;
		old = s;
		r->n_removed--;
	}
	(void) pthread_mutex_unlock(&r->lock);
	while (old) {
		struct source *s = old;

		old = s->next_removed;
		source_free(s);
	}
}

void capture_tick(struct registry *r)
{
	uint64_t now = clock_monotonic_us();
	char error[SOURCE_TEXT_SIZE];
	uint32_t n;

	(void) pthread_mutex_lock(&r->control);
	(void) pthread_mutex_lock(&r->lock);
	n = r->count;
	(void) pthread_mutex_unlock(&r->lock);
	for (uint32_t i = 0; i < n; i++) {
		struct source *s;
		bool due;

		(void) pthread_mutex_lock(&r->lock);
		s = r->sources[i];
		due = (s->record.state == SOURCE_ERROR || (s->live && s->record.state == SOURCE_PENDING)) &&
		      s->retry_us && s->retry_us <= now && !r->stopping;
		(void) pthread_mutex_unlock(&r->lock);
		if (due && s->live)
			(void) live_open(s, 0);
		else if (due)
			(void) reopen_file(s, false, error);
	}
	sweep(r);
	(void) pthread_mutex_unlock(&r->control);
}

/* Under the lock. */
static bool sensors_run(const struct registry *r)
{
	for (uint32_t i = 0; i < r->count; i++)
		if (r->sources[i]->record.remote && r->sources[i]->record.running)
			return true;
	return false;
}

void capture_dismiss(struct registry *r)
{
	struct timespec until;
	bool deadline_missed;

	listener_stop(TAKE(r->listener));
	(void) pthread_mutex_lock(&r->control);
	for (uint32_t i = 0; i < r->count; i++)
		if (r->sources[i]->live)
			live_dismiss(r->sources[i]);
	(void) pthread_mutex_unlock(&r->control);
	(void) clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += LIVE_LEAVE_MS / 1000;
	(void) pthread_mutex_lock(&r->lock);
	while (sensors_run(r) && pthread_cond_timedwait(&r->changed, &r->lock, &until) == 0)
		;
	deadline_missed = sensors_run(r);
	(void) pthread_mutex_unlock(&r->lock);
	if (deadline_missed)
		log_warning("Sensors did not disconnect in time: the packets that they had not sent yet are lost");
}

void capture_stop(struct registry *r)
{
	listener_stop(TAKE(r->listener));
	(void) pthread_mutex_lock(&r->control);
	(void) pthread_mutex_lock(&r->lock);
	r->stopping = true;
	for (uint32_t i = 0; i < r->count; i++) {
		r->sources[i]->stop = true;
		if (r->sources[i]->live && r->sources[i]->record.pid > 0)
			(void) kill((pid_t) r->sources[i]->record.pid, SIGTERM); /* all at once, then each */
	}
	(void) pthread_mutex_unlock(&r->lock);
	for (uint32_t i = 0; i < r->count; i++)
		if (r->sources[i]->live)
			live_stop(r->sources[i]);
		else
			join(r->sources[i]);
	for (uint32_t i = 0; i < CAPTURE_LOOPS; i++)
		loop_stop(TAKE(r->loops[i]));
	helpers_finish();
	announce_stop(TAKE(r->announcer));
	for (uint32_t i = 0; i < r->count; i++)
		if (r->sources[i]->live)
			r->sources[i]->live->loop = NULL;
	(void) pthread_mutex_unlock(&r->control);
}

void capture_destroy(struct registry *r)
{
	if (!r)
		return;
	capture_stop(r);
	for (uint32_t i = 0; i < r->count; i++)
		source_free(r->sources[i]);
	while (r->removed) {
		struct source *s = r->removed;

		r->removed = s->next_removed;
		source_free(s);
	}
	(void) pthread_cond_destroy(&r->changed);
	(void) pthread_mutex_destroy(&r->lock);
	(void) pthread_mutex_destroy(&r->control);
	free(r);
}
