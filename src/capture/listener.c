#include "capture/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/descriptors.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "capture/link.h"
#include "capture/private.h"
#include "capture/registry.h"
#include "capture/remote.h"

struct listener {
	struct registry *registry;
	struct loop *loop;
	struct loop_watch *watch;
	int fd;
	uint16_t port;
	uint64_t turned_away; /* for want of files; reported once */
};

struct arrival {
	struct registry *registry;
	struct loop *loop;
	int fd;
	char address[48];
};

static void begin_handshake(void *ctx)
{
	struct arrival *a = ctx;
	struct link *link = link_create(a->loop, a->fd, a->fd);

	if (link)
		capture_accept(a->registry, link, a->address, true);
	free(a);
}

static void address_text(const struct sockaddr_storage *a, char ret[48])
{
	const void *p = a->ss_family == AF_INET6
				? (const void *) &((const struct sockaddr_in6 *) (const void *) a)->sin6_addr
				: (const void *) &((const struct sockaddr_in *) (const void *) a)->sin_addr;

	if (!inet_ntop(a->ss_family, p, ret, 48))
		ret[0] = '\0';
}

/* More would take the files of HTTP, and of what is here already (ulimit -n). */
static void turn_away(struct listener *l, int fd)
{
	(void) close(fd);
	if (l->turned_away++ == 0)
		log_warning("A sensor is turned away: only %llu files may be open at a time (ulimit -n)",
			    descriptors_most());
}

static void on_arrival(void *ctx, int events)
{
	struct listener *l = ctx;
	struct sockaddr_storage from = {0};
	socklen_t n = sizeof(from);
	struct arrival *a;
	int fd = events < 0 ? -1 : accept4(l->fd, (struct sockaddr *) &from, &n, SOCK_CLOEXEC | SOCK_NONBLOCK);
	int one = 1;

	if (fd < 0)
		return;
	if (!descriptors_left(1)) {
		turn_away(l, fd);
		return;
	}
	(void) setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
	(void) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	a = xnew(struct arrival, 1);
	a->registry = l->registry;
	a->fd = fd;
	address_text(&from, a->address);
	(void) pthread_mutex_lock(&l->registry->lock);
	a->loop = registry_loop(l->registry);
	(void) pthread_mutex_unlock(&l->registry->lock);
	if (!a->loop || !loop_post(a->loop, begin_handshake, a)) {
		(void) close(fd);
		free(a);
	}
}

static socklen_t make_address(const char *text, uint16_t port, struct sockaddr_storage *ret)
{
	struct sockaddr_in6 *six = (struct sockaddr_in6 *) ret;
	struct sockaddr_in *four = (struct sockaddr_in *) ret;

	memset(ret, 0, sizeof(*ret));
	if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons(port);
		return sizeof(*four);
	}
	if (inet_pton(AF_INET6, text, &six->sin6_addr) == 1) {
		six->sin6_family = AF_INET6;
		six->sin6_port = htons(port);
		return sizeof(*six);
	}
	return 0;
}

static int open_port(const char *address, uint16_t port, uint16_t *ret_port)
{
	struct sockaddr_storage a;
	socklen_t n = make_address(address, port, &a), got = sizeof(a);
	int one = 1, fd, r;

	if (n == 0)
		return -EINVAL;
	fd = socket(a.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	(void) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *) &a, n) < 0 || listen(fd, 64) < 0 ||
	    getsockname(fd, (struct sockaddr *) &a, &got) < 0) {
		r = -errno;
		(void) close(fd);
		return r;
	}
	*ret_port = ntohs(((const struct sockaddr_in *) &a)->sin_port); /* where IPv6 has it, too */
	return fd;
}

static void watch(void *ctx)
{
	struct listener *l = ctx;

	l->watch = loop_watch_add(l->loop, l->fd, LOOP_READABLE, on_arrival, l);
}

static void unwatch(void *ctx)
{
	struct listener *l = ctx;

	loop_watch_remove(l->watch);
	l->watch = NULL;
}

/* Listens on the address (a number, IPv4 or IPv6) and port; 0: any free one. 0 or -errno. */
static int listener_start(struct registry *r, const char *address, uint16_t port, struct listener **ret_listener)
{
	struct listener *l = xnew(struct listener, 1);

	l->registry = r;
	l->fd = open_port(address, port, &l->port);
	if (l->fd < 0) {
		int err = l->fd;

		free(l);
		return err;
	}
	(void) pthread_mutex_lock(&r->lock);
	l->loop = registry_loop(r);
	(void) pthread_mutex_unlock(&r->lock);
	if (!l->loop || !loop_call(l->loop, watch, l) || !l->watch) {
		(void) close(l->fd);
		free(l);
		return -EAGAIN;
	}
	*ret_listener = l;
	return 0;
}

void listener_stop(struct listener *l)
{
	if (!l)
		return;
	(void) loop_call(l->loop, unwatch, l);
	(void) close(l->fd);
	free(l);
}

int capture_listen(struct registry *r, char ret_error[SOURCE_TEXT_SIZE])
{
	const struct capture_conf *d = &r->defaults;
	int err;

	if (!d->remote_enabled || !d->remote_listen)
		return 0;
	err = listener_start(r, d->remote_listen, (uint16_t) d->remote_port, &r->listener);
	if (err < 0)
		(void) snprintf(
			ret_error, SOURCE_TEXT_SIZE,
			"Cannot listen for sensors on %s port %u: %s; remote_capture_port= chooses another port",
			d->remote_listen, d->remote_port, err_text(err));
	else
		log_info("Sensors connect to %s port %u", d->remote_listen, r->listener->port);
	return err;
}

uint16_t capture_port(const struct registry *r)
{
	return r->listener ? r->listener->port : 0;
}
