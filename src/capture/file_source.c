/* Files as sources, each on a thread of its own: read once, as fast as the sink takes packets, none lost. What lies
 * before damage stays, and the source is done. A FIFO, or a pipe as standard input (`tcpdump -w - | norn -c -`), is the
 * same but lives: it never ends a wait, an unexpected end is a failure, and a FIFO is opened anew for its
 * next writer. */
#include "capture/file_source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/descriptors.h"
#include "base/err.h"
#include "base/log.h"
#include "base/stop.h"
#include "capture/doubt.h"
#include "capture/pcapfile.h"
#include "capture/pending.h"
#include "capture/private.h"
#include "capture/source_state.h"
#include "capture/trailer.h"
#include "conf/definition.h"

#define AHEAD 1024        /* packets of a file that are looked at before it is read */
#define POLL_MS 100       /* how soon a stop is noticed */
#define SOURCE_FILES 4    /* that one opens: a kismetdb with its companions */
#define STEP_US 50000     /* of a wait */
#define PUBLISH_US 100000 /* between two updates of what others see of a stream */

bool file_source_streams(const char *path)
{
	struct stat st;

	return strcmp(path, "-") == 0 || (stat(path, &st) == 0 && S_ISFIFO(st.st_mode));
}

/* Whether its end is not the end of a file. */
static bool file_source_lives(const char *path)
{
	struct stat st;

	return strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &st) == 0 && !S_ISREG(st.st_mode)
				      : file_source_streams(path);
}

/* One reading of a source. */
struct reading {
	struct source *source;
	struct pcapfile *file;
	int fd; /* of a stream; -1: none */
	bool live;
	uint64_t begin_us, first_time_us, published_us; /* monotonic; of the capture; monotonic */
	uint64_t passed, packets,
		bytes; /* of this reading: read, and taken while there is no pause; octets of a stream */
	uint32_t dlt;
	struct doubt doubt;
	struct trailers trailers;
};

static void publish(struct reading *in)
{
	struct source *s = in->source;
	uint64_t now = clock_monotonic_us(), us = now - in->begin_us;

	in->published_us = now;
	(void) pthread_mutex_lock(&s->registry->lock);
	source_settle(s);
	s->record.packets = s->packets;
	s->record.error_packets = s->errors;
	s->record.bytes_read = in->fd < 0 && in->file ? pcapfile_offset(in->file) : in->bytes;
	if (in->packets) {
		s->record.dlt = in->dlt;
		s->record.retry_attempts = 0;
	}
	s->record.frames_per_second = us ? (double) in->packets * 1e6 / (double) us : 0;
	(void) pthread_mutex_unlock(&s->registry->lock);
}

/* Once in a while, of a stream. */
static void look_after(struct reading *in)
{
	uint64_t now = clock_monotonic_us();
	char text[SOURCE_TEXT_SIZE];

	if (now - in->published_us < PUBLISH_US)
		return;
	publish(in);
	if (in->live && doubt_due(&in->doubt, now) && doubt_text(&in->doubt, true, text, sizeof(text)))
		source_warn(in->source, text);
}

/* Waits for octets, but not past a stop. */
static int read_stream(void *ctx, void *p, unsigned n)
{
	struct reading *in = ctx;

	while (!in->source->stop) {
		struct pollfd fd = {.fd = in->fd, .events = POLLIN};
		ssize_t got;

		look_after(in);
		if (poll(&fd, 1, POLL_MS) <= 0)
			continue;
		got = read(in->fd, p, n);
		if (got >= 0) {
			in->bytes += (uint64_t) got;
			return (int) got;
		}
		if (errno != EINTR && errno != EAGAIN)
			return -1;
	}
	return 0;
}

static bool is_stopped(const struct source *s)
{
	return s->stop || stop_begun();
}

/* Waits until a packet is due; sleeps in short steps, so that a stop is noticed and what came is shown. */
static void wait_until(struct reading *in, uint64_t due_us)
{
	uint64_t now;

	while (!in->source->stop && (now = clock_monotonic_us()) < due_us) {
		uint64_t us = due_us - now < STEP_US ? due_us - now : STEP_US;
		struct timespec t = {.tv_nsec = (long) us * 1000};

		publish(in);
		(void) nanosleep(&t, NULL);
	}
}

static void pace(struct reading *in, uint64_t time_us)
{
	const struct source *s = in->source;

	if (in->passed++ == 0)
		in->first_time_us = time_us;
	if (s->realtime && time_us > in->first_time_us)
		wait_until(in, in->begin_us + (time_us - in->first_time_us));
	else if (s->pps > 0)
		wait_until(in, in->begin_us + (uint64_t) ((double) (in->passed - 1) * 1e6 / s->pps));
}

/* What a packet's source does not say is not the last one's. */
static int next_packet(struct reading *in, struct packet *p)
{
	p->radio = (struct radio){0};
	p->position = (struct position){0};
	p->fcs_ignored = in->source->ignores_fcs;
	p->interface = 0;
	p->fcs_octets = 0;
	p->damaged = false;
	return pcapfile_next(in->file, p);
}

static void take(struct reading *in, struct packet *p, uint32_t server_sec)
{
	struct source *s = in->source;

	p->number = ++s->packets;
	p->live = in->live;
	in->packets++;
	in->dlt = p->linktype;
	source_count(s, in->live ? server_sec : (uint32_t) (p->time_us / 1000000), (uint32_t) p->data.left);
	trailers_apply(&in->trailers, p);
	s->registry->sink.packet(s->registry->sink.ctx, p, server_sec);
	doubt_packet(&in->doubt, p);
	trailers_learn(&in->trailers, p);
	trailers_report(&in->trailers, p, s);
	s->errors += p->broken;
	p->broken = false;
}

/* What stands behind a file's frames is known before its first one is handed on. */
static void look_ahead(struct reading *in)
{
	struct pcapfile *file = in->file;
	struct packet p = {0};
	char error[PCAPFILE_ERROR_SIZE];

	if (in->source->streams || pcapfile_open(in->source->path, &in->file, error) < 0) {
		in->file = file;
		return;
	}
	pcapfile_stop_by(in->file, &in->source->stop);
	for (uint32_t i = 0; i < AHEAD && next_packet(in, &p) > 0; i++) {
		trailers_apply(&in->trailers, &p);
		if (packet_peel(&p) >= 0)
			trailers_learn(&in->trailers, &p);
	}
	pcapfile_close(in->file);
	in->file = file;
}

static int read_all(struct reading *in)
{
	struct source *s = in->source;
	struct packet packet = {.source = (uint16_t) s->record.number};
	uint32_t server_sec = clock_server_sec();
	int r = 0;

	while (!is_stopped(s) && (r = next_packet(in, &packet)) > 0) {
		if (in->passed % SOURCE_BATCH == 0 || in->fd >= 0) {
			server_sec = clock_server_sec();
			look_after(in);
		}
		pace(in, packet.time_us);
		if (!s->paused)
			take(in, &packet, server_sec);
	}
	publish(in);
	return is_stopped(s) ? 0 : r;
}

void file_source_finish(struct source *s, const struct source_end *end)
{
	struct registry *r = s->registry;
	uint32_t retry_sec = 0;
	bool first = s->record.retry_attempts == 0;

	(void) pthread_mutex_lock(&r->lock);
	s->record.running = false;
	if (end->state == SOURCE_ERROR) {
		retry_sec = source_fail(s, end->reason);
	} else {
		s->record.state = (uint8_t) end->state;
		s->record.error = false;
		(void) snprintf(s->record.error_reason, SOURCE_TEXT_SIZE, "%s", end->alert ? end->reason : "");
	}
	if (!s->unhurried)
		r->running--;
	registry_start_pending(r);
	(void) pthread_cond_broadcast(&r->changed);
	(void) pthread_mutex_unlock(&r->lock);
	if ((end->state == SOURCE_ERROR && first) || end->alert)
		r->sink.failed(r->sink.ctx, s->record.name, end->reason, retry_sec);
}

/* What is said at the end of a reading: damage, and what was not understood. */
static void report(const struct reading *in, const char *damage)
{
	struct source *s = in->source;
	char doubt[SOURCE_TEXT_SIZE] = "", text[SOURCE_TEXT_SIZE];
	const char *said = in->trailers.said;

	(void) doubt_text(&in->doubt, false, doubt, sizeof(doubt));
	log_info("'%s' is read to the end: %llu packets", s->path, (unsigned long long) in->packets);
	(void) snprintf(text, sizeof(text), "%.160s%s%.160s%s%.160s", damage, *damage && *doubt ? "; " : "", doubt,
			*said && (*damage || *doubt) ? "; " : "", *damage || *doubt ? said : "");
	if (*text)
		source_warn(s, text);
}

/* The end of a stream: the writer has closed it, or what came cannot be read on. */
static struct source_end end_of_stream(const struct reading *in, const char *damage, char reason[SOURCE_TEXT_SIZE])
{
	bool again = strcmp(in->source->path, "-") != 0;

	(void) snprintf(reason, SOURCE_TEXT_SIZE, "%s%s%.300s",
			again ? "Its writer has ended" : "Standard input has ended", *damage ? ": " : "", damage);
	return (struct source_end){again ? SOURCE_ERROR : SOURCE_DONE, .alert = true, .reason = reason};
}

static struct source_end read_source(struct reading *in, char reason[SOURCE_TEXT_SIZE])
{
	struct source *s = in->source;
	const char *damage;
	int r;

	pcapfile_stop_by(in->file, &s->stop);
	look_ahead(in);
	source_recovered(s);
	r = read_all(in);
	damage = r < 0 ? pcapfile_error(in->file) : "";
	report(in, damage);
	if (is_stopped(s))
		return (struct source_end){SOURCE_CLOSED, .reason = ""};
	if (in->live)
		return end_of_stream(in, damage, reason);
	(void) snprintf(reason, SOURCE_TEXT_SIZE, "%s", damage);
	return (struct source_end){SOURCE_DONE, .alert = r < 0, .reason = reason};
}

static int open_stream(struct reading *in, char reason[PCAPFILE_ERROR_SIZE])
{
	const char *path = in->source->path;
	int r;

	in->fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (in->fd >= 0)
		return pcapfile_open_input(&(struct pcapfile_input){.read = read_stream, .ctx = in}, &in->file, reason);
	r = -errno;
	(void) snprintf(reason, PCAPFILE_ERROR_SIZE, "cannot open it: %s", err_text(r));
	return r;
}

static int open_source(struct reading *in, char error[PCAPFILE_ERROR_SIZE])
{
	const struct source *s = in->source;

	if (!descriptors_left(SOURCE_FILES)) {
		(void) snprintf(error, PCAPFILE_ERROR_SIZE,
				"the server may open only %llu files at a time; raise ulimit -n", descriptors_most());
		return -EMFILE;
	}
	return s->streams ? open_stream(in, error) : pcapfile_open(s->path, &in->file, error);
}

void *file_source_run(void *source)
{
	struct source *s = source;
	struct reading in = {
		.source = s, .fd = -1, .live = file_source_lives(s->path), .begin_us = clock_monotonic_us()};
	struct packet_sink *sink = &s->registry->sink;
	char reason[SOURCE_TEXT_SIZE], error[PCAPFILE_ERROR_SIZE];
	struct source_end end = {SOURCE_CLOSED, .reason = ""};
	int r;

	(void) pthread_setname_np(pthread_self(), "source");
	if (!in.live)
		s->packets = s->errors = 0;
	sink->open(sink->ctx, (uint16_t) s->record.number, in.live, &s->record.uuid, s->record.metagps);
	r = open_source(&in, error);
	if (r >= 0) {
		end = read_source(&in, reason);
	} else if (!is_stopped(s)) {
		log_write(LOG_LEVEL_ERROR, "Cannot read '%s': %s", s->path, error);
		end = (struct source_end){SOURCE_ERROR, .reason = error};
	}
	sink->close(sink->ctx, (uint16_t) s->record.number);
	pcapfile_close(in.file);
	trailers_finish(&in.trailers);
	if (in.fd >= 0)
		(void) close(in.fd);
	file_source_finish(s, &end);
	return NULL;
}

/* What is no file and no FIFO is said by name. */
static const char *not_to_read(const struct stat *st)
{
	return S_ISDIR(st->st_mode)                            ? "it is a directory; name one capture file in it"
	       : S_ISSOCK(st->st_mode)                         ? "it is a socket, not a capture file"
	       : S_ISREG(st->st_mode) || S_ISFIFO(st->st_mode) ? NULL
							       : "it is a device, not a capture file";
}

int file_source_check(const struct definition *d, char error[SOURCE_TEXT_SIZE])
{
	char reason[PCAPFILE_ERROR_SIZE];
	struct pcapfile *f;
	struct stat st;

	if (strcmp(d->interface, "-") == 0)
		return 0;
	if (stat(d->interface, &st) < 0 || access(d->interface, R_OK) < 0) {
		(void) snprintf(error, SOURCE_TEXT_SIZE, "Cannot open '%.256s': %s", d->interface, strerror(errno));
		return -errno;
	}
	if (not_to_read(&st)) {
		(void) snprintf(error, SOURCE_TEXT_SIZE, "Cannot read '%.256s': %s", d->interface, not_to_read(&st));
		return ERR_UNSUPPORTED;
	}
	if (S_ISFIFO(st.st_mode)) /* it would be emptied by looking at it */
		return 0;
	if (pcapfile_open(d->interface, &f, reason) < 0) {
		(void) snprintf(error, SOURCE_TEXT_SIZE, "Cannot read '%.256s': %.200s", d->interface, reason);
		return ERR_MALFORMED;
	}
	pcapfile_close(f);
	return 0;
}
