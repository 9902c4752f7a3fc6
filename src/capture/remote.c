/* Sensors that connect by themselves: announced within five seconds, then a source like any other.
 */
#include "capture/remote.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/period.h"
#include "capture/attach.h"
#include "capture/drivers.h"
#include "capture/link.h"
#include "capture/live.h"
#include "capture/new_source.h"
#include "capture/registry.h"
#include "conf/definition.h"
#include "proto/row.h"

#define HANDSHAKE_SEC 5
#define HANDSHAKES_MAX 128       /* connections that have not announced themselves */
#define HANDSHAKES_OF_ADDRESS 64 /* of them, from one address */
#define RIVAL_US 3000000         /* that the sensor which has the uuid is given to show that it lives */
#define RIVAL_CHECK_MS 100
#define REPORTS_A_MINUTE 20 /* sensors that are rejected */

struct handshake {
	struct handshake *next;
	struct registry *registry;
	struct link *link;
	struct loop_timer *timer;
	char address[48];
	bool keyed;            /* it must send the key */
	struct source *source; /* claimed, while the sensor that has it is asked whether it lives */
	uint64_t asked_us;     /* monotonic */
};

static struct handshake *handshakes; /* of all loops, under the lock */
static uint32_t n_handshakes;
static pthread_mutex_t handshakes_lock = PTHREAD_MUTEX_INITIALIZER;

/* Puts it in the list, unless too many are there. */
static bool remember(struct handshake *g)
{
	uint32_t same = 0;
	bool room;

	(void) pthread_mutex_lock(&handshakes_lock);
	for (const struct handshake *o = handshakes; o; o = o->next)
		same += strcmp(o->address, g->address) == 0;
	room = n_handshakes < HANDSHAKES_MAX && same < HANDSHAKES_OF_ADDRESS;
	if (room) {
		g->next = handshakes;
		handshakes = g;
		n_handshakes++;
	}
	(void) pthread_mutex_unlock(&handshakes_lock);
	return room;
}

static void free_handshake(struct handshake *g)
{
	loop_timer_remove(g->timer);
	(void) pthread_mutex_lock(&handshakes_lock);
	for (struct handshake **at = &handshakes; *at; at = &(*at)->next)
		if (*at == g) {
			*at = g->next;
			n_handshakes--;
			break;
		}
	(void) pthread_mutex_unlock(&handshakes_lock);
	if (g->source)
		registry_release(g->source);
	free(g);
}

/* Says so in the log, but not more often than somebody could read. */
static void report_rejected(const char *address, const char *reason)
{
	static uint64_t minute_us;
	static uint32_t reported;
	uint64_t now = clock_monotonic_us();
	bool report;

	(void) pthread_mutex_lock(&handshakes_lock);
	if (minute_us == 0 || now - minute_us > 60 * UINT64_C(1000000)) {
		minute_us = now;
		reported = 0;
	}
	report = ++reported <= REPORTS_A_MINUTE;
	(void) pthread_mutex_unlock(&handshakes_lock);
	if (report)
		log_warning("A sensor at %s is turned away: %.300s", address, reason);
}

/* The sensor gets the reason, too. */
static void reject(struct handshake *g, const char *reason)
{
	report_rejected(g->address, reason);
	(void) link_send(g->link, &(struct proto_message){.type = PROTO_SHUTDOWN, .text = proto_text(reason)});
	link_close(g->link);
	free_handshake(g);
}

/* A source for a sensor that was never here; NULL with a sentence. */
static struct source *make_source(const struct handshake *g, const char *text, const char *type,
				  const struct uuid *uuid, char error[SOURCE_TEXT_SIZE])
{
	struct registry *r = g->registry;
	cleanup_free struct definition *d = xnew(struct definition, 1);
	const struct source_driver *driver = driver_of_type(type);
	char why[DEFINITION_ERROR_SIZE];
	struct source *s;

	if (!driver || !driver->remote_capable) {
		(void) snprintf(error, SOURCE_TEXT_SIZE, "this server has no remote source type '%.64s'", type);
		return NULL;
	}
	if (definition_read(text, d, why) < 0) {
		(void) snprintf(error, SOURCE_TEXT_SIZE, "its definition %s", why);
		return NULL;
	}
	s = registry_source(r, d, text, driver);
	if (!s->live)
		s->live = live_create(s, d);
	s->streams = s->unhurried = false;
	s->record.uuid = *uuid;
	s->record.remote = true;
	s->record.retry = false;
	s->claims = 1;
	(void) snprintf(s->record.remote_ip, sizeof(s->record.remote_ip), "%s", g->address);
	(void) snprintf(s->record.driver.type, sizeof(s->record.driver.type), "%s", driver->type);
	if (registry_enlist(r, s, NULL, error) >= 0)
		return s;
	source_free(s);
	return NULL;
}

/* The source that it was before, claimed; a conflict when the uuid is of something else. */
static struct source *find_source(struct registry *r, const struct uuid *uuid, const char *type, bool *ret_conflict)
{
	struct source *s;

	(void) pthread_mutex_lock(&r->lock);
	s = registry_find(r, uuid);
	*ret_conflict = s && (!s->live || !s->record.remote || strcmp(s->record.driver.type, type) != 0);
	if (*ret_conflict)
		s = NULL;
	else if (s)
		s->claims++;
	(void) pthread_mutex_unlock(&r->lock);
	return s;
}

/* In a time that does not depend on where they differ. */
static bool same_key(struct span sent, const char *key)
{
	size_t n = strlen(key);
	unsigned differ = sent.left != n;

	for (size_t i = 0; i < sent.left; i++)
		differ |= (unsigned) (sent.p[i] ^ (uint8_t) key[i % n]);
	return differ == 0;
}

/* Why it may not come in: a sentence, or NULL. */
static const char *refused(const struct handshake *g, const struct proto_message *m)
{
	const char *key = g->registry->defaults.remote_key;

	if (!g->keyed || !key || !*key)
		return NULL;
	if (m->key.left == 0)
		return "it sends no key, and this server asks for one (remote_capture_key=): give it --key-file=FILE, "
		       "or "
		       "let it connect by websocket with a login";
	return same_key(m->key, key) ? NULL : "its key is not that of this server (remote_capture_key=)";
}

/* The link becomes the source's, and so does the claim. */
static void attach(struct handshake *g)
{
	struct source *s = TAKE(g->source);

	log_info("The sensor at %s has connected and feeds source '%.128s'", g->address, s->record.name);
	live_attach(s, g->link, g->address);
	free_handshake(g);
}

static void reject_twin(struct handshake *g)
{
	struct source *s = g->source;
	struct registry *r = g->registry;
	char text[SOURCE_TEXT_SIZE];

	(void) pthread_mutex_lock(&r->lock);
	(void) snprintf(
		s->record.warning, SOURCE_TEXT_SIZE,
		"A second sensor with the same uuid, at %.48s, is turned away: give each sensor a uuid= of its own",
		g->address);
	(void) snprintf(text, sizeof(text),
			"the sensor '%.128s' at %.48s has the same uuid and is connected: give each sensor a uuid= of "
			"its own in "
			"its definition",
			s->record.name, s->record.remote_ip);
	(void) pthread_mutex_unlock(&r->lock);
	reject(g, text);
}

/* A sensor that broke off silently is replaced when it connects again; one that still answers stays. */
static void check_rival(void *ctx)
{
	struct handshake *g = ctx;
	struct source *s = g->source;
	bool linked;

	(void) pthread_mutex_lock(&g->registry->lock);
	linked = s->linked;
	(void) pthread_mutex_unlock(&g->registry->lock);
	if (!linked || clock_monotonic_us() - g->asked_us > RIVAL_US)
		attach(g);
	else if (s->live->seen_us > g->asked_us)
		reject_twin(g);
}

static void announced(struct handshake *g, const struct proto_message *m)
{
	char definition[2048], type[32], error[SOURCE_TEXT_SIZE] = "its uuid cannot be read";
	const char *why = refused(g, m);
	struct uuid uuid;
	bool conflict = false, linked;

	if (why || g->source) {
		reject(g, why ? why : "it announces itself twice");
		return;
	}
	proto_copy(m->definition, definition, sizeof(definition));
	proto_copy(m->source_type, type, sizeof(type));
	if (m->definition.left < sizeof(definition) && uuid_parse((const char *) m->uuid.p, m->uuid.left, &uuid) >= 0) {
		g->source = find_source(g->registry, &uuid, type, &conflict);
		if (!g->source && !conflict)
			g->source = make_source(g, definition, type, &uuid, error);
	}
	if (!g->source) {
		reject(g, conflict ? "another kind of source has its uuid" : error);
		return;
	}
	if (g->source->stop) {
		reject(g, "its source was closed here; open it again on the server");
		return;
	}
	(void) pthread_mutex_lock(&g->registry->lock);
	linked = g->source->linked;
	(void) pthread_mutex_unlock(&g->registry->lock);
	if (!linked) {
		attach(g);
		return;
	}
	g->asked_us = clock_monotonic_us();
	live_ask(g->source);
	loop_timer_remove(g->timer);
	g->timer = loop_timer_add(link_loop(g->link), RIVAL_CHECK_MS, RIVAL_CHECK_MS, check_rival, g);
}

static void on_message(void *ctx, const struct proto_message *m)
{
	struct handshake *g = ctx;

	if (m->type == PROTO_NEW_SOURCE)
		announced(g, m);
	else if (m->type == PROTO_PING)
		(void) link_send(g->link, &(struct proto_message){.type = PROTO_PONG, .request = m->seqno});
}

static void on_closed(void *ctx, const char *reason)
{
	reject(ctx, reason);
}

static void on_timeout(void *ctx)
{
	reject(ctx, "it did not announce itself within " TEXT_OF(HANDSHAKE_SEC) " seconds");
}

void capture_accept(struct registry *r, struct link *link, const char *address, bool keyed)
{
	static const struct link_calls calls = {on_message, on_closed};
	struct handshake *g = xnew(struct handshake, 1);

	g->registry = r;
	g->link = link;
	g->keyed = keyed;
	(void) snprintf(g->address, sizeof(g->address), "%s", address);
	if (!remember(g)) {
		report_rejected(address, "too many connections wait for their sensor to announce itself");
		link_close(link);
		free(g);
		return;
	}
	g->timer = loop_timer_add(link_loop(link), 1000 * HANDSHAKE_SEC, 0, on_timeout, g);
	link_set(link, &calls, g);
}
