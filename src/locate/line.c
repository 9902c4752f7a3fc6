#include "locate/line.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"

struct line {
	struct loop *loop;
	struct line_settings settings;
	const struct line_events *events;
	void *ctx;
	int fd;
	bool connecting, skipping; /* skipping: the rest of a line that was too long */
	struct loop_watch *watch;
	struct loop_timer *retry;
	uint64_t wait_ms;
	size_t have;
	char *text; /* settings.longest octets */
};

static const struct {
	unsigned baud;
	speed_t speed;
} speeds[] = {
	{4800, B4800},     {9600, B9600},     {19200, B19200},   {38400, B38400},   {57600, B57600},
	{115200, B115200}, {230400, B230400}, {460800, B460800}, {921600, B921600},
};

static void hang_up(struct line *l)
{
	loop_watch_remove(l->watch);
	l->watch = NULL;
	if (l->fd >= 0)
		(void) close(l->fd);
	l->fd = -1;
	l->have = 0;
	l->skipping = l->connecting = false;
}

static void trouble(struct line *l, const char *what, int error)
{
	const char *where = *l->settings.device ? l->settings.device : l->settings.host;
	char why[256];

	hang_up(l);
	(void) snprintf(why, sizeof(why), "%s %s%s%s", what, where, error ? ": " : "", error ? strerror(error) : "");
	if (l->settings.reconnect) {
		loop_timer_set(l->retry, l->wait_ms, 0);
		l->wait_ms = l->wait_ms * 2 < LINE_RETRY_MAX_MS ? l->wait_ms * 2 : LINE_RETRY_MAX_MS;
	}
	l->events->on_trouble(l->ctx, why, l->settings.reconnect);
}

/* Hands over what is a line and keeps the rest. */
static void cut(struct line *l, const char *p, size_t n)
{
	while (n) {
		const char *end = memchr(p, '\n', n);
		size_t piece = end ? (size_t) (end - p) : n;

		if (!l->skipping && l->have + piece > l->settings.longest) {
			l->skipping = true;
			l->events->on_text(l->ctx, NULL, 0);
		}
		if (!l->skipping) {
			memcpy(l->text + l->have, p, piece);
			l->have += piece;
		}
		if (!end)
			return;
		if (!l->skipping && l->have)
			l->events->on_text(l->ctx, l->text, l->have);
		l->have = 0;
		l->skipping = false;
		p += piece + 1;
		n -= piece + 1;
	}
}

static void established(struct line *l)
{
	const char *init_text = l->settings.init_text;

	l->wait_ms = LINE_RETRY_MIN_MS;
	l->connecting = false;
	loop_watch_set(l->watch, LOOP_READABLE);
	/* A few octets into an empty buffer: they fit, or the line is broken and says so when read.
	 */
	if (init_text && write(l->fd, init_text, strlen(init_text)) < 0) {
		trouble(l, "Cannot write to", errno);
		return;
	}
	l->events->on_open(l->ctx);
}

/* Why a connection failed or ended; 0 when it did not, or for a serial line. */
static int socket_error(const struct line *l)
{
	int error = 0;
	socklen_t size = sizeof(error);

	return getsockopt(l->fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 ? 0 : error;
}

static void on_ready(void *ctx, int events)
{
	struct line *l = ctx;
	char bytes[4096];
	ssize_t n;

	if (l->connecting || events < 0) {
		const char *what = l->connecting ? "Cannot connect to" : "Lost";
		int error = socket_error(l);

		if (error || events < 0)
			trouble(l, what, error ? error : -events);
		else
			established(l);
		return;
	}
	n = read(l->fd, bytes, sizeof(bytes));
	if (n > 0)
		cut(l, bytes, (size_t) n);
	else if (n == 0)
		trouble(l, "Lost", 0);
	else if (errno != EAGAIN && errno != EINTR)
		trouble(l, "Lost", errno);
}

static int open_serial(struct line *l)
{
	struct termios t;
	speed_t speed = B0;

	for (size_t i = 0; i < ARRAY_SIZE(speeds); i++)
		if (speeds[i].baud == l->settings.baud)
			speed = speeds[i].speed;
	l->fd = open(l->settings.device, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (l->fd < 0)
		return -errno;
	if (tcgetattr(l->fd, &t) < 0)
		return -errno;
	cfmakeraw(&t);
	t.c_cflag |= CLOCAL | CREAD;
	(void) cfsetispeed(&t, speed);
	(void) cfsetospeed(&t, speed);
	return tcsetattr(l->fd, TCSANOW, &t) < 0 ? -errno : 0;
}

static int open_tcp(struct line *l)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
	int one = 1, r = getaddrinfo(l->settings.host, l->settings.port, &hints, &found);

	if (r)
		return -EHOSTUNREACH;
	r = -EHOSTUNREACH;
	for (struct addrinfo *a = found; a && r < 0; a = a->ai_next) {
		l->fd = socket(a->ai_family, a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (l->fd < 0)
			continue;
		(void) setsockopt(l->fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
		r = connect(l->fd, a->ai_addr, a->ai_addrlen) < 0 && errno != EINPROGRESS ? -errno : 0;
		if (r < 0) {
			(void) close(l->fd);
			l->fd = -1;
		}
	}
	freeaddrinfo(found);
	return r;
}

static void open_line(void *ctx)
{
	struct line *l = ctx;
	bool serial = *l->settings.device;
	int r = serial ? open_serial(l) : open_tcp(l);

	if (r < 0) {
		trouble(l, serial ? "Cannot open" : "Cannot connect to", -r);
		return;
	}
	l->connecting = !serial;
	l->watch = loop_watch_add(l->loop, l->fd, serial ? LOOP_READABLE : LOOP_WRITABLE, on_ready, l);
	if (!l->watch)
		trouble(l, "Cannot watch", 0);
	else if (serial)
		established(l);
}

struct line *line_create(struct loop *loop, const struct line_settings *s, const struct line_events *events, void *ctx)
{
	struct line *l = xnew(struct line, 1);

	*l = (struct line){.loop = loop,
			   .settings = *s,
			   .events = events,
			   .ctx = ctx,
			   .fd = -1,
			   .wait_ms = LINE_RETRY_MIN_MS,
			   .text = xnew(char, s->longest)};
	l->retry = loop_timer_add(loop, 0, 0, open_line, l);
	return l;
}

void line_destroy(struct line *l)
{
	if (!l)
		return;
	loop_timer_remove(l->retry);
	hang_up(l);
	free(l->text);
	free(l);
}
