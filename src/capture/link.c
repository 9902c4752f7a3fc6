#include "capture/link.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "proto/row.h"

#define INPUT_SIZE 65536
#define READS_A_TURN 8 /* so that one fast sensor does not keep the others of its loop waiting */

struct link {
	struct loop *loop;
	int read_fd, write_fd;              /* -1: over a transport */
	struct loop_watch *reader, *writer; /* the same for a socket */
	struct link_transport transport;
	struct link_calls calls;
	void *ctx;
	struct proto_scratch *in, *answer; /* a call may send while it reads what came in */
	struct buf out;
	enum proto_version version;
	uint32_t seqno;
	unsigned depth;    /* within how many calls */
	bool dead, closed; /* to be freed; closed() has been called */
	size_t used;
	uint8_t input[INPUT_SIZE];
};

static void on_ready(void *ctx, int events);

static struct link *make(struct loop *loop)
{
	struct link *l = xnew(struct link, 1);

	l->loop = loop;
	l->read_fd = l->write_fd = -1;
	l->in = proto_scratch_create();
	l->answer = proto_scratch_create();
	l->version = PROTO_V3;
	return l;
}

struct link *link_create(struct loop *loop, int read_fd, int write_fd)
{
	struct link *l = make(loop);

	l->read_fd = read_fd;
	l->write_fd = write_fd;
	l->reader = loop_watch_add(loop, read_fd, LOOP_READABLE, on_ready, l);
	l->writer = read_fd == write_fd ? l->reader : loop_watch_add(loop, write_fd, 0, on_ready, l);
	if (!l->reader || !l->writer) {
		link_close(l);
		return NULL;
	}
	return l;
}

struct link *link_create_over(struct loop *loop, const struct link_transport *transport)
{
	struct link *l = make(loop);

	l->transport = *transport;
	return l;
}

void link_set(struct link *l, const struct link_calls *calls, void *ctx)
{
	l->calls = *calls;
	l->ctx = ctx;
}

void link_speak(struct link *l, enum proto_version version)
{
	l->version = version;
}

struct loop *link_loop(const struct link *l)
{
	return l->loop;
}

static void release(struct link *l)
{
	buf_finish(&l->out);
	proto_scratch_destroy(l->in);
	proto_scratch_destroy(l->answer);
	free(l);
}

static void hang_up(struct link *l)
{
	loop_watch_remove(l->reader);
	if (l->writer != l->reader)
		loop_watch_remove(l->writer);
	l->reader = l->writer = NULL;
	if (l->read_fd >= 0)
		(void) close(l->read_fd);
	if (l->write_fd >= 0 && l->write_fd != l->read_fd)
		(void) close(l->write_fd);
	l->read_fd = l->write_fd = -1;
	if (l->transport.close)
		l->transport.close(l->transport.ctx);
	l->transport = (struct link_transport){0};
}

void link_close(struct link *l)
{
	if (!l || l->dead)
		return;
	l->dead = true;
	hang_up(l);
	if (l->depth == 0)
		release(l);
}

static void leave(struct link *l)
{
	if (--l->depth == 0 && l->dead)
		release(l);
}

static void fail(struct link *l, const char *reason)
{
	if (l->closed || l->dead)
		return;
	l->closed = true;
	hang_up(l);
	if (l->calls.closed)
		l->calls.closed(l->ctx, reason);
}

/* Frames at the front of the input are handed on; how many octets they took. */
static size_t take_frames(struct link *l, const uint8_t *p, size_t n)
{
	size_t done = 0;

	while (!l->dead && !l->closed) {
		struct proto_message m;
		struct proto_frame f;
		int r = proto_frame_read(p + done, n - done, &f), code;

		if (r == 0)
			break;
		if (r < 0) {
			fail(l, r == ERR_LIMIT ? "a frame is too long" : "it does not speak the capture protocol");
			break;
		}
		done += (size_t) r;
		l->version = f.version;
		code = proto_decode(&f, l->in, &m);
		if (code >= 0)
			l->calls.message(l->ctx, &m);
		else if (code != ERR_UNSUPPORTED)
			fail(l, "a frame cannot be read");
	}
	return done;
}

static void read_some(struct link *l)
{
	for (int i = 0; i < READS_A_TURN && !l->dead && !l->closed; i++) {
		ssize_t n = read(l->read_fd, l->input + l->used, sizeof(l->input) - l->used);
		size_t done;

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0) {
			fail(l, n == 0 ? "the capture program has closed the connection" : strerror(errno));
			return;
		}
		l->used += (size_t) n;
		done = take_frames(l, l->input, l->used);
		l->used -= done;
		if (done && l->used)
			memmove(l->input, l->input + done, l->used);
	}
}

static void wait_for(struct link *l)
{
	int out = l->out.len ? LOOP_WRITABLE : 0;

	if (l->reader == l->writer)
		loop_watch_set(l->reader, LOOP_READABLE | out);
	else
		loop_watch_set(l->writer, out);
}

static void write_some(struct link *l)
{
	while (l->out.len) {
		ssize_t n = write(l->write_fd, l->out.p, l->out.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN) {
			fail(l, strerror(errno));
			return;
		}
		if (n <= 0)
			break;
		buf_drop(&l->out, (size_t) n);
	}
	wait_for(l);
}

static void on_ready(void *ctx, int events)
{
	struct link *l = ctx;

	l->depth++;
	if (!l->closed && (events < 0 || (events & (LOOP_READABLE | LOOP_HANGUP))))
		read_some(l); /* which also finds why a connection broke */
	if (events < 0)
		fail(l, err_text(events));
	if (!l->closed && !l->dead && events > 0 && (events & LOOP_WRITABLE))
		write_some(l);
	leave(l);
}

void link_feed(struct link *l, const void *p, size_t n)
{
	l->depth++;
	if (!l->closed && !l->dead && take_frames(l, p, n) != n)
		fail(l, "a message is not one whole frame");
	leave(l);
}

void link_end(struct link *l, const char *reason)
{
	l->depth++;
	fail(l, reason);
	leave(l);
}

static int64_t send_over(struct link *l)
{
	bool sent = l->transport.send && l->transport.send(l->transport.ctx, l->out.p, l->out.len);

	buf_clear(&l->out);
	return sent ? (int64_t) l->seqno : ERR_LIMIT;
}

int64_t link_send(struct link *l, struct proto_message *m)
{
	int r;

	if (l->closed || l->dead)
		return ERR_NOT_FOUND;
	if (l->out.len > LINK_QUEUE_MAX)
		return ERR_LIMIT;
	if (++l->seqno == 0)
		l->seqno = 1;
	m->seqno = l->seqno;
	r = proto_encode(m, l->version, l->answer, &l->out);
	if (r < 0)
		return r;
	if (l->write_fd < 0)
		return send_over(l);
	l->depth++;
	write_some(l);
	leave(l);
	return m->seqno;
}
