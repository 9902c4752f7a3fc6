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
	const struct capture_conf *d = &r->defaults;
	uint32_t group;

	if (!at_start || d->launch_group == 0 || (uint32_t) number < d->stagger_threshold)
		return 0;
	group = ((uint32_t) number - d->stagger_threshold) / d->launch_group + 1;
	return clock_monotonic_us() + (uint64_t) group * d->launch_delay_sec * 1000000;
}

/* What no program knows is no source, unless others were added behind it meanwhile. The memory stays for a while:
 * others may still read it. */
static bool take_back(struct registry *r, struct source *s)
{
	bool last;

	(void) pthread_mutex_lock(&r->lock);
	last = s->record.driver.type[0] == '\0' && r->sources[r->count - 1] == s;
	if (last) {
		r->count--;
		s->record.retry = false;
		registry_retire(r, s);
	}
	(void) pthread_mutex_unlock(&r->lock);
	return last;
}

/* Says why, and whether it is tried again. */
static void add_prospect(const struct source *s, const char *reason, char error[SOURCE_TEXT_SIZE])
{
	(void) snprintf(error, SOURCE_TEXT_SIZE, "'%.128s': %.300s; %s", s->record.interface, reason,
			s->record.retry ? "it is tried again" : "it is not tried again");
}

static void report_failed(struct registry *r, const struct source *s, const char *reason)
{
	r->sink.failed(r->sink.ctx, s->record.name, reason, s->record.retry ? SOURCE_RETRY_SEC : 0);
}

/* A definition that cannot be read is seen in the list. */
static int add_malformed(struct registry *r, const char *definition, int err, char error[SOURCE_TEXT_SIZE])
{
	struct source *s = registry_malformed(r, definition);
	char full[SOURCE_TEXT_SIZE];

	if (registry_enlist(r, s, error, full) < 0)
		source_free(s);
	else
		report_failed(r, s, error);
	return err;
}

/* A source on this machine of that definition which does not run: its uuid. */
static bool find_ended(struct registry *r, const struct source *like, struct uuid *ret_uuid)
{
	bool found = false;

	(void) pthread_mutex_lock(&r->lock);
	for (uint32_t i = 0; i < r->count && !found; i++) {
		const struct source_record *rec = &r->sources[i]->record;

		found = !rec->remote && rec->state != SOURCE_RUNNING && rec->state != SOURCE_PENDING &&
			strcmp(rec->definition, like->record.definition) == 0;
		if (found)
			*ret_uuid = rec->uuid;
	}
	(void) pthread_mutex_unlock(&r->lock);
	return found;
}

static int number_of(struct registry *r, const struct uuid *uuid)
{
	const struct source *s;
	int number;

	(void) pthread_mutex_lock(&r->lock);
	s = registry_find(r, uuid);
	number = s ? (int) s->record.number : ERR_NOT_FOUND;
	(void) pthread_mutex_unlock(&r->lock);
	return number;
}

/* Opens what a capture program feeds. */
static int start_live(struct registry *r, struct source *s, bool known, bool at_start, int number,
		      char error[SOURCE_TEXT_SIZE])
{
	uint64_t later = stagger_us(r, at_start, number);

	if (later) {
		live_open_at(s, later);
		return number;
	}
	s->on_trial = !known && !at_start;
	if (live_open(s, at_start ? 0 : LIVE_OPEN_SEC) >= 0) {
		s->on_trial = false;
		return number;
	}
	if (known || !take_back(r, s))
		s->on_trial = false;
	add_prospect(s, live_reason(s), error);
	return ERR_UNSUPPORTED;
}

/* The error of a source that does not enter the list. */
static int refuse(int err, char error[SOURCE_TEXT_SIZE])
{
	size_t n = strlen(error);

	(void) snprintf(error + n, SOURCE_TEXT_SIZE - n, "; it is not added, and not tried again");
	return err;
}

int capture_add(struct registry *r, const char *definition, bool keep, char ret_error[SOURCE_TEXT_SIZE])
{
	cleanup_free struct definition *d = xnew(struct definition, 1);
	const struct source_driver *driver;
	struct uuid ended;
	struct source *s;
	int err = source_parse(definition, d, &driver, ret_error), number;

	if (err < 0)
		return keep ? add_malformed(r, definition, err, ret_error) : refuse(err, ret_error);
	err = source_check(r, d, driver, ret_error);
	if (err < 0 && !keep)
		return refuse(err, ret_error);
	s = registry_source(r, d, definition, driver);
	if (!keep && find_ended(r, s, &ended)) {
		source_free(s);
		err = capture_open(r, &ended, ret_error);
		return err < 0 ? err : number_of(r, &ended);
	}
	number = registry_enlist(r, s, err < 0 ? ret_error : NULL, ret_error);
	if (number < 0) {
		source_free(s);
		return number;
	}
	if (err < 0) {
		report_failed(r, s, ret_error);
		return err;
	}
	return s->live ? start_live(r, s, driver, keep, number, ret_error) : number;
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
			add_prospect(s, live_reason(s), ret_error);
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
	registry_sweep(r);
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
