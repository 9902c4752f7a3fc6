#include "capture/source.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/clock.h"
#include "base/crc.h"
#include "base/err.h"
#include "base/key.h"
#include "base/log.h"
#include "base/mem.h"
#include "capture/definition.h"
#include "capture/pcapfile.h"

static const char *const state_texts[] = {"pending", "running", "done", "closed", "error", NULL};

#define S struct source_record
static const struct field source_rows[] = {
	FIELD(S, "kismet.datasource.source_number", number, "Running number."),
	FIELD(S, "kismet.datasource.source_key", key, "Sum over the text of the uuid."),
	FIELD(S, "kismet.datasource.name", name, "Name."),
	FIELD(S, "kismet.datasource.uuid", uuid, "UUID."),
	FIELD(S, "kismet.datasource.interface", interface, "Interface of the definition."),
	FIELD(S, "kismet.datasource.capture_interface", interface, "Interface that is captured."),
	FIELD(S, "kismet.datasource.definition", definition, "Definition."),
	FIELD(S, "kismet.datasource.dlt", dlt, "Link type of the latest packet."),
	FIELD(S, "kismet.datasource.running", running, "Capture is running.", .type = "uint8_t"),
	FIELD(S, "kismet.datasource.paused", paused, "Packets are left out.", .type = "uint8_t"),
	FIELD(S, "kismet.datasource.error", error, "The source failed.", .type = "uint8_t"),
	FIELD(S, "kismet.datasource.error_reason", error_reason, "Why it failed."),
	FIELD(S, "kismet.datasource.warning", warning, "What to know of it."),
	FIELD(S, "kismet.datasource.num_packets", packets, "Packets received."),
	FIELD(S, "kismet.datasource.num_error_packets", error_packets, "Packets that are broken."),
	FIELD_TEXTS(S, "norn.datasource.state", state, state_texts, "State, in a word."),
	FIELD(S, "norn.datasource.bytes_read", bytes_read, "Octets of the file that were read."),
	FIELD(S, "norn.datasource.bytes_total", bytes_total, "Octets of the file."),
	FIELD(S, "norn.datasource.frames_per_second", frames_per_second,
	      "Frames a second over the whole run."),
};
struct field_table source_table = FIELD_TABLE(S, "datasource", source_rows);

struct source {
	struct registry *registry;
	struct source_record record; /* under the registry's lock */
	char *path;
	pthread_t thread;
	bool started;
	_Atomic bool stop, paused;
	bool realtime;
	double pps;
	uint64_t packets, first_time_us, started_us; /* the thread's own */
};

struct registry {
	struct packet_sink sink;
	pthread_mutex_t lock;
	struct source *sources[SOURCES_MAX];
	uint32_t count, running, cores;
	bool stopping;
};

static void start_pending(struct registry *r);

struct registry *capture_create(struct packet_sink sink)
{
	struct registry *r = xnew(struct registry, 1);
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	r->sink = sink;
	r->cores = cores > 0 ? (uint32_t) cores : 1;
	(void) pthread_mutex_init(&r->lock, NULL);
	field_prepare(&source_table);
	return r;
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
	(void) snprintf(state == SOURCE_ERROR ? s->record.error_reason : s->record.warning,
			SOURCE_TEXT_SIZE, "%s", reason);
	r->running--;
	start_pending(r);
	(void) pthread_mutex_unlock(&r->lock);
}

static void *run(void *arg)
{
	struct source *s = arg;
	char reason[PCAPFILE_ERROR_SIZE];
	struct pcapfile *f;
	int r;

	s->started_us = clock_monotonic_us();
	s->registry->sink.open(s->registry->sink.ctx, (uint16_t) s->record.number, false,
			       &s->record.uuid);
	if (pcapfile_open(s->path, &f, reason) < 0) {
		log_write(LOG_LEVEL_ERROR, "Cannot read '%s': %s", s->path, reason);
		finish(s, SOURCE_ERROR, reason);
		return NULL;
	}
	r = read_file(s, f);
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

static int fill(struct source *s, const struct definition *d, const char *text,
		char error[SOURCE_TEXT_SIZE])
{
	struct source_record *rec = &s->record;
	const char *name = definition_get(d, "name"), *uuid = definition_get(d, "uuid");
	const char *type = definition_get(d, "type"), *pps = definition_get(d, "pps");
	const char *realtime = definition_get(d, "realtime");
	char uuid_text[UUID_TEXT_SIZE];
	struct stat st;

	if (type && strcmp(type, "pcapfile") != 0) {
		(void) snprintf(error, SOURCE_TEXT_SIZE, "There is no source type '%.64s'; known: pcapfile",
				type);
		return ERR_UNSUPPORTED;
	}
	if (stat(d->interface, &st) < 0) {
		(void) snprintf(error, SOURCE_TEXT_SIZE, "Cannot open '%.256s': %s", d->interface,
				strerror(errno));
		return -errno;
	}
	rec->uuid = uuid_of(text);
	if (uuid && uuid_parse(uuid, strlen(uuid), &rec->uuid) < 0) {
		(void) snprintf(error, SOURCE_TEXT_SIZE, "'%.64s' is not a uuid", uuid);
		return ERR_MALFORMED;
	}
	uuid_format(&rec->uuid, uuid_text);
	rec->key = key_phy_hash(uuid_text);
	rec->bytes_total = (uint64_t) st.st_size;
	(void) snprintf(rec->interface, sizeof(rec->interface), "%s", d->interface);
	(void) snprintf(rec->name, sizeof(rec->name), "%s", name ? name : d->interface);
	(void) snprintf(rec->definition, sizeof(rec->definition), "%s", text);
	s->path = xstrdup(d->interface);
	s->realtime = realtime && strcmp(realtime, "true") == 0;
	s->pps = pps ? strtod(pps, NULL) : 0;
	return 0;
}

int capture_add(struct registry *r, const char *definition, char ret_error[SOURCE_TEXT_SIZE])
{
	cleanup_free struct definition *d = xnew(struct definition, 1);
	struct source *s;
	int err = definition_parse(definition, d);

	if (err < 0) {
		(void) snprintf(ret_error, SOURCE_TEXT_SIZE, "The definition '%.128s' %s", definition,
				err_text(err));
		return err;
	}
	s = xnew(struct source, 1);
	s->registry = r;
	err = fill(s, d, definition, ret_error);
	if (err < 0) {
		free(s);
		return err;
	}
	(void) pthread_mutex_lock(&r->lock);
	if (r->count == SOURCES_MAX) {
		(void) pthread_mutex_unlock(&r->lock);
		(void) snprintf(ret_error, SOURCE_TEXT_SIZE, "There are %d sources already", SOURCES_MAX);
		free(s->path);
		free(s);
		return ERR_LIMIT;
	}
	s->record.number = r->count;
	r->sources[r->count++] = s;
	err = (int) s->record.number;
	start_pending(r);
	(void) pthread_mutex_unlock(&r->lock);
	return err;
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
	int err = ERR_NOT_FOUND;

	(void) pthread_mutex_lock(&r->lock);
	for (uint32_t i = 0; i < r->count; i++) {
		if (memcmp(&r->sources[i]->record.uuid, uuid, sizeof(*uuid)) != 0)
			continue;
		r->sources[i]->paused = r->sources[i]->record.paused = paused;
		err = 0;
	}
	(void) pthread_mutex_unlock(&r->lock);
	return err;
}

void capture_stop(struct registry *r)
{
	(void) pthread_mutex_lock(&r->lock);
	r->stopping = true;
	for (uint32_t i = 0; i < r->count; i++)
		r->sources[i]->stop = true;
	(void) pthread_mutex_unlock(&r->lock);
	for (uint32_t i = 0; i < r->count; i++) {
		if (r->sources[i]->started)
			(void) pthread_join(r->sources[i]->thread, NULL);
		r->sources[i]->started = false;
	}
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
	free(r);
}
