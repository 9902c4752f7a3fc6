#include "serve/request_timer.h"

#include <netinet/in.h>
#include <linux/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/mem.h"

struct request_timers {
	pthread_mutex_t lock;
	struct request_timer *first;
};

struct request_timers *request_timers_create(void)
{
	struct request_timers *l = xnew(struct request_timers, 1);

	(void) pthread_mutex_init(&l->lock, NULL);
	return l;
}

void request_timers_destroy(struct request_timers *l)
{
	(void) pthread_mutex_destroy(&l->lock);
	free(l);
}

/* Octets that the peer has sent so far; 0 when the system does not say. */
static uint64_t received(int fd)
{
	struct tcp_info info;
	socklen_t size = sizeof(info);

	memset(&info, 0, sizeof(info));
	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 ? info.tcpi_bytes_received : 0;
}

struct request_timer *request_timer_begin(struct request_timers *l, int fd)
{
	struct request_timer *c = xnew(struct request_timer, 1);

	c->fd = fd;
	(void) pthread_mutex_lock(&l->lock);
	c->next = l->first;
	if (c->next)
		c->next->prev = c;
	l->first = c;
	(void) pthread_mutex_unlock(&l->lock);
	return c;
}

void request_timer_end(struct request_timers *l, struct request_timer *c)
{
	if (!c)
		return;
	(void) pthread_mutex_lock(&l->lock);
	if (c->prev)
		c->prev->next = c->next;
	else
		l->first = c->next;
	if (c->next)
		c->next->prev = c->prev;
	(void) pthread_mutex_unlock(&l->lock);
	free(c);
}

bool request_timer_answer(struct request_timers *l, struct request_timer *c)
{
	bool in_time;

	if (!c)
		return true;
	(void) pthread_mutex_lock(&l->lock);
	in_time = !c->reported;
	c->answering = true;
	(void) pthread_mutex_unlock(&l->lock);
	return in_time;
}

void request_timer_done(struct request_timers *l, struct request_timer *c)
{
	if (!c)
		return;
	(void) pthread_mutex_lock(&l->lock);
	c->answering = false;
	c->bytes = received(c->fd);
	c->since_sec = 0;
	(void) pthread_mutex_unlock(&l->lock);
}

/* The descriptor stays the HTTP library's, which closes it when it sees the end. */
static void report(struct request_timer *c)
{
	static const char sentence[] = "The request did not come in time.";
	char text[256];
	int n = snprintf(text, sizeof(text),
			 "HTTP/1.1 408 Request Timeout\r\nContent-Type: text/plain; charset=utf-8\r\n"
			 "Connection: close\r\nContent-Length: %zu\r\n\r\n%s",
			 sizeof(sentence) - 1, sentence);

	c->reported = true;
	(void) send(c->fd, text, (size_t) n, MSG_DONTWAIT | MSG_NOSIGNAL);
	(void) shutdown(c->fd, SHUT_RDWR);
}

uint32_t request_timers_tick(struct request_timers *l)
{
	uint64_t now_sec = clock_monotonic_us() / 1000000 + 1; /* 0 is none */
	uint32_t reported = 0;

	(void) pthread_mutex_lock(&l->lock);
	for (struct request_timer *c = l->first; c; c = c->next) {
		if (c->answering || c->reported || received(c->fd) == c->bytes)
			continue;
		if (!c->since_sec)
			c->since_sec = now_sec;
		if (now_sec - c->since_sec < REQUEST_TIMEOUT_SEC)
			continue;
		report(c);
		reported++;
	}
	(void) pthread_mutex_unlock(&l->lock);
	return reported;
}
