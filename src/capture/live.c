/* A source's life with its capture program: started, asked for its version, probed, opened,
 * listened to, and ended; tried again by the registry's clock. */
#include "capture/live.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "capture/doubt.h"
#include "capture/drivers.h"
#include "capture/helper.h"
#include "capture/link.h"
#include "capture/live_message.h"
#include "capture/live_program.h"
#include "capture/packets.h"
#include "capture/registry.h"
#include "capture/source_state.h"
#include "capture/trailer.h"
#include "capture/tune.h"
#include "capture/wifi_options.h"
#include "conf/definition.h"

#define SECOND UINT64_C(1000000)

static char *option(const struct definition *d, const char *name)
{
	const char *value = definition_get(d, name);

	return value ? xstrdup(value) : NULL;
}

struct live *live_create(struct source *s, const struct definition *d)
{
	struct live *l = xnew(struct live, 1);

	l->source = s;
	l->typed = s->record.driver.type[0];
	l->fixed_uuid = definition_get(d, "uuid");
	l->timestamp = definition_yes(d, "timestamp", s->registry->defaults.remote_timestamp);
	tune_defaults(&s->record, d, &s->registry->defaults);
	l->add_channels = option(d, "add_channels");
	l->block_channels = option(d, "block_channels");
	l->channel = option(d, "channel");
	l->channels = option(d, "channels");
	return l;
}

void live_destroy(struct live *l)
{
	if (!l)
		return;
	free(l->add_channels);
	free(l->block_channels);
	free(l->channel);
	free(l->channels);
	trailers_finish(&l->trailers);
	free(l);
}

void live_set_phase(struct live *l, enum live_phase phase)
{
	l->phase = phase;
	l->since_us = clock_monotonic_us();
}

/* Nothing feeds it. A websocket's loop may end before the sources do: nothing stays on it. */
static void leave_loop(struct live *l)
{
	struct registry *r = l->source->registry;
	bool ours = false;

	(void) pthread_mutex_lock(&r->lock);
	l->source->linked = false;
	for (uint32_t i = 0; i < CAPTURE_LOOPS; i++)
		ours |= r->loops[i] == l->loop;
	if (!ours)
		l->loop = NULL;
	(void) pthread_mutex_unlock(&r->lock);
}

/* What is not understood is said at the end, too. */
static void doubt_at_end(struct live *l)
{
	char text[SOURCE_TEXT_SIZE];

	if (doubt_text(&l->doubt, true, text, sizeof(text)))
		source_warn(l->source, text);
	l->doubt = (struct doubt){0};
}

/* What all endings have in common. */
static void drop(struct live *l)
{
	struct source *s = l->source;

	packets_publish(l);
	doubt_at_end(l);
	loop_timer_remove(TAKE(l->timer));
	link_close(TAKE(l->link));
	helper_end(l->loop, l->pid, s->registry->stopping);
	l->pid = 0;
	l->phase = LIVE_IDLE;
	l->leaving = false;
	if (l->known)
		s->registry->sink.close(s->registry->sink.ctx, (uint16_t) s->record.number);
	l->known = false;
	tune_refused(l, "the source has ended");
	leave_loop(l);
}

void live_fail(struct live *l, const char *reason)
{
	struct source *s = l->source;
	struct registry *r = s->registry;
	char text[SOURCE_TEXT_SIZE], name[SOURCE_TEXT_SIZE];
	uint32_t retry_sec;
	bool first;

	(void) snprintf(text, sizeof(text), "%s", reason);
	drop(l);
	log_write(LOG_LEVEL_ERROR, "Source '%.128s' failed: %.300s", s->record.name, text);
	(void) pthread_mutex_lock(&r->lock);
	s->record.pid = -1;
	first = s->record.retry_attempts == 0;
	s->failed = true;
	retry_sec = source_fail(s, text);
	(void) snprintf(name, sizeof(name), "%s", s->record.name);
	(void) pthread_mutex_unlock(&r->lock);
	if (first && !s->on_trial)
		r->sink.failed(r->sink.ctx, name, text, retry_sec);
}

/* A sensor that reads a file has read it. */
static void finish(struct live *l, const char *reason)
{
	struct source *s = l->source;
	struct registry *r = s->registry;

	drop(l);
	(void) pthread_mutex_lock(&r->lock);
	s->record.state = SOURCE_DONE;
	s->record.running = s->record.error = false;
	s->record.error_reason[0] = '\0';
	(void) pthread_cond_broadcast(&r->changed);
	(void) pthread_mutex_unlock(&r->lock);
	log_info("Source '%.128s' was read to its end: %.300s", s->record.name, reason);
}

/* The other side has closed, on purpose or not. */
void live_lose(struct live *l, const char *reason)
{
	const struct source_record *rec = &l->source->record;
	bool file = strcmp(rec->driver.type, "pcapfile") == 0 || strcmp(rec->driver.type, "kismetdb") == 0;

	if (file && rec->remote && l->phase == LIVE_RUNNING && l->doubt.packets)
		finish(l, reason);
	else
		live_fail(l, reason);
}

void live_request(struct live *l, uint32_t type, enum live_phase phase)
{
	char definition[DEFINITION_SIZE_MAX];
	struct proto_message m = {.type = type};

	source_definition(l->source, definition, sizeof(definition));
	m.definition = proto_text(definition);

	live_set_phase(l, phase);
	if (link_send(l->link, &m) < 0)
		live_fail(l, "the capture program does not take the request");
}

static void end(void *ctx);

static void on_closed(void *ctx, const char *reason)
{
	struct live *l = ctx;

	if (l->leaving)
		end(l);
	else
		live_lose(l, reason);
}

static const struct link_calls calls = {live_message, on_closed};

/* Every second. */
static void on_second(void *ctx)
{
	struct live *l = ctx;
	uint64_t now = clock_monotonic_us();
	uint64_t patience = l->phase == LIVE_HELLO ? LIVE_HELLO_SEC : LIVE_ANSWER_SEC;

	packets_publish(l);
	if (l->phase != LIVE_RUNNING) {
		if (now - l->since_us > patience * SECOND)
			live_fail(l, l->phase == LIVE_HELLO ? "the capture program does not say its version"
							    : "the capture program does not answer");
		return;
	}
	packets_doubt(l, now);
	patience = l->source->record.remote ? LIVE_SILENT_SEC : LIVE_STUCK_SEC;
	if (now - l->seen_us > patience * SECOND) {
		live_fail(l, "the capture program or sensor did not answer a ping");
		return;
	}
	if (now - l->pinged_us >= LIVE_PING_SEC * SECOND) {
		l->pinged_us = now;
		(void) link_send(l->link, &(struct proto_message){.type = PROTO_PING});
	}
}

static void start_program(struct live *l, const char *path)
{
	int r = helper_start(l->loop, path, &l->link, &l->pid);
	char text[SOURCE_TEXT_SIZE];

	if (r < 0) {
		(void) snprintf(text, sizeof(text), "Cannot start '%.200s': %s", path, err_text(r));
		live_fail(l, text);
		return;
	}
	log_debug("Source '%.128s': '%s' was started as process %d", l->source->record.name, path, (int) l->pid);
	link_set(l->link, &calls, l);
	if (!l->timer)
		l->timer = loop_timer_add(l->loop, 1000, 1000, on_second, l);
	live_set_phase(l, LIVE_HELLO);
	link_speak(l->link, PROTO_V2); /* whose answer shows which version the program speaks */
	(void) link_send(l->link, &(struct proto_message){.type = PROTO_PING});
}

/* Starts the next program that could know the interface. */
void live_try_next(struct live *l)
{
	uint32_t n;
	const struct source_driver *all = capture_drivers(&n), *driver = &l->source->record.driver;
	char path[1024], error[SOURCE_TEXT_SIZE];

	if (driver->type[0]) {
		if (live_program(l->source->registry, driver, &l->binary, path, sizeof(path), error) < 0)
			live_fail(l, error);
		else
			start_program(l, path);
		return;
	}
	for (; l->candidate < n; l->candidate++)
		if (all[l->candidate].probe_ipc &&
		    live_program(l->source->registry, &all[l->candidate], &l->binary, path, sizeof(path), error) >= 0) {
			start_program(l, path);
			return;
		}
	live_fail(l, "no capture program knows that interface");
}

static void begin(void *ctx)
{
	struct live *l = ctx;

	if (l->phase != LIVE_IDLE || l->source->stop)
		return;
	l->candidate = 0;
	if (!l->typed)
		l->source->record.driver = (struct source_driver){0};
	live_try_next(l);
}

/* The loop of a source that has none yet. */
static struct loop *loop_of(struct live *l)
{
	struct registry *r = l->source->registry;
	struct loop *loop;

	(void) pthread_mutex_lock(&r->lock);
	if (!l->loop && !r->stopping)
		l->loop = registry_loop(r);
	loop = l->loop;
	(void) pthread_mutex_unlock(&r->lock);
	return loop;
}

static void ask(void *ctx)
{
	struct live *l = ctx;

	if (l->phase != LIVE_IDLE && l->link)
		(void) link_send(l->link, &(struct proto_message){.type = PROTO_PING});
}

void live_ask(struct source *s)
{
	struct loop *loop;

	(void) pthread_mutex_lock(&s->registry->lock);
	loop = s->live->loop;
	if (loop)
		(void) loop_post(loop, ask, s->live);
	(void) pthread_mutex_unlock(&s->registry->lock);
}

struct call {
	struct live *live;
	loop_fn fn;
	void *ctx;
	bool done;
};

static void run_call(void *ctx)
{
	struct call *c = ctx;

	if (c->live->loop && loop_here(c->live->loop)) { /* it has not moved in the meantime */
		c->fn(c->ctx);
		c->done = true;
	}
}

void live_call(struct source *s, loop_fn fn, void *ctx)
{
	struct call c = {s->live, fn, ctx, false};

	for (int i = 0; !c.done && i < 8; i++) {
		struct loop *loop = loop_of(s->live);

		if (!loop || !loop_call(loop, run_call, &c))
			return;
	}
}

int live_open(struct source *s, uint32_t wait_sec)
{
	struct registry *r = s->registry;
	struct timespec until;
	int err;

	(void) pthread_mutex_lock(&r->lock);
	s->retry_us = 0;
	s->record.state = SOURCE_PENDING;
	(void) pthread_mutex_unlock(&r->lock);
	if (s->record.remote)
		return 0; /* it comes back by itself */
	live_call(s, begin, s->live);
	(void) clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += wait_sec;
	(void) pthread_mutex_lock(&r->lock);
	while (wait_sec && s->record.state == SOURCE_PENDING && !r->stopping &&
	       pthread_cond_timedwait(&r->changed, &r->lock, &until) == 0)
		;
	err = s->record.state == SOURCE_ERROR ? ERR_UNSUPPORTED : 0;
	(void) pthread_mutex_unlock(&r->lock);
	return err;
}

void live_open_at(struct source *s, uint64_t us)
{
	(void) pthread_mutex_lock(&s->registry->lock);
	s->record.state = SOURCE_PENDING;
	s->retry_us = us;
	(void) pthread_mutex_unlock(&s->registry->lock);
}

void live_explain(const struct source *s, char error[SOURCE_TEXT_SIZE])
{
	(void) snprintf(error, SOURCE_TEXT_SIZE, "'%.128s': %.300s; %s", s->record.interface,
			s->record.error_reason[0] ? s->record.error_reason : "It does not open in time",
			s->record.retry ? "it is tried again" : "it is not tried again");
}

static void end(void *ctx)
{
	struct live *l = ctx;

	if (l->phase == LIVE_IDLE)
		return;
	drop(l);
	(void) pthread_mutex_lock(&l->source->registry->lock);
	l->source->record.pid = -1;
	l->source->record.state = SOURCE_CLOSED;
	l->source->record.running = false;
	(void) pthread_cond_broadcast(&l->source->registry->changed);
	(void) pthread_mutex_unlock(&l->source->registry->lock);
}

static void dismiss(void *ctx)
{
	struct live *l = ctx;

	if (l->phase != LIVE_RUNNING || !l->source->record.remote)
		return;
	l->leaving = link_send(l->link, &(struct proto_message){.type = PROTO_CLOSE}) >= 0;
}

void live_dismiss(struct source *s)
{
	if (s->live->loop)
		live_call(s, dismiss, s->live);
}

void live_stop(struct source *s)
{
	if (s->live->loop)
		live_call(s, end, s->live);
}

void live_talk(struct live *l, struct link *link)
{
	l->link = link;
	l->pid = 0;
	link_set(l->link, &calls, l);
	l->timer = loop_timer_add(l->loop, 1000, 1000, on_second, l);
	live_request(l, PROTO_OPEN, LIVE_OPENING);
}
