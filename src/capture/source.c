#include "capture/source.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>

#include "base/clock.h"
#include "base/crc.h"
#include "base/err.h"
#include "base/key.h"
#include "base/log.h"
#include "base/mem.h"
#include "capture/announce.h"
#include "capture/helper.h"
#include "capture/listener.h"
#include "capture/live.h"
#include "capture/kismetdb_file.h"
#include "capture/registry.h"
#include "capture/tzsp.h"

struct registry *capture_create(const struct capture_defaults *defaults, struct packet_sink sink)
{
	struct registry *r = xnew(struct registry, 1);
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	r->sink = sink;
	r->defaults = *defaults;
	(void) pthread_mutex_init(&r->control, NULL);
	r->cores = cores > 0 ? (uint32_t) cores : 1;
	(void) pthread_mutex_init(&r->lock, NULL);
	(void) pthread_cond_init(&r->changed, NULL);
	field_prepare(&source_table);
	field_prepare(&defaults_table);
	field_prepare(&interface_table);
	return r;
}

const struct capture_defaults *capture_defaults(const struct registry *r)
{
	return &r->defaults;
}

static bool is_tzsp(const struct source_driver *d)
{
	return strcmp(d->type, "tzsp") == 0;
}

void registry_start_pending(struct registry *r)
{
	for (uint32_t i = 0; i < r->count && !r->stopping; i++) {
		struct source *s = r->sources[i];

		if (s->live || s->record.state != SOURCE_PENDING ||
		    (!s->streams && r->running >= r->cores))
			continue;
		s->record.state = SOURCE_RUNNING;
		s->record.running = true;
		s->started = pthread_create(&s->thread, NULL,
					    is_tzsp(&s->record.driver) ? tzsp_source_run
								       : file_source_run,
					    s) == 0;
		if (s->started)
			r->running += !s->streams;
		else
			source_fail(s, "No thread can be made for it");
	}
}

struct loop *registry_loop(struct registry *r)
{
	uint32_t at = r->next_loop++ % CAPTURE_LOOPS;

	if (!r->loops[at] && loop_start("capture", &r->loops[at]) < 0)
		r->loops[at] = NULL;
	return r->loops[at];
}

void source_fail(struct source *s, const char *reason)
{
	uint32_t attempt = s->record.retry_attempts < 4 ? s->record.retry_attempts : 4;
	uint64_t wait_sec = (uint64_t) SOURCE_RETRY_SEC << attempt;

	s->record.state = SOURCE_ERROR;
	s->record.running = false;
	s->record.error = true;
	s->record.retry_attempts++;
	s->record.total_retry_attempts++;
	(void) snprintf(s->record.error_reason, SOURCE_TEXT_SIZE, "%s", reason);
	if (wait_sec > SOURCE_RETRY_MAX_SEC)
		wait_sec = SOURCE_RETRY_MAX_SEC;
	s->retry_us = s->record.retry ? clock_monotonic_us() + wait_sec * 1000000 : 0;
	(void) pthread_cond_broadcast(&s->registry->changed);
}

/* The same definition has the same uuid in every run. */
static struct uuid uuid_of(const char *definition)
{
	struct uuid u = {{0}};
	char text[UUID_TEXT_SIZE + SOURCE_TEXT_SIZE];

	for (uint8_t i = 0; i < 4; i++) {
		uint32_t crc;
		int n = snprintf(text, sizeof(text), "norn %u %s", i, definition);

		crc = crc_32(text, (size_t) n);
		memcpy(u.b + (size_t) i * 4, &crc, 4);
	}
	u.b[6] = (uint8_t) ((u.b[6] & 0x0f) | 0x80); /* RFC 9562 version 8 */
	u.b[8] = (uint8_t) ((u.b[8] & 0x3f) | 0x80);
	return u;
}

/* True unless the option is there and is no. */
bool definition_yes(const struct definition *d, const char *name, bool standard)
{
	const char *value = definition_get(d, name);

	return value ? strcasecmp(value, "true") == 0 || strcmp(value, "1") == 0 ||
			       strcasecmp(value, "yes") == 0
		     : standard;
}

double definition_real(const struct definition *d, const char *name)
{
	const char *value = definition_get(d, name);

	return value ? strtod(value, NULL) : 0;
}

static void copy_option(const struct definition *d, const char *name, char *ret, size_t size)
{
	const char *value = definition_get(d, name);

	(void) snprintf(ret, size, "%s", value ? value : "");
}

/* `interface:` and the options by name, each in quotes where it needs them. */
static void normalize(const struct definition *d, char *ret, size_t size)
{
	size_t n = (size_t) snprintf(ret, size, "%s", d->interface);

	for (unsigned i = 0; i < d->n_options && n < size; i++) {
		const char *quote = strpbrk(d->options[i].value, ",:\" ") ? "\"" : "";

		n += (size_t) snprintf(ret + n, size - n, "%c%s=%s%s%s", i ? ',' : ':',
				       d->options[i].name, quote, d->options[i].value, quote);
	}
}

/* The kind that a definition asks for; NULL: the helpers are asked which of them knows it. */
static int find_driver(const struct definition *d, const struct source_driver **ret_driver,
		       char error[SOURCE_TEXT_SIZE])
{
	const char *type = definition_get(d, "type"), *uuid = definition_get(d, "uuid");
	struct uuid parsed;
	struct stat st;

	if (uuid && uuid_parse(uuid, strlen(uuid), &parsed) < 0) {
		(void) snprintf(error, SOURCE_TEXT_SIZE, "'%.64s' is not a uuid", uuid);
		return ERR_MALFORMED;
	}
	*ret_driver = NULL;
	if (type)
		*ret_driver = driver_of_type(type);
	else if (strcmp(d->interface, "tzsp") == 0)
		*ret_driver = driver_of_type("tzsp");
	else if (file_source_streams(d->interface))
		*ret_driver = driver_of_type("stdin");
	else if (kismetdb_file_is(d->interface))
		*ret_driver = driver_of_type("kismetdb");
	else if (strchr(d->interface, '/') || strchr(d->interface, '.') ||
		 stat(d->interface, &st) == 0)
		*ret_driver = driver_of_type("pcapfile");
	if (type && !*ret_driver) {
		(void) snprintf(error, SOURCE_TEXT_SIZE,
				"There is no source type '%.64s'; see "
				"/datasource/types.json",
				type);
		return ERR_UNSUPPORTED;
	}
	return 0;
}

static int parse(const char *text, struct definition *ret, const struct source_driver **ret_driver,
		 char error[SOURCE_TEXT_SIZE])
{
	int err = definition_parse(text, ret);

	if (err < 0)
		(void) snprintf(error, SOURCE_TEXT_SIZE, "The definition '%.128s' %s", text,
				err_text(err));
	return err < 0 ? err : find_driver(ret, ret_driver, error);
}

static bool is_file(const struct source_driver *d)
{
	return d &&
	       (strcmp(d->type, "pcapfile") == 0 || strcmp(d->type, "kismetdb") == 0 ||
		strcmp(d->type, "stdin") == 0 || is_tzsp(d));
}

/* Whether it could be opened, as far as that can be known beforehand. */
static int check(const struct registry *r, const struct definition *d,
		 const struct source_driver *driver, char error[SOURCE_TEXT_SIZE])
{
	if (driver && is_tzsp(driver))
		return tzsp_check(d, error);
	return is_file(driver) ? file_source_check(d, error) : live_check(r, driver, error);
}

int capture_check(const struct capture_defaults *defaults, const char *definition,
		  char ret_error[SOURCE_TEXT_SIZE])
{
	cleanup_free struct definition *d = xnew(struct definition, 1);
	const struct source_driver *driver;
	struct registry r = {.defaults = *defaults};
	int err = parse(definition, d, &driver, ret_error);

	return err < 0 ? err : check(&r, d, driver, ret_error);
}

static void fill(struct source *s, const struct definition *d, const char *text,
		 const struct source_driver *driver)
{
	const struct capture_defaults *defaults = &s->registry->defaults;
	struct source_record *rec = &s->record;
	const char *name = definition_get(d, "name"), *uuid = definition_get(d, "uuid");
	char uuid_text[UUID_TEXT_SIZE];
	struct stat st;

	rec->uuid = uuid_of(text);
	if (uuid)
		(void) uuid_parse(uuid, strlen(uuid), &rec->uuid);
	uuid_format(&rec->uuid, uuid_text);
	rec->key = key_phy_hash(uuid_text);
	if (driver)
		rec->driver = *driver;
	rec->pid = -1;
	rec->retry = definition_yes(d, "retry", defaults->retry);
	rec->bytes_total = stat(d->interface, &st) == 0 ? (uint64_t) st.st_size : 0;
	(void) snprintf(rec->interface, sizeof(rec->interface), "%s", d->interface);
	(void) snprintf(rec->capture_interface, sizeof(rec->capture_interface), "%s", d->interface);
	(void) snprintf(rec->name, sizeof(rec->name), "%s", name ? name : d->interface);
	normalize(d, rec->definition, sizeof(rec->definition));
	copy_option(d, "info_antenna_type", rec->antenna_type, sizeof(rec->antenna_type));
	copy_option(d, "metagps", rec->metagps, sizeof(rec->metagps));
	copy_option(d, "info_amp_type", rec->amp_type, sizeof(rec->amp_type));
	rec->antenna_gain = definition_real(d, "info_antenna_gain");
	rec->antenna_orientation = definition_real(d, "info_antenna_orientation");
	rec->antenna_beamwidth = definition_real(d, "info_antenna_beamwidth");
	rec->amp_gain = definition_real(d, "info_amp_gain");
	s->path = xstrdup(d->interface);
	s->realtime = definition_yes(d, "realtime", false);
	s->pps = definition_real(d, "pps");
}

struct source *registry_source(struct registry *r, const struct definition *d, const char *text,
			       const struct source_driver *driver)
{
	struct source *s = xnew(struct source, 1);

	s->registry = r;
	fill(s, d, text, driver);
	if (!is_file(driver))
		s->live = live_create(s, d);
	else
		s->streams = is_tzsp(driver) || file_source_streams(d->interface);
	return s;
}

void source_settle(struct source *s)
{
	if (s->tally.packets == 0)
		return;
	history_add(&s->packets_history, HISTORY_OCTETS, s->tally.sec, (float) s->tally.packets);
	history_add(&s->octets_history, HISTORY_OCTETS, s->tally.sec, (float) s->tally.octets);
	s->tally.packets = 0;
	s->tally.octets = 0;
}

void source_count(struct source *s, uint32_t sec, uint32_t octets)
{
	if (s->tally.packets && s->tally.sec != sec) {
		(void) pthread_mutex_lock(&s->registry->lock);
		source_settle(s);
		(void) pthread_mutex_unlock(&s->registry->lock);
	}
	s->tally.sec = sec;
	s->tally.packets++;
	s->tally.octets += octets;
}

void source_free(struct source *s)
{
	history_finish(&s->packets_history);
	history_finish(&s->octets_history);
	live_destroy(s->live);
	free(s->path);
	free(s);
}

struct source *registry_find(struct registry *r, const struct uuid *uuid)
{
	for (uint32_t i = 0; i < r->count; i++)
		if (memcmp(&r->sources[i]->record.uuid, uuid, sizeof(*uuid)) == 0)
			return r->sources[i];
	return NULL;
}

int registry_enlist(struct registry *r, struct source *s, const char *failure,
		    char error[SOURCE_TEXT_SIZE])
{
	int number = ERR_LIMIT;

	(void) pthread_mutex_lock(&r->lock);
	if (r->count == SOURCES_MAX) {
		(void) snprintf(error, SOURCE_TEXT_SIZE, "There are %d sources already",
				SOURCES_MAX);
	} else if (registry_find(r, &s->record.uuid)) {
		(void) snprintf(error, SOURCE_TEXT_SIZE,
				"There is a source '%.256s' with that definition "
				"or uuid already",
				s->record.name);
		number = ERR_EXISTS;
	} else {
		number = (int) r->count;
		s->record.number = r->count;
		r->sources[r->count++] = s;
		if (failure)
			source_fail(s, failure);
		registry_start_pending(r);
	}
	(void) pthread_mutex_unlock(&r->lock);
	return number;
}

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
	(void) snprintf(error, SOURCE_TEXT_SIZE, "'%.128s': %.300s", s->record.interface,
			live_reason(s));
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

int capture_add(struct registry *r, const char *definition, bool keep,
		char ret_error[SOURCE_TEXT_SIZE])
{
	cleanup_free struct definition *d = xnew(struct definition, 1);
	const struct source_driver *driver;
	struct source *s;
	int err = parse(definition, d, &driver, ret_error), number;
	uint64_t later;

	if (err < 0)
		return err;
	err = check(r, d, driver, ret_error);
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
	int err = parse(s->record.definition, d, &driver, error);
	bool failed;

	join(s);
	failed = s->record.error;
	if (err >= 0)
		err = check(r, d, driver, error);
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
		due = (s->record.state == SOURCE_ERROR ||
		       (s->live && s->record.state == SOURCE_PENDING)) &&
		      s->retry_us && s->retry_us <= now && !r->stopping;
		(void) pthread_mutex_unlock(&r->lock);
		if (due && s->live)
			(void) live_open(s, 0);
		else if (due)
			(void) reopen_file(s, error);
	}
	(void) pthread_mutex_unlock(&r->control);
}

static void copy_history(const struct history *from, struct source_history *to)
{
	to->h = *from;
	if (to->h.kept.n > sizeof(to->kept))
		to->h.kept.n = 0;
	if (to->h.kept.n)
		memcpy(to->kept, from->kept.p, to->h.kept.n);
	to->h.kept.p = NULL; /* set where it is shown, since records are copied */
}

/* Under the lock. */
static void copy_record(const struct source *s, struct source_record *ret)
{
	*ret = s->record;
	copy_history(&s->packets_history, &ret->packets_history);
	copy_history(&s->octets_history, &ret->octets_history);
}

bool capture_snapshot(struct registry *r, uint32_t place, struct source_record *ret_record)
{
	bool have;

	(void) pthread_mutex_lock(&r->lock);
	have = place < r->count;
	if (have)
		copy_record(r->sources[place], ret_record);
	(void) pthread_mutex_unlock(&r->lock);
	return have;
}

bool capture_find(struct registry *r, const struct uuid *uuid, struct source_record *ret_record)
{
	for (uint32_t i = 0; capture_snapshot(r, i, ret_record); i++)
		if (memcmp(&ret_record->uuid, uuid, sizeof(*uuid)) == 0)
			return true;
	return false;
}

bool capture_uuid(struct registry *r, uint16_t number, struct uuid *ret_uuid)
{
	bool have;

	(void) pthread_mutex_lock(&r->lock);
	have = number < r->count;
	if (have)
		*ret_uuid = r->sources[number]->record.uuid;
	(void) pthread_mutex_unlock(&r->lock);
	return have;
}

int capture_pause(struct registry *r, const struct uuid *uuid, bool paused)
{
	struct source *s;

	(void) pthread_mutex_lock(&r->lock);
	s = registry_find(r, uuid);
	if (s)
		s->paused = s->record.paused = paused;
	(void) pthread_mutex_unlock(&r->lock);
	return s ? 0 : ERR_NOT_FOUND;
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
	(void) pthread_mutex_unlock(&r->lock);
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
			(void) kill((pid_t) r->sources[i]->record.pid,
				    SIGTERM); /* all at once, then each */
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
