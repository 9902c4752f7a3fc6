/* A sensor has connected: its link goes to its source, on the loop of the connection. */
#include "capture/attach.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "capture/link.h"
#include "capture/live.h"
#include "capture/registry.h"

/* A sensor's way to the loop of its connection. */
struct handover {
	struct live *live;
	struct link *link;
	struct loop *loop;
	char address[48];
	bool closed;
};

static void parked_message(void *ctx, const struct proto_message *m)
{
	(void) ctx;
	(void) m;
}

static void parked_closed(void *ctx, const char *reason)
{
	struct handover *h = ctx;

	(void) reason;
	h->closed = true;
}

static void take_over(void *ctx)
{
	struct handover *h = ctx;
	struct live *l = h->live;
	struct source *s = l->source;

	if (h->closed || s->stop || l->phase != LIVE_IDLE || l->loop != h->loop) {
		link_close(h->link);
		registry_release(s);
		free(h);
		return;
	}
	(void) pthread_mutex_lock(&s->registry->lock);
	s->record.state = SOURCE_PENDING;
	s->linked = true;
	s->claims--;
	(void) snprintf(s->record.remote_ip, sizeof(s->record.remote_ip), "%s", h->address);
	(void) pthread_mutex_unlock(&s->registry->lock);
	live_talk(l, h->link);
	free(h);
}

/* On the loop where the source was: it ends there and moves. */
static void let_go(void *ctx)
{
	struct handover *h = ctx;
	struct live *l = h->live;

	if (l->loop && !loop_here(l->loop)) { /* moved again meanwhile; this sensor has to come back */
		h->closed = true;
	} else {
		if (l->phase != LIVE_IDLE)
			live_fail(l, "the sensor has connected again; its old connection is closed");
		(void) pthread_mutex_lock(&l->source->registry->lock);
		l->loop = h->loop;
		(void) pthread_mutex_unlock(&l->source->registry->lock);
	}
	if (loop_here(h->loop)) {
		take_over(h);
	} else if (!loop_post(h->loop, take_over, h)) {
		registry_release(l->source);
		free(h);
	}
}

void live_attach(struct source *s, struct link *link, const char *address)
{
	static const struct link_calls parked = {parked_message, parked_closed};
	struct handover *h = xnew(struct handover, 1);
	struct loop *now;

	h->live = s->live;
	h->link = link;
	h->loop = link_loop(link);
	(void) snprintf(h->address, sizeof(h->address), "%s", address);
	link_set(link, &parked, h);
	(void) pthread_mutex_lock(&s->registry->lock);
	now = s->live->loop;
	(void) pthread_mutex_unlock(&s->registry->lock);
	if (!now || now == h->loop) {
		let_go(h);
	} else if (!loop_post(now, let_go, h)) {
		link_close(link);
		registry_release(s);
		free(h);
	}
}
