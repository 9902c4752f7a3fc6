/* Sensors that connect by themselves: announced within five seconds, then a source like any other.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/period.h"
#include "capture/live.h"

#define GREETING_SEC 5
#define GREETINGS_MAX 128 /* connections that have not announced themselves */

struct greeting {
	struct registry *registry;
	struct link *link;
	struct loop_timer *timer;
	char address[48];
};

static _Atomic uint32_t greetings;

static void forget(struct greeting *g)
{
	loop_timer_remove(g->timer);
	free(g);
	greetings--;
}

static void turn_away(struct greeting *g, const char *reason)
{
	log_warning("A sensor at %s is turned away: %.300s", g->address, reason);
	link_close(g->link);
	forget(g);
}

/* A source for a sensor that was never here; NULL with a sentence. */
static struct source *make_source(struct registry *r, const char *text, const char *type, const struct uuid *uuid,
				  char error[SOURCE_TEXT_SIZE])
{
	cleanup_free struct definition *d = xnew(struct definition, 1);
	const struct source_driver *driver = driver_of_type(type);
	struct source *s;

	if (!driver || !driver->remote_capable) {
		(void) snprintf(error, SOURCE_TEXT_SIZE, "there is no source type '%.64s'", type);
		return NULL;
	}
	if (definition_parse(text, d) < 0) {
		(void) snprintf(error, SOURCE_TEXT_SIZE, "its definition cannot be read");
		return NULL;
	}
	s = registry_source(r, d, text, driver);
	if (!s->live)
		s->live = live_create(s, d);
	s->streams = false;
	s->record.uuid = *uuid;
	s->record.remote = true;
	s->record.retry = false;
	(void) snprintf(s->record.driver.type, sizeof(s->record.driver.type), "%s", driver->type);
	if (registry_enlist(r, s, NULL, error) >= 0)
		return s;
	source_free(s);
	return NULL;
}

static struct source *find_source(struct registry *r, const struct uuid *uuid, const char *type, bool *ret_conflict)
{
	struct source *s;

	(void) pthread_mutex_lock(&r->lock);
	s = registry_find(r, uuid);
	*ret_conflict = s && (!s->live || !s->record.remote || strcmp(s->record.driver.type, type) != 0);
	(void) pthread_mutex_unlock(&r->lock);
	return s;
}

static void announced(struct greeting *g, const struct proto_message *m)
{
	char definition[2048], type[32], error[SOURCE_TEXT_SIZE] = "its uuid cannot be read";
	struct source *s = NULL;
	struct uuid uuid;
	bool conflict = false;

	proto_copy(m->definition, definition, sizeof(definition));
	proto_copy(m->source_type, type, sizeof(type));
	if (m->definition.left < sizeof(definition) && uuid_parse((const char *) m->uuid.p, m->uuid.left, &uuid) >= 0) {
		s = find_source(g->registry, &uuid, type, &conflict);
		if (!s)
			s = make_source(g->registry, definition, type, &uuid, error);
	}
	if (conflict || !s) {
		turn_away(g, conflict ? "another kind of source has its uuid" : error);
		return;
	}
	if (s->stop) {
		turn_away(g, "its source was closed here, and waits to be opened");
		return;
	}
	log_info("A sensor at %s brings the source '%.128s'", g->address, s->record.name);
	live_adopt(s, g->link, g->address);
	forget(g);
}

static void on_message(void *ctx, const struct proto_message *m)
{
	struct greeting *g = ctx;

	if (m->type == PROTO_NEW_SOURCE)
		announced(g, m);
	else if (m->type == PROTO_PING)
		(void) link_send(g->link, &(struct proto_message){.type = PROTO_PONG, .request = m->seqno});
}

static void on_closed(void *ctx, const char *reason)
{
	turn_away(ctx, reason);
}

static void on_timeout(void *ctx)
{
	turn_away(ctx, "it did not announce itself within " TEXT_OF(GREETING_SEC) " seconds");
}

void capture_greet(struct registry *r, struct link *link, const char *address)
{
	static const struct link_calls calls = {on_message, on_closed};
	struct greeting *g;

	if (greetings >= GREETINGS_MAX) {
		log_warning("A sensor at %s is turned away: too many wait to announce themselves", address);
		link_close(link);
		return;
	}
	greetings++;
	g = xnew(struct greeting, 1);
	g->registry = r;
	g->link = link;
	(void) snprintf(g->address, sizeof(g->address), "%s", address);
	g->timer = loop_timer_add(link_loop(link), 1000 * GREETING_SEC, 0, on_timeout, g);
	link_set(link, &calls, g);
}
