/* The life of sources: added, opened, closed, tried again, ended. */
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
#include "capture/registry.h"
#include "capture/scan.h"

/* When the sources of the start would be more than the threshold, the others follow in groups. */
static uint64_t stagger_us(struct registry *r, bool at_start, int number)
{
	const struct capture_defaults *d = &r->defaults;
	uint32_t group;

	if (!at_start || d->launch_group == 0 || (uint32_t) number < d->stagger_threshold)
		return 0;
	group = ((uint32_t) number - d->stagger_threshold) / d->launch_group + 1;
	return clock_monotonic_us() + (uint64_t) group * d->launch_delay_sec * 1000000;
}

/* What no program knows is no source, unless others were added behind it meanwhile. The memory
 * stays: somebody may look at it. */
static int take_back(struct registry *r, struct source *s, int number, char error[SOURCE_TEXT_SIZE])
{
	bool last;

	(void) pthread_mutex_lock(&r->lock);
	(void) snprintf(error, SOURCE_TEXT_SIZE, "'%.128s': %.300s", s->record.interface, live_reason(s));
	last = s->record.driver.type[0] == '\0' && r->sources[r->count - 1] == s;
	if (last) {
		r->count--;
		s->retry_us = 0;
		s->next_removed = r->removed;
		r->removed = s;
	}
	(void) pthread_mutex_unlock(&r->lock);
	return last ? ERR_NOT_FOUND : number;
}

int capture_add(struct registry *r, const char *definition, bool keep, char ret_error[SOURCE_TEXT_SIZE])
{
	cleanup_free struct definition *d = xnew(struct definition, 1);
	const struct source_driver *driver;
	struct source *s;
	int err = source_parse(definition, d, &driver, ret_error), number;
	uint64_t later;

	if (err < 0)
		return err;
	err = source_check(r, d, driver, ret_error);
	if (err < 0 && !keep)
		return err;
	s = registry_source(r, d, definition, driver);
	number = registry_enlist(r, s, err < 0 ? ret_error : NULL, ret_error);
	if (number < 0) {
		source_free(s);
		return number;
	}
	if (err < 0) {
		r->sink.failed(r->sink.ctx, s->record.name, ret_error, s->record.retry);
		return err;
	}
	later = stagger_us(r, keep, number);
	if (s->live && later)
		live_open_at(s, later);
	else if (s->live && live_open(s, keep ? 0 : LIVE_OPEN_SEC) < 0 && !driver)
		return take_back(r, s, number, ret_error);
	return number;
}

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

/* The control lock is held. */
static int reopen_file(struct source *s, char error[SOURCE_TEXT_SIZE])
{
	cleanup_free struct definition *d = xnew(struct definition, 1);
	const struct source_driver *driver;
	struct registry *r = s->registry;
	int err = source_parse(s->record.definition, d, &driver, error);
	bool failed;

	if (capture_is_scan(&s->record.driver)) {
		(void) pthread_mutex_lock(&r->lock);
		s->stop = false;
		s->record.state = SOURCE_RUNNING;
		s->record.running = true;
		(void) pthread_mutex_unlock(&r->lock);
		return 0;
	}
	join(s);
	failed = s->record.error;
	if (err >= 0)
		err = source_check(r, d, driver, error);
	(void) pthread_mutex_lock(&r->lock);
	s->stop = false;
	s->retry_us = 0;
	if (err < 0) {
		source_fail(s, error);
	} else {
		s->record.state = SOURCE_PENDING;
		s->record.error = false;
		s->record.error_reason[0] = '\0';
		s->record.retry_attempts = 0;
		registry_start_pending(r);
	}
	(void) pthread_mutex_unlock(&r->lock);
	if (err >= 0 && failed)
		r->sink.recovered(r->sink.ctx, s->record.name);
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
		err = reopen_file(s, ret_error);
	}
	(void) pthread_mutex_unlock(&r->control);
	if (s && s->live && err == ERR_NOT_FOUND) {
		s->stop = false;
		err = live_open(s, LIVE_OPEN_SEC);
		if (err < 0)
			(void) snprintf(ret_error, SOURCE_TEXT_SIZE, "%s", live_reason(s));
	}
	return err;
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
		struct source *s = r->sources[i];
		bool due;

		(void) pthread_mutex_lock(&r->lock);
		due = (s->record.state == SOURCE_ERROR || (s->live && s->record.state == SOURCE_PENDING)) &&
		      s->retry_us && s->retry_us <= now && !r->stopping;
		(void) pthread_mutex_unlock(&r->lock);
		if (due && s->live)
			(void) live_open(s, 0);
		else if (due)
			(void) reopen_file(s, error);
	}
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
	bool late;

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
	late = sensors_run(r);
	(void) pthread_mutex_unlock(&r->lock);
	if (late)
		log_warning("Sensors did not go in time; what they had under way is lost");
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
