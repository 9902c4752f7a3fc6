/* Which interfaces there are: every program that can list them is asked, one after the other. */
#include "capture/list.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "capture/drivers.h"
#include "capture/helper.h"
#include "capture/link.h"
#include "capture/live.h"
#include "capture/live_program.h"
#include "capture/record.h"
#include "capture/registry.h"
#include "proto/row.h"

struct question {
	struct registry *registry;
	const struct source_driver *driver;
	struct loop *loop;
	const char *path;
	struct source_interface *found;
	uint32_t count, most;
	struct link *link;
	pid_t pid;
	bool asked, done; /* done: under the registry's lock */
};

static void finish(void *ctx)
{
	struct question *q = ctx;

	link_close(TAKE(q->link));
	helper_end(q->loop, q->pid, false);
	q->pid = 0;
	(void) pthread_mutex_lock(&q->registry->lock);
	q->done = true;
	(void) pthread_cond_broadcast(&q->registry->changed);
	(void) pthread_mutex_unlock(&q->registry->lock);
}

/* The source that has the interface open. Under the lock. */
static struct uuid user_of(const struct registry *r, const struct source_interface *i)
{
	for (uint32_t n = 0; n < r->count; n++) {
		const struct source_record *rec = &r->sources[n]->record;

		if (rec->running && !rec->remote && strcmp(rec->driver.type, i->driver.type) == 0 &&
		    (strcmp(rec->interface, i->interface) == 0 || strcmp(rec->capture_interface, i->interface) == 0 ||
		     (i->capture_interface[0] && strcmp(rec->capture_interface, i->capture_interface) == 0)))
			return rec->uuid;
	}
	return (struct uuid){{0}};
}

static bool masked(const struct string_list *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->items[i], name) == 0)
			return true;
	return false;
}

static void take(struct question *q, const struct proto_message *m)
{
	for (uint32_t i = 0; i < m->interfaces.count && q->count < q->most; i++) {
		const struct proto_interface *from = &m->interfaces.items[i];
		const struct capture_conf *d = &q->registry->defaults;
		struct source_interface *to = &q->found[q->count];

		*to = (struct source_interface){.driver = *q->driver};
		proto_copy(from->interface, to->interface, sizeof(to->interface));
		proto_copy(from->capture_interface, to->capture_interface, sizeof(to->capture_interface));
		proto_copy(from->hardware, to->hardware, sizeof(to->hardware));
		proto_copy(m->version, to->version, sizeof(to->version));
		if (masked(&d->masked_interfaces, to->interface))
			continue;
		q->count++;
		(void) pthread_mutex_lock(&q->registry->lock);
		to->in_use = user_of(q->registry, to);
		(void) pthread_mutex_unlock(&q->registry->lock);
	}
}

static void on_message(void *ctx, const struct proto_message *m)
{
	struct question *q = ctx;

	if (m->type == PROTO_PONG && !q->asked) {
		q->asked = true;
		(void) link_send(q->link, &(struct proto_message){.type = PROTO_LIST});
	} else if (m->type == PROTO_LIST_REPORT) {
		take(q, m);
		finish(q);
	}
}

static void on_closed(void *ctx, const char *reason)
{
	(void) reason;
	finish(ctx);
}

static void ask(void *ctx)
{
	static const struct link_calls calls = {on_message, on_closed};
	struct question *q = ctx;

	if (helper_start(q->loop, q->path, &q->link, &q->pid) < 0) {
		finish(q);
		return;
	}
	link_set(q->link, &calls, q);
	link_speak(q->link, PROTO_V2);
	(void) link_send(q->link, &(struct proto_message){.type = PROTO_PING});
}

static void wait_for(struct question *q)
{
	struct registry *r = q->registry;
	struct timespec until;
	bool done;

	(void) clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += LIVE_ANSWER_SEC;
	(void) pthread_mutex_lock(&r->lock);
	while (!q->done && pthread_cond_timedwait(&r->changed, &r->lock, &until) != ETIMEDOUT)
		;
	done = q->done;
	(void) pthread_mutex_unlock(&r->lock);
	if (!done)
		(void) loop_call(q->loop, finish, q);
}

uint32_t capture_list(struct registry *r, struct source_interface *ret_interfaces, uint32_t max)
{
	uint32_t n, count = 0;
	const struct source_driver *all = capture_drivers(&n);

	for (uint32_t i = 0; i < n && !r->stopping; i++) {
		struct question q = {
			.registry = r, .driver = &all[i], .found = ret_interfaces, .count = count, .most = max};
		char path[1024], error[SOURCE_TEXT_SIZE];
		const char *name;

		if (!all[i].list_ipc || masked(&r->defaults.masked_types, all[i].type) ||
		    live_program(r, &all[i], &name, path, sizeof(path), error) < 0)
			continue;
		q.path = path;
		(void) pthread_mutex_lock(&r->lock);
		q.loop = registry_loop(r);
		(void) pthread_mutex_unlock(&r->lock);
		if (!q.loop || !loop_call(q.loop, ask, &q))
			continue;
		wait_for(&q);
		count = q.count;
	}
	return count;
}
