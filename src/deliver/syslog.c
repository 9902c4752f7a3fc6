#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "deliver/syslog.h"
#include "base/mem.h"
#include "deliver/receiver.h"

#define HOST_SIZE 256
#define DATAGRAM_MOST 2048 /* RFC 5426 3.2: what receivers should take */
/* RFC 5612: the enterprise number for documentation. */
#define SD_ID "norn@32473"

struct syslog {
	bool stream, local;
	char host[HOST_SIZE], port[16]; /* host: also the path */
	char name[HOST_SIZE];           /* of this machine */
	uint32_t facility;
	int fd; /* -1: not connected */
};

/* RFC 5424 6.2.1. */
static unsigned level_of(uint8_t severity)
{
	switch (severity) {
	case SEVERITY_CRITICAL: return 2;
	case SEVERITY_HIGH: return 3;
	case SEVERITY_MEDIUM: return 4;
	case SEVERITY_LOW: return 5;
	default: return 6;
	}
}

/* A name of the header: printable ASCII without spaces (6). */
static void add_word(struct buf *out, const char *text, size_t most)
{
	size_t n = 0;

	for (; *text && n < most; text++, n++)
		buf_char(out, *text > ' ' && *text < 127 ? *text : '_');
	if (n == 0)
		buf_char(out, '-');
}

static void add_time(struct buf *out, double time)
{
	time_t sec = (time_t) time;
	struct tm tm;
	char text[32];

	(void) gmtime_r(&sec, &tm);
	(void) strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	buf_printf(out, "%s.%06uZ", text, (unsigned) ((time - (double) sec) * 1e6));
}

/* 6.3.3: a quote, a backslash and a closing bracket are escaped. */
static void add_param(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, " %s=\"", name);
	for (; *value; value++) {
		if (strchr("\"\\]", *value))
			buf_char(out, '\\');
		buf_char(out, *value);
	}
	buf_char(out, '"');
}

static void add_mac(struct buf *out, const char *name, const struct mac *m)
{
	char text[MAC_TEXT_SIZE];

	if (mac_is_zero(m))
		return;
	mac_format(m, text);
	add_param(out, name, text);
}

static bool is_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char) *text > 126)
			return false;
	return true;
}

void syslog_format(const struct alert *a, uint32_t facility, const char *host, struct buf *out)
{
	buf_printf(out, "<%u>1 ", facility * 8 + level_of(a->severity));
	add_time(out, a->time);
	buf_char(out, ' ');
	add_word(out, host, 255);
	buf_printf(out, " norn %d ", (int) getpid());
	add_word(out, a->name, 32);
	buf_printf(out, " [" SD_ID);
	add_param(out, "class", a->alert_class);
	buf_printf(out, " severity=\"%u\" id=\"%u\"", a->severity, a->hash);
	add_mac(out, "transmitter", &a->transmitter);
	add_mac(out, "source", &a->source);
	add_mac(out, "destination", &a->destination);
	if (a->frames) {
		add_param(out, "channel", a->channel);
		buf_printf(out, " frequency=\"%.0f\" frames=\"%u\" packet_time=\"%.6f\"", a->freq_khz, a->frames,
			   a->packet_time);
	}
	buf_printf(out, "] %s%s", is_ascii(a->text) ? "" : "\xef\xbb\xbf", a->text); /* 6.4: a BOM before UTF-8 */
	for (size_t i = 0; i < out->len; i++)                                        /* a line has no ends in it */
		if ((unsigned char) out->p[i] < ' ')
			out->p[i] = ' ';
}

/* "HOST:PORT", of which HOST may be "[ADDRESS]". */
static bool read_position(struct syslog *s, const char *text)
{
	const char *colon = strrchr(text, ':');
	size_t n = colon ? (size_t) (colon - text) : 0;

	if (n && text[0] == '[') {
		if (n <= 2 || text[n - 1] != ']')
			return false;
		text++;
		n -= 2;
	}
	if (n == 0 || n >= sizeof(s->host) || !colon[1] || strlen(colon + 1) >= sizeof(s->port))
		return false;
	memcpy(s->host, text, n);
	(void) snprintf(s->port, sizeof(s->port), "%s", colon + 1);
	return true;
}

static void *create(const struct delivery_conf *conf, const char *target, char ret_error[ERROR_SIZE])
{
	struct syslog *s = xnew(struct syslog, 1);
	const char *colon = strchr(target, ':');
	size_t n = colon ? (size_t) (colon - target) : 0;

	s->fd = -1;
	s->facility = conf->facility;
	(void) gethostname(s->name, sizeof(s->name) - 1);
	s->stream = n == 3 && memcmp(target, "tcp", 3) == 0;
	s->local = n == 4 && memcmp(target, "unix", 4) == 0;
	if (s->local && colon[1] == '/' && strlen(colon + 1) < sizeof(((struct sockaddr_un *) 0)->sun_path)) {
		(void) snprintf(s->host, sizeof(s->host), "%s", colon + 1);
		return s;
	}
	if ((s->stream || (n == 3 && memcmp(target, "udp", 3) == 0)) && read_position(s, colon + 1))
		return s;
	(void) snprintf(ret_error, ERROR_SIZE, "expected udp:HOST:PORT, tcp:HOST:PORT or unix:/PATH");
	free(s);
	return NULL;
}

static void disconnect(struct syslog *s)
{
	if (s->fd >= 0)
		(void) close(s->fd);
	s->fd = -1;
}

static int connect_local(struct syslog *s)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memcpy(a.sun_path, s->host, strnlen(s->host, sizeof(a.sun_path) - 1));
	if (fd >= 0 && connect(fd, (struct sockaddr *) &a, sizeof(a)) == 0)
		return fd;
	if (fd >= 0)
		(void) close(fd);
	return -1;
}

static int connect_to(const struct addrinfo *a)
{
	struct timeval most = {.tv_sec = SEND_SEC};
	int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);

	if (fd < 0)
		return -1;
	(void) setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof(most)); /* also of connect() */
	if (connect(fd, a->ai_addr, a->ai_addrlen) == 0)
		return fd;
	(void) close(fd);
	return -1;
}

static bool connect_syslog(struct syslog *s, char ret_error[ERROR_SIZE])
{
	struct addrinfo want = {.ai_socktype = s->stream ? SOCK_STREAM : SOCK_DGRAM}, *all = NULL;
	int r;

	if (s->fd >= 0)
		return true;
	if (s->local) {
		s->fd = connect_local(s);
	} else if ((r = getaddrinfo(s->host, s->port, &want, &all)) != 0) {
		(void) snprintf(ret_error, ERROR_SIZE, "no such host: %s", gai_strerror(r));
		return false;
	}
	for (struct addrinfo *a = all; a && s->fd < 0; a = a->ai_next)
		s->fd = connect_to(a);
	if (s->fd < 0)
		(void) snprintf(ret_error, ERROR_SIZE, "cannot connect: %s", strerror(errno));
	if (all)
		freeaddrinfo(all);
	return s->fd >= 0;
}

/* The other side has closed the stream: what is sent now would be lost without an error. */
static bool is_over(const struct syslog *s)
{
	struct pollfd p = {.fd = s->fd, .events = POLLIN};
	char byte;

	return s->fd >= 0 && s->stream && poll(&p, 1, 0) > 0 && recv(s->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
}

static bool send_all(int fd, const char *p, size_t n, bool stream)
{
	while (n) {
		ssize_t done = send(fd, p, n, MSG_NOSIGNAL);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0 || (!stream && (size_t) done < n))
			return false;
		p += done;
		n -= (size_t) done;
	}
	return true;
}

static enum outcome send_alert(void *receiver, const struct alert *a, char ret_error[ERROR_SIZE])
{
	struct syslog *s = receiver;
	struct buf line = {0}, framed = {0};
	bool done;

	if (is_over(s))
		disconnect(s);
	if (!connect_syslog(s, ret_error))
		return OUTCOME_LATER;
	syslog_format(a, s->facility, s->name, &line);
	if (s->stream)
		buf_printf(&framed, "%zu ", line.len);
	buf_add(&framed, line.p, s->stream || line.len < DATAGRAM_MOST ? line.len : DATAGRAM_MOST);
	done = send_all(s->fd, framed.p, framed.len, s->stream);
	if (!done) {
		(void) snprintf(ret_error, ERROR_SIZE, "cannot send: %s", strerror(errno));
		disconnect(s);
	}
	buf_finish(&line);
	buf_finish(&framed);
	return done ? OUTCOME_SENT : OUTCOME_LATER;
}

static void destroy(void *receiver)
{
	disconnect(receiver);
	free(receiver);
}

static void show(const char *target, char *ret_text, size_t size)
{
	(void) snprintf(ret_text, size, "%s", target);
}

const struct receiver_kind syslog_kind = {
	.name = "syslog", .create = create, .send = send_alert, .destroy = destroy, .show = show};
