#include "serve/handle.h"

#include <stddef.h>

#include "base/limit.h"
#include "base/log.h"
#include "serve/access.h"
#include "serve/argument.h"
#include "serve/login.h"
#include "serve/private.h"
#include "serve/reply.h"
#include "serve/reply_stream.h"
#include "serve/request.h"
#include "serve/route.h"
#include "serve/send.h"
#include "serve/websocket_upgrade.h"
#include "serve/work.h"

static const char *refusal_text(const struct request *rq, unsigned status)
{
	if (rq->sentence)
		return rq->sentence;
	return status == 405 ? "This endpoint does not take that method." : "There is no such endpoint.";
}

static void audit(const struct request *rq)
{
	const char *about = rq->reply.about;

	log_info("Command by '%s' from %s: %s%s%s%s, status %u", *rq->name ? rq->name : "anybody", rq->address,
		 rq->path, *about ? " of '" : "", about, *about ? "'" : "", rq->reply.status);
}

/* All work of a request but sending; the pool's thread or a work thread. */
static void handle(struct request *rq)
{
	const struct route *route = rq->match.route;
	unsigned refused;

	rq->handled = true;
	if (atomic_load(&rq->serve->stopping)) {
		reply_error(&rq->reply, 503, "The server is stopping.");
		return;
	}
	if (!route) {
		reply_error(&rq->reply, rq->match.status, "%s", refusal_text(rq, rq->match.status));
		return;
	}
	refused = access_refuse(rq);
	if (!refused && !rq->fault)
		request_read_body(rq);
	if (!refused)
		refused = rq->fault;
	if (!refused)
		refused = arguments_refuse(rq);
	if (!refused && (route->flags & ROUTE_WEBSOCKET))
		refused = websocket_refuse(rq);
	if (refused) {
		reply_error(&rq->reply, refused, "%s", rq->sentence);
		return;
	}
	budget_enter(&rq->budget);
	route->handle(rq, &rq->reply);
	reply_make(rq);
	budget_leave();
	if (route->flags & ROUTE_COMMAND)
		audit(rq);
	if (rq->reply.source && rq->reply.source->ready && limit_full(LIMIT_STREAMS, atomic_load(&rq->serve->streams)))
		reply_error(&rq->reply, 429,
			    "The limit of %u streams is reached; close one, or raise norn_max_streams.",
			    (unsigned) limit_of(LIMIT_STREAMS));
}

static struct request *request_of(struct work_item *item)
{
	return (struct request *) (void *) ((char *) item - offsetof(struct request, item));
}

void handle_here(struct request *rq)
{
	handle(rq);
	reply_zip(rq);
}

static void run_handler(struct work_item *item)
{
	struct request *rq = request_of(item);

	handle_here(rq);
	MHD_resume_connection(rq->connection);
}

/* The connection is suspended. */
static void add_work(struct request *rq, struct work *to, void (*run)(struct work_item *item))
{
	rq->item.run = run;
	if (work_add(to, &rq->item, false))
		return;
	rq->handled = true;
	reply_error(&rq->reply, 503, "The server is too busy; try again later.");
	MHD_resume_connection(rq->connection);
}

static void run_proof(struct work_item *item)
{
	struct request *rq = request_of(item);

	access_prove(rq);
	if (rq->match.route->flags & ROUTE_WORK)
		run_handler(item);
	else
		add_work(rq, rq->serve->walks, run_handler);
}

/* Handlers that may wait or list records run elsewhere, so that the pool's threads stay free. */
static bool takes_long(struct request *rq)
{
	const struct route *r = rq->match.route;

	return (r->flags & ROUTE_WORK) || r->shape == SHAPE_LIST || r->shape == SHAPE_PAGE ||
	       r->shape == SHAPE_OBJECT || r->shape == SHAPE_WRAPPED ||
	       (r->long_with && request_text(rq, r->long_with));
}

bool handle_elsewhere(struct request *rq)
{
	const struct route *r = rq->match.route;
	bool unproven = r && !rq->handled && access_identify(rq) == LOGIN_UNPROVEN;

	if (rq->handled || !r || (!unproven && !takes_long(rq)))
		return false;
	MHD_suspend_connection(rq->connection);
	add_work(rq, unproven || (r->flags & ROUTE_COMMAND) ? rq->serve->work : rq->serve->walks,
		 unproven ? run_proof : run_handler);
	return true;
}
