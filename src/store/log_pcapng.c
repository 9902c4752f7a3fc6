/* The log class pcapng: every packet, as Wireshark reads it. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "store/log_file.h"
#include "store/pcapng.h"

#define WRITE_BYTES (256 * 1024)

struct pcapng_log {
	struct pcapng file;
	const struct log_rooms *rooms;
	struct buf out;
	int fd;
	bool failed;
};

static void name_source(void *ctx, uint16_t source, char name[256], char description[256])
{
	struct pcapng_log *p = ctx;
	struct source_record r;

	if (!capture_snapshot(p->rooms->sources, source, &r))
		return;
	(void) snprintf(name, 256, "%.255s", r.interface);
	(void) snprintf(description, 256, "Kismet datasource %.70s (%.70s - %.70s)", r.name, r.interface,
			r.interface);
}

static void fail(struct pcapng_log *p, const char *why)
{
	p->failed = true;
	log_write(LOG_LEVEL_ERROR, "The pcapng log cannot be written any more: %s", why);
	alerts_tell(p->rooms->alerts, "LOGFAILED", "The pcapng log cannot be written any more: %s", why);
}

/* A disk that is full stops the log, not the server. */
static void write_out(struct pcapng_log *p)
{
	size_t at = 0;

	while (at < p->out.len && !p->failed) {
		ssize_t n = write(p->fd, p->out.p + at, p->out.len - at);

		if (n > 0)
			at += (size_t) n;
		else if (n < 0 && errno != EINTR)
			fail(p, strerror(errno));
	}
	buf_clear(&p->out);
}

static void *open_pcapng(const char *path, const struct log_conf *conf, const struct log_rooms *rooms,
			 char ret_error[256])
{
	struct pcapng_log *p = xnew(struct pcapng_log, 1);

	(void) conf;
	p->rooms = rooms;
	p->file.name_source = name_source;
	p->file.ctx = p;
	p->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
	if (p->fd < 0) {
		(void) snprintf(ret_error, 256, "'%.128s' cannot be made: %s", path, strerror(errno));
		free(p);
		return NULL;
	}
	pcapng_begin(&p->out);
	write_out(p);
	return p;
}

static bool write_packet(void *file, const struct packet_summary *s, const uint8_t *data)
{
	struct pcapng_log *p = file;

	if (p->failed)
		return false;
	pcapng_packet(&p->file, &p->out, s, data);
	if (p->out.len >= WRITE_BYTES)
		write_out(p);
	return true;
}

static void tick(void *file, uint32_t server_sec)
{
	(void) server_sec;
	write_out(file);
}

static void close_pcapng(void *file)
{
	struct pcapng_log *p = file;

	write_out(p);
	(void) close(p->fd);
	buf_finish(&p->out);
	free(p);
}

const struct log_kind log_pcapng = {
	{"pcapng", "PcapNG", "Packets of all datasources, for Wireshark", 1, 0},
	"pcapng", open_pcapng, write_packet, tick, close_pcapng};
