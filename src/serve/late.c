#include "serve/late.h"

#include <netinet/in.h>
#include <linux/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/mem.h"

struct late {
	pthread_mutex_t lock;
	struct late_connection *first;
};

struct late *late_create(void)
{
	struct late *l = xnew(struct late, 1);

	(void) pthread_mutex_init(&l->lock, NULL);
	return l;
}

void late_destroy(struct late *l)
{
	(void) pthread_mutex_destroy(&l->lock);
	free(l);
}

/* Octets that the peer has sent so far; 0 when the system does not tell. */
static uint64_t received(int fd)
{
	struct tcp_info info;
	socklen_t size = sizeof(info);

	memset(&info, 0, sizeof(info));
	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 ? info.tcpi_bytes_received : 0;
}

struct late_connection *late_begin(struct late *l, int fd)
{
	struct late_connection *c = xnew(struct late_connection, 1);

	c->fd = fd;
	(void) pthread_mutex_lock(&l->lock);
	c->next = l->first;
	if (c->next)
		c->next->prev = c;
	l->first = c;
	(void) pthread_mutex_unlock(&l->lock);
	return c;
}

void late_end(struct late *l, struct late_connection *c)
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

bool late_answer(struct late *l, struct late_connection *c)
{
	bool in_time;

	if (!c)
		return true;
	(void) pthread_mutex_lock(&l->lock);
	in_time = !c->told;
	c->answering = true;
	(void) pthread_mutex_unlock(&l->lock);
	return in_time;
}

void late_done(struct late *l, struct late_connection *c)
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
static void tell(struct late_connection *c)
{
	static const char sentence[] = "The request did not come in time.";
	char text[256];
	int n = snprintf(text, sizeof(text),
			 "HTTP/1.1 408 Request Timeout\r\nContent-Type: text/plain; charset=utf-8\r\n"
			 "Connection: close\r\nContent-Length: %zu\r\n\r\n%s",
			 sizeof(sentence) - 1, sentence);

	c->told = true;
	(void) send(c->fd, text, (size_t) n, MSG_DONTWAIT | MSG_NOSIGNAL);
	(void) shutdown(c->fd, SHUT_RDWR);
}

uint32_t late_tick(struct late *l)
{
	uint64_t now_sec = clock_monotonic_us() / 1000000 + 1; /* 0 is none */
	uint32_t told = 0;

	(void) pthread_mutex_lock(&l->lock);
	for (struct late_connection *c = l->first; c; c = c->next) {
		if (c->answering || c->told || received(c->fd) == c->bytes)
			continue;
		if (!c->since_sec)
			c->since_sec = now_sec;
		if (now_sec - c->since_sec < LATE_SEC)
			continue;
		tell(c);
		told++;
	}
	(void) pthread_mutex_unlock(&l->lock);
	return told;
}
