#include "capture/add.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "capture/lifecycle.h"
#include "capture/live.h"
#include "capture/new_source.h"
#include "capture/private.h"
#include "capture/registry.h"
#include "conf/definition.h"

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
	live_explain(s, error);
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
