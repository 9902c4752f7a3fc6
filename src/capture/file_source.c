/* Files as sources, each on a thread of its own: read as fast as the sink takes packets, none lost.
 * A FIFO or standard input (`tcpdump -w - | norn -c -`) is the same, but lives: it never ends a
 * wait. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "capture/pcapfile.h"
#include "capture/registry.h"

#define POLL_MS 100 /* how soon a stop is noticed */

bool file_source_streams(const char *path)
{
	struct stat st;

	return strcmp(path, "-") == 0 || (stat(path, &st) == 0 && S_ISFIFO(st.st_mode));
}

/* What is read from a pipe. */
struct stream {
	struct source *source;
	int fd;
};

/* Waits for octets, but not past a stop. */
static int read_stream(void *ctx, void *p, unsigned n)
{
	const struct stream *in = ctx;

	while (!in->source->stop) {
		struct pollfd fd = {.fd = in->fd, .events = POLLIN};
		ssize_t got;

		if (poll(&fd, 1, POLL_MS) <= 0)
			continue;
		got = read(in->fd, p, n);
		if (got >= 0)
			return (int) got;
		if (errno != EINTR && errno != EAGAIN)
			return -1;
	}
	return 0;
}

static void publish(struct source *s, struct pcapfile *f, uint32_t dlt)
{
	uint64_t us = clock_monotonic_us() - s->started_us;

	(void) pthread_mutex_lock(&s->registry->lock);
	source_settle(s);
	s->record.packets = s->packets;
	s->record.error_packets = s->errors;
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

/* What a packet's source does not say is not the last one's. */
static int next_packet(struct pcapfile *f, struct packet *p)
{
	p->radio = (struct radio){0};
	p->position = (struct position){0};
	return pcapfile_next(f, p);
}

static int read_file(struct source *s, struct pcapfile *f)
{
	struct packet packet = {.source = (uint16_t) s->record.number};
	uint32_t server_sec = clock_server_sec();
	int r = 0;

	while (!s->stop && (r = next_packet(f, &packet)) > 0) {
		if (s->packets % SOURCE_BATCH == 0 || s->streams) {
			server_sec = clock_server_sec();
			publish(s, f, packet.linktype);
		}
		pace(s, packet.time_us);
		packet.number = ++s->packets;
		source_count(s, s->streams ? server_sec : (uint32_t) (packet.time_us / 1000000),
			     (uint32_t) packet.data.left);
		packet.live = s->streams;
		if (!s->paused)
			s->registry->sink.packet(s->registry->sink.ctx, &packet, server_sec);
		s->errors += packet.broken;
		packet.broken = false;
	}
	publish(s, f, packet.linktype);
	return s->stop ? 0 : r;
}

void file_source_finish(struct source *s, enum source_state state, const char *reason)
{
	struct registry *r = s->registry;

	(void) pthread_mutex_lock(&r->lock);
	s->record.running = false;
	if (state == SOURCE_ERROR) {
		source_fail(s, reason);
	} else {
		s->record.state = (uint8_t) state;
		s->record.error = false;
		(void) snprintf(s->record.warning, SOURCE_TEXT_SIZE, "%s", reason);
	}
	if (!s->streams)
		r->running--;
	registry_start_pending(r);
	(void) pthread_cond_broadcast(&r->changed);
	(void) pthread_mutex_unlock(&r->lock);
	if (state == SOURCE_ERROR)
		r->sink.failed(r->sink.ctx, s->record.name, reason, s->record.retry);
}

static void tell(const struct source *s, int r, const char *reason)
{
	if (r == ERR_TRUNCATED || r == 0)
		log_info("'%s' is read: %llu packets%s%s", s->path, (unsigned long long) s->packets,
			 *reason ? "; " : "", reason);
	else
		log_warning("'%s' cannot be read on after %llu packets: %s", s->path, (unsigned long long) s->packets,
			    reason);
}

static int open_stream(struct stream *in, struct pcapfile **ret_file, char reason[PCAPFILE_ERROR_SIZE])
{
	bool standard = strcmp(in->source->path, "-") == 0;
	int r;

	in->fd = standard ? dup(STDIN_FILENO) : open(in->source->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (in->fd < 0) {
		r = -errno;
		(void) snprintf(reason, PCAPFILE_ERROR_SIZE, "cannot open it: %s", err_text(r));
		return r;
	}
	return pcapfile_open_input(&(struct pcapfile_input){read_stream, in}, ret_file, reason);
}

void *file_source_run(void *source)
{
	struct source *s = source;
	struct stream in = {s, -1};
	char reason[PCAPFILE_ERROR_SIZE];
	struct pcapfile *f = NULL;
	int r;

	(void) pthread_setname_np(pthread_self(), "source");
	s->started_us = clock_monotonic_us();
	s->packets = 0;
	s->registry->sink.open(s->registry->sink.ctx, (uint16_t) s->record.number, s->streams, &s->record.uuid,
			       s->record.metagps);
	r = s->streams ? open_stream(&in, &f, reason) : pcapfile_open(s->path, &f, reason);
	if (r < 0 && !s->stop) {
		log_write(LOG_LEVEL_ERROR, "Cannot read '%s': %s", s->path, reason);
		file_source_finish(s, SOURCE_ERROR, reason);
	} else if (r < 0) {
		file_source_finish(s, SOURCE_CLOSED, "");
	} else {
		r = read_file(s, f);
		s->registry->sink.close(s->registry->sink.ctx, (uint16_t) s->record.number);
		(void) snprintf(reason, sizeof(reason), "%s", pcapfile_error(f));
		pcapfile_close(f);
		tell(s, r, reason);
		file_source_finish(s,
				   s->stop                       ? SOURCE_CLOSED
				   : r < 0 && r != ERR_TRUNCATED ? SOURCE_ERROR
								 : SOURCE_DONE,
				   reason);
	}
	if (in.fd >= 0)
		(void) close(in.fd);
	return NULL;
}

int file_source_check(const struct definition *d, char error[SOURCE_TEXT_SIZE])
{
	char reason[PCAPFILE_ERROR_SIZE];
	struct pcapfile *f;
	struct stat st;

	if (strcmp(d->interface, "-") == 0)
		return 0;
	if (stat(d->interface, &st) < 0) {
		(void) snprintf(error, SOURCE_TEXT_SIZE, "Cannot open '%.256s': %s", d->interface, strerror(errno));
		return -errno;
	}
	if (!S_ISREG(st.st_mode)) /* a pipe would be emptied by looking at it */
		return 0;
	if (pcapfile_open(d->interface, &f, reason) < 0) {
		(void) snprintf(error, SOURCE_TEXT_SIZE, "Cannot read '%.256s': %.200s", d->interface, reason);
		return ERR_MALFORMED;
	}
	pcapfile_close(f);
	return 0;
}
