#include "serve/client.h"

#include "serve/peer.h"
#include "serve/private.h"

#define HALF_CLOSED_NS (SECOND_NS / 5) /* of processor time for a client that may have closed */

/* A client that has sent everything may have shut its half of the connection and wait for the reply: it gets a little
 * processor time before it counts as closed. */
static bool client_is_lost(const void *x)
{
	const struct client *c = x;
	bool patient = c->is_reported || c->budget->left_ns + HALF_CLOSED_NS > c->serve->conf.request_sec * SECOND_NS;

	return atomic_load(&c->serve->stopping) || (patient ? peer_is_deaf(c->fd) : peer_has_closed(c->fd));
}

void budget_for(struct budget *b, struct client *client, const struct request *rq)
{
	*client = (struct client){.serve = rq->serve, .budget = b, .fd = peer_fd(rq->connection)};
	b->vain = client_is_lost;
	b->x = client;
}
