#include "capture/source.h"

#include <errno.h>
#include <pthread.h>
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
#include "conf/definition.h"
#include "capture/pcapfile.h"

struct source {
	struct registry *registry;
	struct source_record record; /* under the registry's lock */
	char *path;
	pthread_t thread;
	bool started; /* the thread is to be joined */
	_Atomic bool stop, paused;
	uint64_t retry_us; /* monotonic: when it is tried again; 0: not */
	bool realtime;
	double pps;
	uint64_t packets, first_time_us, started_us; /* the thread's own */
};

struct registry {
	struct packet_sink sink;
	struct capture_defaults defaults;
	pthread_mutex_t control; /* open, close and tick, one at a time; taken before lock */
	pthread_mutex_t lock;
	struct source *sources[SOURCES_MAX];
	uint32_t count, running, cores;
	bool stopping;
};

static void start_pending(struct registry *r);

struct registry *capture_create(const struct capture_defaults *defaults, struct packet_sink sink)
{
	struct registry *r = xnew(struct registry, 1);
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	r->sink = sink;
	r->defaults = *defaults;
	(void) pthread_mutex_init(&r->control, NULL);
	r->cores = cores > 0 ? (uint32_t) cores : 1;
	(void) pthread_mutex_init(&r->lock, NULL);
	field_prepare(&source_table);
	field_prepare(&defaults_table);
	field_prepare(&interface_table);
	return r;
}

const struct capture_defaults *capture_defaults(const struct registry *r)
{
	return &r->defaults;
}

static void publish(struct source *s, struct pcapfile *f, uint32_t dlt)
{
	uint64_t us = clock_monotonic_us() - s->started_us;

	(void) pthread_mutex_lock(&s->registry->lock);
	s->record.packets = s->packets;
	s->record.bytes_read = pcapfile_offset(f);
	s->record.dlt = dlt;
	s->record.frames_per_second = us ? (double) s->packets * 1e6 / (double) us : 0;
	(void) pthread_mutex_unlock(&s->registry->lock);
}

/* Waits until a packet is due; sleeps in short steps, so that a stop is noticed. */
static void wait_until(struct source *s, uint64_t due_us)
{
	uint64_t now;

	while (!s->stop && (now = clock_monotonic_us()) < due_us) {
		uint64_t us = due_us - now < 50000 ? due_us - now : 50000;
		struct timespec t = {.tv_nsec = (long) us * 1000};

		(void) nanosleep(&t, NULL);
	}
}

static void pace(struct source *s, uint64_t time_us)
{
	if (s->packets == 0)
		s->first_time_us = time_us;
	if (s->realtime && time_us > s->first_time_us)
		wait_until(s, s->started_us + (time_us - s->first_time_us));
	else if (s->pps > 0)
		wait_until(s, s->started_us + (uint64_t) ((double) s->packets * 1e6 / s->pps));
}

static int read_file(struct source *s, struct pcapfile *f)
{
	struct packet packet = {.source = (uint16_t) s->record.number};
	uint32_t server_sec = clock_server_sec();
	int r = 0;

	while (!s->stop && (r = pcapfile_next(f, &packet)) > 0) {
		if (s->packets % SOURCE_BATCH == 0) {
			server_sec = clock_server_sec();
			publish(s, f, packet.linktype);
		}
		pace(s, packet.time_us);
		packet.number = ++s->packets;
		packet.radio = (struct radio){0};
		packet.position = (struct position){0};
		if (!s->paused)
			s->registry->sink.packet(s->registry->sink.ctx, &packet, server_sec);
	}
	publish(s, f, packet.linktype);
	return s->stop ? 0 : r;
}

static void finish(struct source *s, enum source_state state, const char *reason)
{
	struct registry *r = s->registry;

	(void) pthread_mutex_lock(&r->lock);
	s->record.state = (uint8_t) state;
	s->record.running = false;
	s->record.error = state == SOURCE_ERROR;
	if (state == SOURCE_ERROR) {
		s->record.retry_attempts++;
		s->record.total_retry_attempts++;
		s->retry_us = s->record.retry ? clock_monotonic_us() + SOURCE_RETRY_SEC * UINT64_C(1000000)
					      : 0;
	}
	(void) snprintf(state == SOURCE_ERROR ? s->record.error_reason : s->record.warning,
			SOURCE_TEXT_SIZE, "%s", reason);
	r->running--;
	start_pending(r);
	(void) pthread_mutex_unlock(&r->lock);
	if (state == SOURCE_ERROR)
		r->sink.failed(r->sink.ctx, s->record.name, reason, s->record.retry);
}

static void *run(void *arg)
{
	struct source *s = arg;
	char reason[PCAPFILE_ERROR_SIZE];
	struct pcapfile *f;
	int r;

	(void) pthread_setname_np(pthread_self(), "source");
	s->started_us = clock_monotonic_us();
	s->packets = 0;
	s->registry->sink.open(s->registry->sink.ctx, (uint16_t) s->record.number, false,
			       &s->record.uuid);
	if (pcapfile_open(s->path, &f, reason) < 0) {
		log_write(LOG_LEVEL_ERROR, "Cannot read '%s': %s", s->path, reason);
		finish(s, SOURCE_ERROR, reason);
		return NULL;
	}
	r = read_file(s, f);
	s->registry->sink.close(s->registry->sink.ctx, (uint16_t) s->record.number);
	(void) snprintf(reason, sizeof(reason), "%s", pcapfile_error(f));
	pcapfile_close(f);
	if (r == ERR_TRUNCATED || r == 0)
		log_info("'%s' is read: %llu packets%s%s", s->path, (unsigned long long) s->packets,
			 *reason ? "; " : "", reason);
	else
		log_warning("'%s' cannot be read on after %llu packets: %s", s->path,
			    (unsigned long long) s->packets, reason);
	finish(s, s->stop ? SOURCE_CLOSED : r < 0 && r != ERR_TRUNCATED ? SOURCE_ERROR : SOURCE_DONE,
	       reason);
	return NULL;
}

/* Under the lock. */
static void start_pending(struct registry *r)
{
	for (uint32_t i = 0; i < r->count && r->running < r->cores && !r->stopping; i++) {
		struct source *s = r->sources[i];

		if (s->record.state != SOURCE_PENDING)
			continue;
		s->record.state = SOURCE_RUNNING;
		s->record.running = true;
		r->running++;
		s->started = pthread_create(&s->thread, NULL, run, s) == 0;
		if (!s->started) {
			s->record.state = SOURCE_ERROR;
			s->record.running = false;
			r->running--;
		}
	}
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

static int check_file(const struct definition *d, char error[SOURCE_TEXT_SIZE])
{
	char reason[PCAPFILE_ERROR_SIZE];
	struct pcapfile *f;
	struct stat st;

	if (stat(d->interface, &st) < 0) {
		(void) snprintf(error, SOURCE_TEXT_SIZE, "Cannot open '%.256s': %s", d->interface,
				strerror(errno));
		return -errno;
	}
	if (!S_ISREG(st.st_mode)) /* a pipe would be emptied by looking at it */
		return 0;
	if (pcapfile_open(d->interface, &f, reason) < 0) {
		(void) snprintf(error, SOURCE_TEXT_SIZE, "Cannot read '%.256s': %.200s", d->interface,
				reason);
		return ERR_MALFORMED;
	}
	pcapfile_close(f);
	return 0;
}

/* True unless the option is there and is no. */
static bool yes(const struct definition *d, const char *name, bool standard)
{
	const char *value = definition_get(d, name);

	return value ? strcasecmp(value, "true") == 0 || strcmp(value, "1") == 0 ||
			       strcasecmp(value, "yes") == 0 :
		       standard;
}

static double real(const struct definition *d, const char *name)
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

static int check_type(const struct definition *d, char error[SOURCE_TEXT_SIZE])
{
	const char *type = definition_get(d, "type"), *uuid = definition_get(d, "uuid");
	struct uuid parsed;

	if (type && strcmp(type, "pcapfile") != 0) {
		(void) snprintf(error, SOURCE_TEXT_SIZE, "There is no source type '%.64s'; known: pcapfile",
				type);
		return ERR_UNSUPPORTED;
	}
	if (uuid && uuid_parse(uuid, strlen(uuid), &parsed) < 0) {
		(void) snprintf(error, SOURCE_TEXT_SIZE, "'%.64s' is not a uuid", uuid);
		return ERR_MALFORMED;
	}
	return 0;
}

static int parse(const char *text, struct definition *ret, char error[SOURCE_TEXT_SIZE])
{
	int err = definition_parse(text, ret);

	if (err < 0)
		(void) snprintf(error, SOURCE_TEXT_SIZE, "The definition '%.128s' %s", text,
				err_text(err));
	return err < 0 ? err : check_type(ret, error);
}

int capture_check(const char *definition, char ret_error[SOURCE_TEXT_SIZE])
{
	cleanup_free struct definition *d = xnew(struct definition, 1);
	int err = parse(definition, d, ret_error);

	return err < 0 ? err : check_file(d, ret_error);
}

static void fill(struct source *s, const struct definition *d, const char *text,
		 const struct capture_defaults *defaults)
{
	struct source_record *rec = &s->record;
	const char *name = definition_get(d, "name"), *uuid = definition_get(d, "uuid");
	char uuid_text[UUID_TEXT_SIZE];
	struct stat st;
	uint32_t n;

	rec->uuid = uuid_of(text);
	if (uuid)
		(void) uuid_parse(uuid, strlen(uuid), &rec->uuid);
	uuid_format(&rec->uuid, uuid_text);
	rec->key = key_phy_hash(uuid_text);
	rec->driver = capture_drivers(&n)[0];
	rec->pid = -1;
	rec->retry = yes(d, "retry", defaults->retry);
	rec->bytes_total = stat(d->interface, &st) == 0 ? (uint64_t) st.st_size : 0;
	(void) snprintf(rec->interface, sizeof(rec->interface), "%s", d->interface);
	(void) snprintf(rec->name, sizeof(rec->name), "%s", name ? name : d->interface);
	normalize(d, rec->definition, sizeof(rec->definition));
	copy_option(d, "info_antenna_type", rec->antenna_type, sizeof(rec->antenna_type));
	copy_option(d, "info_amp_type", rec->amp_type, sizeof(rec->amp_type));
	rec->antenna_gain = real(d, "info_antenna_gain");
	rec->antenna_orientation = real(d, "info_antenna_orientation");
	rec->antenna_beamwidth = real(d, "info_antenna_beamwidth");
	rec->amp_gain = real(d, "info_amp_gain");
	s->path = xstrdup(d->interface);
	s->realtime = yes(d, "realtime", false);
	s->pps = real(d, "pps");
}

/* Under the lock. */
static struct source *find(struct registry *r, const struct uuid *uuid)
{
	for (uint32_t i = 0; i < r->count; i++)
		if (memcmp(&r->sources[i]->record.uuid, uuid, sizeof(*uuid)) == 0)
			return r->sources[i];
	return NULL;
}

/* Puts the source in the list; its number. */
static int enlist(struct registry *r, struct source *s, const char *failure,
		  char error[SOURCE_TEXT_SIZE])
{
	int number = ERR_LIMIT;

	(void) pthread_mutex_lock(&r->lock);
	if (r->count == SOURCES_MAX) {
		(void) snprintf(error, SOURCE_TEXT_SIZE, "There are %d sources already", SOURCES_MAX);
	} else if (find(r, &s->record.uuid)) {
		(void) snprintf(error, SOURCE_TEXT_SIZE, "There is a source '%.256s' with that definition "
				"or uuid already", s->record.name);
		number = ERR_EXISTS;
	} else {
		number = (int) r->count;
		s->record.number = r->count;
		r->sources[r->count++] = s;
		if (failure) {
			s->record.state = SOURCE_ERROR;
			s->record.error = true;
			s->record.retry_attempts = s->record.total_retry_attempts = 1;
			(void) snprintf(s->record.error_reason, SOURCE_TEXT_SIZE, "%s", failure);
			if (s->record.retry)
				s->retry_us = clock_monotonic_us() + SOURCE_RETRY_SEC * UINT64_C(1000000);
		}
		start_pending(r);
	}
	(void) pthread_mutex_unlock(&r->lock);
	return number;
}

int capture_add(struct registry *r, const char *definition, bool keep, char ret_error[SOURCE_TEXT_SIZE])
{
	cleanup_free struct definition *d = xnew(struct definition, 1);
	struct source *s;
	int err = parse(definition, d, ret_error), number;

	if (err < 0)
		return err;
	err = check_file(d, ret_error);
	if (err < 0 && !keep)
		return err;
	s = xnew(struct source, 1);
	s->registry = r;
	fill(s, d, definition, &r->defaults);
	number = enlist(r, s, err < 0 ? ret_error : NULL, ret_error);
	if (number >= 0 && err < 0)
		r->sink.failed(r->sink.ctx, s->record.name, ret_error, s->record.retry);
	if (number < 0) {
		free(s->path);
		free(s);
	}
	return number < 0 ? number : err < 0 ? err : number;
}

/* Joins the thread of a source that ends or has ended. The control lock is held, the other is not. */
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
	s = find(r, uuid);
	if (s) {
		s->stop = true;
		s->retry_us = 0;
		if (s->record.state != SOURCE_RUNNING)
			s->record.state = SOURCE_CLOSED;
	}
	(void) pthread_mutex_unlock(&r->lock);
	if (s) {
		join(s);
		(void) pthread_mutex_lock(&r->lock);
		s->record.state = SOURCE_CLOSED;
		s->retry_us = 0;
		(void) pthread_mutex_unlock(&r->lock);
		log_info("Source '%s' is closed", s->record.name);
	}
	(void) pthread_mutex_unlock(&r->control);
	return s ? 0 : ERR_NOT_FOUND;
}

/* The control lock is held. */
static int reopen(struct source *s, char error[SOURCE_TEXT_SIZE])
{
	cleanup_free struct definition *d = xnew(struct definition, 1);
	struct registry *r = s->registry;
	int err = parse(s->record.definition, d, error);

	bool failed;

	join(s);
	failed = s->record.error;
	if (err >= 0)
		err = check_file(d, error);
	(void) pthread_mutex_lock(&r->lock);
	s->stop = false;
	s->retry_us = 0;
	if (err < 0) {
		s->record.state = SOURCE_ERROR;
		s->record.error = true;
		s->record.retry_attempts++;
		s->record.total_retry_attempts++;
		(void) snprintf(s->record.error_reason, SOURCE_TEXT_SIZE, "%s", error);
		if (s->record.retry)
			s->retry_us = clock_monotonic_us() + SOURCE_RETRY_SEC * UINT64_C(1000000);
	} else {
		s->record.state = SOURCE_PENDING;
		s->record.error = false;
		s->record.error_reason[0] = '\0';
		s->record.retry_attempts = 0;
		start_pending(r);
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
	s = find(r, uuid);
	(void) pthread_mutex_unlock(&r->lock);
	if (s && is_open(r, s)) {
		err = ERR_EXISTS;
		(void) snprintf(ret_error, SOURCE_TEXT_SIZE, "The source is open");
	} else if (s) {
		err = reopen(s, ret_error);
	}
	(void) pthread_mutex_unlock(&r->control);
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
		due = s->record.state == SOURCE_ERROR && s->retry_us && s->retry_us <= now && !r->stopping;
		(void) pthread_mutex_unlock(&r->lock);
		if (due)
			(void) reopen(s, error);
	}
	(void) pthread_mutex_unlock(&r->control);
}

/* Files are not listed: nothing tells which of all files are captures. */
uint32_t capture_list(struct registry *r, struct source_interface *ret_interfaces, uint32_t max)
{
	(void) r;
	(void) ret_interfaces;
	(void) max;
	return 0;
}

bool capture_snapshot(struct registry *r, uint32_t place, struct source_record *ret_record)
{
	bool have;

	(void) pthread_mutex_lock(&r->lock);
	have = place < r->count;
	if (have)
		*ret_record = r->sources[place]->record;
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
	s = find(r, uuid);
	if (s)
		s->paused = s->record.paused = paused;
	(void) pthread_mutex_unlock(&r->lock);
	return s ? 0 : ERR_NOT_FOUND;
}

void capture_stop(struct registry *r)
{
	(void) pthread_mutex_lock(&r->control);
	(void) pthread_mutex_lock(&r->lock);
	r->stopping = true;
	for (uint32_t i = 0; i < r->count; i++)
		r->sources[i]->stop = true;
	(void) pthread_mutex_unlock(&r->lock);
	for (uint32_t i = 0; i < r->count; i++)
		join(r->sources[i]);
	(void) pthread_mutex_unlock(&r->control);
}

void capture_destroy(struct registry *r)
{
	if (!r)
		return;
	capture_stop(r);
	for (uint32_t i = 0; i < r->count; i++) {
		free(r->sources[i]->path);
		free(r->sources[i]);
	}
	(void) pthread_mutex_destroy(&r->lock);
	(void) pthread_mutex_destroy(&r->control);
	free(r);
}
