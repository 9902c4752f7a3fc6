#include "capture/announce.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/loop.h"
#include "base/mem.h"
#include "base/period.h"
#include "capture/private.h"
#include "capture/registry.h"

struct announcer {
	struct loop *loop;
	int fd;
	struct sockaddr_in to;
	struct announcement what;
};

static void announce(void *ctx)
{
	struct announcer *a = ctx;
	uint8_t datagram[ANNOUNCEMENT_SIZE];

	a->what.time_us = clock_server_us();
	announcement_write(&a->what, datagram);
	(void) sendto(a->fd, datagram, sizeof(datagram), MSG_DONTWAIT, (const struct sockaddr *) &a->to, sizeof(a->to));
}

static void begin(void *ctx)
{
	struct announcer *a = ctx;

	(void) loop_timer_add(a->loop, 0, 1000 * ANNOUNCE_SEC, announce, a);
}

int announce_start(struct registry *r, const char *address, uint16_t port, const struct announcement *what)
{
	struct announcer *a = xnew(struct announcer, 1);
	int one = 1, err;

	a->what = *what;
	a->to = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port)};
	if (inet_pton(AF_INET, address, &a->to.sin_addr) != 1) {
		free(a);
		return -EINVAL;
	}
	if (a->to.sin_addr.s_addr == INADDR_ANY)
		a->to.sin_addr.s_addr = INADDR_BROADCAST;
	a->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (a->fd < 0 || setsockopt(a->fd, SOL_SOCKET, SO_BROADCAST, &one, sizeof(one)) < 0) {
		err = -errno;
		announce_stop(a);
		return err;
	}
	(void) pthread_mutex_lock(&r->lock);
	a->loop = registry_loop(r);
	r->announcer = a;
	(void) pthread_mutex_unlock(&r->lock);
	return a->loop && loop_post(a->loop, begin, a) ? 0 : -EAGAIN;
}

void announce_stop(struct announcer *a)
{
	if (!a)
		return;
	if (a->fd >= 0)
		(void) close(a->fd);
	free(a);
}
