#include "serve/websocket.h"

#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "base/limit.h"
#include "base/loop.h"
#include "base/mem.h"
#include "serve/session.h"

#define READ_SIZE 16384
#define READS 4 /* at a time, so that other connections get their turn */
#define CLOSE_US 2000000
#define PING_US 10000000
#define SILENT_US 25000000 /* no octet for so long: the peer has vanished */
#define STOP_MS 1000
#define NICE 10
#define KEPT_SIZE 65536 /* of an emptied queue's memory */

struct websocket {
	struct websockets *all;
	struct websocket *next, **link;
	const struct websocket_kind *kind;
	void *ctx;
	struct MHD_UpgradeResponseHandle *upgrade;
	struct loop_watch *watch;
	int fd;
	struct websocket_reader reader;
	struct buf out, early;
	size_t out_at; /* what of `out` is sent already */
	uint64_t seen_us, pinged_us, close_us;
	uint64_t messages, bytes;
	bool closing, dead;
	bool faulty; /* the peer broke the protocol: its close frame is not waited for */
	char address[64], login[SERVE_NAME_SIZE];
};

struct websockets {
	struct loop *loop;
	struct loop_timer *timer;
	struct websocket *first;
	pthread_mutex_t lock; /* over `stopping` and the end of the loop */
	bool stopping;
	_Atomic uint32_t open;
};

static void flush(struct websocket *ws);
static void on_socket(void *ctx, int events);

/* Ends the connection; its memory goes with reap(), outside of any callback of its own. */
static void die(struct websocket *ws)
{
	ws->dead = true;
}

static void destroy(struct websocket *ws)
{
	ws->kind->closed(ws->ctx);
	if (ws->upgrade)
		(void) MHD_upgrade_action(ws->upgrade, MHD_UPGRADE_ACTION_CLOSE);
	websocket_reader_finish(&ws->reader);
	buf_finish(&ws->out);
	buf_finish(&ws->early);
	free(ws);
}

static void reap(struct websockets *w)
{
	struct websocket *next;

	for (struct websocket *ws = w->first; ws; ws = next) {
		next = ws->next;
		if (!ws->dead)
			continue;
		*ws->link = next;
		if (next)
			next->link = ws->link;
		loop_watch_remove(ws->watch);
		(void) atomic_fetch_sub(&w->open, 1);
		destroy(ws);
	}
	if (!w->first) {
		loop_timer_remove(w->timer);
		w->timer = NULL;
	}
}

static void update_watch(struct websocket *ws)
{
	if (ws->watch && !ws->dead)
		loop_watch_set(ws->watch, LOOP_READABLE | (ws->out.len ? LOOP_WRITABLE : 0));
}

/* Sends what the socket takes. */
static void flush(struct websocket *ws)
{
	while (!ws->dead && ws->out_at < ws->out.len) {
		ssize_t n = send(ws->fd, ws->out.p + ws->out_at, ws->out.len - ws->out_at, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n > 0)
			ws->out_at += (size_t) n;
		else if (n < 0 && errno == EINTR)
			continue;
		else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			break;
		else
			die(ws);
	}
	if (ws->out_at == ws->out.len) {
		ws->out_at = ws->out.len = 0;
		if (ws->out.cap > KEPT_SIZE)
			buf_finish(&ws->out);
	} else if (ws->out_at > ws->out.len / 2) {
		buf_drop(&ws->out, ws->out_at);
		ws->out_at = 0;
	}
	if (ws->faulty && !ws->dead && ws->out.len == 0)
		(void) shutdown(ws->fd, SHUT_WR);
	update_watch(ws);
}

void websocket_close(struct websocket *ws, uint16_t code, const char *reason)
{
	if (ws->closing || ws->dead)
		return;
	websocket_write_close(&ws->out, code, reason);
	ws->closing = true;
	ws->close_us = clock_monotonic_us() + CLOSE_US;
	flush(ws);
}

static void on_close_frame(struct websocket *ws, uint16_t code)
{
	/* RFC 6455 5.5.1: the code is echoed; the server closes first */
	websocket_close(ws, code == WEBSOCKET_NO_CODE ? WEBSOCKET_NORMAL : code, "");
	if (ws->out.len == 0)
		die(ws);
	ws->close_us = clock_monotonic_us() + CLOSE_US / 2;
}

static void on_ping(struct websocket *ws, const struct websocket_event *e)
{
	if (ws->closing || ws->out.len - ws->out_at > limit_of(LIMIT_STREAM_QUEUE))
		return;
	websocket_write(&ws->out, WEBSOCKET_PONG, e->p, e->n);
	flush(ws);
}

static void on_event(struct websocket *ws, const struct websocket_event *e)
{
	switch (e->kind) {
	case WEBSOCKET_EVENT_NONE:
	case WEBSOCKET_EVENT_PONG: break;
	case WEBSOCKET_EVENT_MESSAGE:
		if (!ws->closing)
			ws->kind->message(ws->ctx, (const char *) e->p, e->n, e->binary);
		break;
	case WEBSOCKET_EVENT_PING: on_ping(ws, e); break;
	case WEBSOCKET_EVENT_CLOSE: on_close_frame(ws, e->code); break;
	case WEBSOCKET_EVENT_FAULT:
		ws->faulty = true;
		websocket_close(ws, e->code, "");
		break;
	}
}

static void take(struct websocket *ws, const uint8_t *p, size_t n)
{
	ws->seen_us = clock_monotonic_us();
	while (n && !ws->dead) {
		struct websocket_event e;
		size_t used = websocket_read(&ws->reader, p, n, &e);

		p += used;
		n -= used;
		on_event(ws, &e);
	}
}

static void read_some(struct websocket *ws)
{
	uint8_t data[READ_SIZE];

	for (int i = 0; i < READS && !ws->dead; i++) {
		ssize_t n = recv(ws->fd, data, sizeof(data), MSG_DONTWAIT);

		if (n > 0) {
			take(ws, data, (size_t) n);
			continue;
		}
		if (n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR))
			die(ws);
		break;
	}
}

static void on_socket(void *ctx, int events)
{
	struct websocket *ws = ctx;

	if (events < 0)
		die(ws);
	if (!ws->dead && (events & LOOP_WRITABLE)) {
		flush(ws);
		if (ws->out.len == 0 && !ws->dead && !ws->closing && ws->kind->room)
			ws->kind->room(ws->ctx);
	}
	if (!ws->dead && (events & LOOP_READABLE))
		read_some(ws);
	reap(ws->all);
}

static void tick(struct websocket *ws, uint64_t now)
{
	if (ws->closing) {
		if (now >= ws->close_us)
			die(ws);
		return;
	}
	if (now - ws->seen_us > SILENT_US) {
		die(ws);
		return;
	}
	if (now - ws->seen_us > PING_US && now - ws->pinged_us > PING_US && ws->out.len == 0) {
		ws->pinged_us = now;
		websocket_write(&ws->out, WEBSOCKET_PING, NULL, 0);
		flush(ws);
	}
	if (ws->kind->second && !ws->dead)
		ws->kind->second(ws->ctx);
}

static void on_second(void *ctx)
{
	struct websockets *w = ctx;
	uint64_t now = clock_monotonic_us();

	for (struct websocket *ws = w->first; ws; ws = ws->next)
		if (!ws->dead)
			tick(ws, now);
	reap(w);
}

/* On the loop: the connection has been handed over. */
static void attach(void *ctx)
{
	struct websocket *ws = ctx;
	struct websockets *w = ws->all;

	ws->watch = loop_watch_add(w->loop, ws->fd, LOOP_READABLE, on_socket, ws);
	ws->seen_us = ws->pinged_us = clock_monotonic_us();
	ws->dead = !ws->watch;
	ws->next = w->first;
	ws->link = &w->first;
	if (ws->next)
		ws->next->link = &ws->next;
	w->first = ws;
	if (!w->timer)
		w->timer = loop_timer_add(w->loop, 1000, 1000, on_second, w);
	(void) atomic_fetch_add(&w->open, 1);
	if (!ws->dead && ws->kind->opened)
		ws->kind->opened(ws->ctx, ws);
	take(ws, (const uint8_t *) ws->early.p, ws->early.len);
	buf_finish(&ws->early);
	reap(w);
}

bool websocket_send(struct websocket *ws, const void *p, size_t n, bool binary)
{
	uint64_t most = limit_of(LIMIT_STREAM_QUEUE);

	if (ws->closing || ws->dead)
		return false;
	if (n > most || ws->out.len - ws->out_at > most - n) {
		limit_hit(LIMIT_STREAM_QUEUE);
		return false;
	}
	websocket_write(&ws->out, binary ? WEBSOCKET_BINARY : WEBSOCKET_TEXT, p, n);
	ws->messages++;
	ws->bytes += n;
	flush(ws);
	return true;
}

size_t websocket_waiting(const struct websocket *ws)
{
	return ws->out.len - ws->out_at;
}

void websocket_sent(const struct websocket *ws, uint64_t *ret_messages, uint64_t *ret_bytes)
{
	*ret_messages = ws->messages;
	*ret_bytes = ws->bytes;
}

const char *websocket_address(const struct websocket *ws)
{
	return ws->address;
}

const char *websocket_login(const struct websocket *ws)
{
	return ws->login;
}

struct loop *websocket_loop(const struct websocket *ws)
{
	return ws->all->loop;
}

void websockets_add(struct websockets *w, const struct upgraded *u)
{
	struct websocket *ws = xnew(struct websocket, 1);
	bool posted = false;

	ws->all = w;
	ws->fd = u->fd;
	ws->upgrade = u->handle;
	ws->kind = u->kind;
	ws->ctx = u->ctx;
	ws->reader.max = limit_of(LIMIT_WEBSOCKET_MESSAGE);
	buf_add(&ws->early, u->early, u->n);
	(void) snprintf(ws->address, sizeof(ws->address), "%s", u->address);
	(void) snprintf(ws->login, sizeof(ws->login), "%s", u->login);
	(void) pthread_mutex_lock(&w->lock);
	if (!w->stopping)
		posted = loop_post(w->loop, attach, ws);
	(void) pthread_mutex_unlock(&w->lock);
	if (!posted)
		destroy(ws);
}

static void be_nice(void *ctx)
{
	(void) ctx;
	(void) setpriority(PRIO_PROCESS, 0, NICE);
}

struct websockets *websockets_start(void)
{
	struct websockets *w = xnew(struct websockets, 1);

	(void) pthread_mutex_init(&w->lock, NULL);
	if (loop_start("websockets", &w->loop) < 0)
		abort(); /* a machine without room for a thread */
	(void) loop_post(w->loop, be_nice, NULL);
	return w;
}

static void say_good_bye(void *ctx)
{
	struct websockets *w = ctx;

	for (struct websocket *ws = w->first; ws; ws = ws->next)
		websocket_close(ws, WEBSOCKET_GOING_AWAY, "The server is stopping.");
	reap(w);
}

static void end_all(void *ctx)
{
	struct websockets *w = ctx;

	for (struct websocket *ws = w->first; ws; ws = ws->next)
		die(ws);
	reap(w);
}

void websockets_stop(struct websockets *w)
{
	struct timespec pause = {.tv_nsec = 10000000};

	(void) pthread_mutex_lock(&w->lock);
	w->stopping = true;
	(void) pthread_mutex_unlock(&w->lock);
	(void) loop_call(w->loop, say_good_bye, w);
	for (int ms = 0; ms < STOP_MS && websockets_open(w); ms += 10)
		(void) nanosleep(&pause, NULL);
	(void) loop_call(w->loop, end_all, w);
	loop_stop(w->loop);
}

void websockets_destroy(struct websockets *w)
{
	(void) pthread_mutex_destroy(&w->lock);
	free(w);
}

uint32_t websockets_open(const struct websockets *w)
{
	return atomic_load(&w->open);
}
