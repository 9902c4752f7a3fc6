#include "serve/connection.h"

#include <sys/socket.h>

#include "base/descriptors.h"
#include "serve/address.h"
#include "serve/peer.h"
#include "serve/private.h"
#include "serve/proxy.h"
#include "serve/request_timer.h"

/* Whether connections are counted by address: not those of a trusted proxy, which has many clients. */
static bool may_connect(struct serve *s, const struct sockaddr *peer, unsigned times)
{
	char text[64];

	if (addresses_may(s->addresses, peer, times))
		return true;
	address_format(peer, text, sizeof(text));
	return proxies_trust(&s->proxies, text);
}

struct request_timer *connection_timer(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *i = MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return i ? i->socket_context : NULL;
}

static const struct sockaddr *peer_of(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *i = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	return i ? i->client_addr : NULL;
}

/* What is remembered of a connection; only of plain TCP, as a reply to others is impossible before they ask. */
static struct request_timer *find_or_add(struct serve *s, struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *fd = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
	const struct sockaddr *peer = peer_of(c);
	struct request_timer *l;

	if (!fd || !peer || peer->sa_family == AF_UNIX || s->conf.tls)
		return NULL;
	l = request_timer_begin(s->request_timers, fd->connect_fd);
	l->refused = !may_connect(s, peer, 1);
	return l;
}

void connection_change(void *ctx, struct MHD_Connection *c, void **state, enum MHD_ConnectionNotificationCode code)
{
	struct serve *s = ctx;
	bool begins = code == MHD_CONNECTION_NOTIFY_STARTED;

	if (begins)
		peer_watch(peer_fd(c));
	if (begins)
		*state = find_or_add(s, c);
	else
		request_timer_end(s->request_timers, *state);
	addresses_change(s->addresses, peer_of(c), begins ? 1 : -1);
	descriptors_connection(begins ? 1 : -1);
	(void) atomic_fetch_add(&s->open_connections, begins ? 1 : (uint32_t) -1);
	if (begins)
		(void) atomic_fetch_add(&s->connections, 1);
}

enum MHD_Result connection_accept(void *ctx, const struct sockaddr *address, socklen_t size)
{
	struct serve *s = ctx;

	(void) size;
	if (may_connect(s, address, s->conf.tls ? 1 : 2)) /* connections above the limit get a reply that says why */
		return MHD_YES;
	(void) atomic_fetch_add(&s->refused, 1);
	return MHD_NO;
}
