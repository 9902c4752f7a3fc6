#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "talk.h"
#include "base/clock.h"
#include "main.h"
#include "proto/announcement.h"
#include "serve.h"
#include "state.h"
#include "websocket.h"

#define READ_SIZE 65536
#define OUT_MOST 65536     /* octets that are taken from the ring at a time */
#define SILENT_US 15000000 /* without a ping */
#define TICK_MS 500
#define REPORT_US 1000000
#define END_US 1500000 /* to send what is left */

void helper_wake(struct helper *h)
{
	uint64_t one = 1;

	(void) !write(h->wake_fd, &one, sizeof(one));
}

static int take_frames(struct helper *h)
{
	size_t done = 0;
	int r = 0;

	for (;;) {
		struct proto_message m;
		struct proto_frame f;

		r = proto_frame_read((const uint8_t *) h->in.p + done, h->in.len - done, &f);
		if (r <= 0)
			break;
		done += (size_t) r;
		/* A server asks for the version with a ping of version 2, whatever it speaks. */
		if (f.version == PROTO_V3 || strcmp(f.command, "PING") != 0)
			h->version = (int) f.version;
		if (proto_decode(&f, h->scratch, &m) >= 0 && !serve_message(h, &m))
			return 1;
	}
	buf_drop(&h->in, done);
	return r;
}

/* 0 to go on, 1 when the server says so, negative when the connection broke. */
static int receive(struct helper *h)
{
	struct buf *to = h->websocket ? &h->raw : &h->in;
	ssize_t n = link_read(&h->link, buf_reserve(to, READ_SIZE), READ_SIZE);
	int r;

	if (n <= 0)
		return n == -EAGAIN ? 0 : n < 0 ? (int) n : -EPIPE;
	to->len += (size_t) n;
	r = h->websocket ? websocket_unwrap(&h->raw, &h->in, &h->answers) : 0;
	return r < 0 ? r : take_frames(h);
}

/* Messages first, then packets; a frame that was begun is finished before. */
static void refill(struct helper *h)
{
	if (h->out.len)
		return;
	(void) pthread_mutex_lock(&h->control_lock);
	buf_add(&h->out, h->control.p, h->control.len);
	buf_clear(&h->control);
	(void) pthread_mutex_unlock(&h->control_lock);
	if (h->flowing && !h->leaving)
		(void) ring_take(h->ring, &h->out, OUT_MOST);
	if (h->websocket) {
		buf_clear(&h->wrapped);
		buf_add(&h->wrapped, h->answers.p, h->answers.len);
		buf_clear(&h->answers);
		websocket_wrap(&h->out, &h->wrapped);
		buf_clear(&h->out);
		buf_add(&h->out, h->wrapped.p, h->wrapped.len);
	}
}

static int flush(struct helper *h)
{
	for (refill(h); h->out.len; refill(h)) {
		ssize_t n = link_write(&h->link, h->out.p, h->out.len);

		if (n < 0)
			return n == -EAGAIN ? 0 : (int) n;
		buf_drop(&h->out, (size_t) n);
	}
	return 0;
}

static void wait_for(struct helper *h)
{
	struct pollfd fds[] = {{.fd = h->link.in_fd, .events = POLLIN},
			       {.fd = h->wake_fd, .events = POLLIN},
			       {.fd = h->link.out_fd, .events = POLLOUT}};
	uint64_t woken;

	(void) poll(fds, h->out.len ? 3 : 2, link_pending(&h->link) ? 0 : TICK_MS);
	if (fds[1].revents & POLLIN)
		(void) !read(h->wake_fd, &woken, sizeof(woken));
}

/* Asked to end: no more is captured, and what was captured is sent, if that can be done soon. */
static bool ended(struct helper *h, uint64_t now)
{
	if (!h->end_us) {
		h->end_us = now;
		serve_stop(h);
		if (h->flowing)
			helper_report_loss(h);
		(void) flush(h);
	}
	return (h->out.len == 0 && (!h->flowing || ring_empty(h->ring))) || now - h->end_us > END_US;
}

/* The server closes. What was taken from the ring goes out and arrives; the rest waits there for
 * the next connection. */
static void leave(struct helper *h)
{
	uint64_t begin = clock_monotonic_us();
	struct pollfd ready = {.fd = h->link.out_fd, .events = POLLOUT};

	h->leaving = true;
	while (flush(h) >= 0 && h->out.len && clock_monotonic_us() - begin < END_US)
		(void) poll(&ready, 1, TICK_MS);
	link_finish(&h->link, END_US / 1000);
	h->leaving = false;
}

int talk(struct helper *h)
{
	int r = 0;

	link_unblock(&h->link);
	h->ping_us = clock_monotonic_us();
	while (r == 0) {
		uint64_t now;

		wait_for(h);
		r = receive(h);
		now = clock_monotonic_us();
		if (h->flowing && now - h->report_us > REPORT_US) {
			h->report_us = now;
			helper_report_loss(h);
		}
		if (r == 0) {
			int sent = flush(h);

			r = sent < 0 ? sent : r;
		}
		if (r == 0 && now - h->ping_us > SILENT_US)
			r = -ETIMEDOUT;
		if (helper_stopping(h) && ended(h, now))
			break;
	}
	if (r == 1)
		leave(h);
	else if (r == 0 && h->link.in_fd == h->link.out_fd)
		link_finish(&h->link, END_US / 1000); /* what was sent last arrives, too */
	return r;
}

static bool is_wanted(const struct helper *h, const struct announcement *a)
{
	char uuid[UUID_TEXT_SIZE];

	uuid_format(&a->uuid, uuid);
	return a->sensor_port && a->sensor_port <= 65535 &&
	       (!h->arguments.server_uuid || strcasecmp(uuid, h->arguments.server_uuid) == 0);
}

/* Waits until a server announces itself: its address becomes that of the arguments. */
static int find_server(struct helper *h)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(ANNOUNCEMENT_PORT)}, from;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), one = 1, r = -EINTR;

	if (fd < 0)
		return -errno;
	(void) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (const struct sockaddr *) &at, sizeof(at)) < 0)
		r = -errno;
	while (r == -EINTR && !helper_stopping(h)) {
		struct pollfd ready = {.fd = fd, .events = POLLIN};
		uint8_t datagram[ANNOUNCEMENT_SIZE + 1];
		socklen_t size = sizeof(from);
		struct announcement a;
		ssize_t n;

		if (poll(&ready, 1, TICK_MS) <= 0)
			continue;
		n = recvfrom(fd, datagram, sizeof(datagram), 0, (struct sockaddr *) &from, &size);
		if (n < 0 || announcement_read(span_of(datagram, (size_t) n), &a) < 0 || !is_wanted(h, &a))
			continue;
		(void) inet_ntop(AF_INET, &from.sin_addr, h->arguments.host, sizeof(h->arguments.host));
		h->arguments.port = a.sensor_port;
		(void) fprintf(stderr, "The server '%s' is at %s port %u\n", a.name, h->arguments.host,
			       h->arguments.port);
		r = 0;
	}
	(void) close(fd);
	return r;
}

int talk_connect(struct helper *h)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
	char port[8];
	int fd = -1, one = 1, r;

	r = h->arguments.autodetect ? find_server(h) : 0;
	if (r < 0)
		return r;
	(void) snprintf(port, sizeof(port), "%u", h->arguments.port);
	r = getaddrinfo(h->arguments.host, port, &hints, &found);
	if (r != 0) {
		(void) fprintf(stderr, "Cannot find '%s': %s\n", h->arguments.host, gai_strerror(r));
		return -EHOSTUNREACH;
	}
	r = -ECONNREFUSED;
	for (const struct addrinfo *a = found; a && fd < 0; a = a->ai_next) {
		fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, 0);
		if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) < 0) {
			r = -errno;
			(void) close(fd);
			fd = -1;
		}
	}
	freeaddrinfo(found);
	if (fd < 0) {
		(void) fprintf(stderr, "Cannot connect to %s port %s: %s\n", h->arguments.host, port, strerror(-r));
		return r;
	}
	(void) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	h->link = (struct link){fd, fd, NULL};
	h->websocket = !h->arguments.tcp;
	r = h->arguments.ssl ? link_secure(&h->link, h->arguments.host, h->arguments.ssl_certificate) : 0;
	if (r >= 0 && h->websocket)
		r = websocket_ask(&h->link, &h->arguments);
	if (r < 0)
		link_close(&h->link);
	return r;
}
