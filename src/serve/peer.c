#include "serve/peer.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#define PROBE_AFTER_SEC 10
#define PROBE_EVERY_SEC 5

int peer_fd(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *i = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);

	return i ? i->connect_fd : -1;
}

static void set(int fd, int level, int option, int value)
{
	(void) setsockopt(fd, level, option, &value, sizeof(value)); /* a Unix socket has none of these */
}

void peer_watch(int fd)
{
	set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	set(fd, IPPROTO_TCP, TCP_KEEPIDLE, PROBE_AFTER_SEC);
	set(fd, IPPROTO_TCP, TCP_KEEPINTVL, PROBE_EVERY_SEC);
	set(fd, IPPROTO_TCP, TCP_KEEPCNT, (PEER_TIMEOUT_SEC - PROBE_AFTER_SEC) / PROBE_EVERY_SEC);
	set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, PEER_TIMEOUT_SEC * 1000);
}

static bool has(int fd, short asked, short which)
{
	struct pollfd p = {.fd = fd, .events = asked};

	return fd >= 0 && poll(&p, 1, 0) > 0 && (p.revents & which);
}

bool peer_is_deaf(int fd)
{
	return has(fd, 0, POLLHUP | POLLERR | POLLNVAL);
}

bool peer_has_closed(int fd)
{
	return has(fd, POLLRDHUP, POLLRDHUP | POLLHUP | POLLERR | POLLNVAL);
}
