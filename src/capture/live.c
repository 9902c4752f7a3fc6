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
#include "base/netdev.h"
#include "capture/helper.h"
#include "capture/packets.h"
#include "proto/row.h"

#define SECOND UINT64_C(1000000)

static void try_candidate(struct live *l);

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

int live_program(const struct registry *r, const struct source_driver *driver, const char **ret_name, char *path,
		 size_t size, char error[SOURCE_TEXT_SIZE])
{
	const struct driver_helper *h = driver_helper_of(driver);
	const struct helper_paths paths = capture_helper_paths(&r->defaults);
	int err = ERR_NOT_FOUND;

	if (!h) {
		(void) snprintf(error, SOURCE_TEXT_SIZE,
				"Sources of type '%s' have no capture program on this machine; norn doctor shows what "
				"is missing",
				driver->type);
		return ERR_UNSUPPORTED;
	}
	for (size_t i = ARRAY_SIZE(h->names); i-- > 0;) {
		char reason[SOURCE_TEXT_SIZE], found[1024];
		int e = h->names[i] ? helper_find(&paths, h->names[i], found, sizeof(found), reason, sizeof(reason))
				    : ERR_NOT_FOUND;

		if (h->names[i] && (e >= 0 || err < 0))
			(void) snprintf(error, SOURCE_TEXT_SIZE, "%s", reason);
		if (e >= 0) {
			(void) snprintf(path, size, "%s", found);
			*ret_name = h->names[i];
		}
		if (e >= 0 || err < 0)
			err = e;
	}
	return err;
}

/* Programs for interfaces that Linux does not list may be there, which alone know them. */
static bool others_could_know(const struct registry *r)
{
	char path[1024], error[SOURCE_TEXT_SIZE];
	const char *name;
	uint32_t n;
	const struct source_driver *all = capture_drivers(&n);

	for (uint32_t i = 0; i < n; i++)
		if (all[i].probe_ipc && strcmp(all[i].type, "linuxwifi") != 0 &&
		    live_program(r, &all[i], &name, path, sizeof(path), error) >= 0)
			return true;
	return false;
}

/* Whether that is a Wi-Fi interface of this machine; negative with a sentence. */
static int check_wifi(const char *interface, char error[SOURCE_TEXT_SIZE])
{
	char path[SOURCE_TEXT_SIZE];

	(void) snprintf(path, sizeof(path), "/sys/class/net/%.64s", interface);
	if (strchr(interface, '/') || access(path, F_OK) != 0) {
		(void) snprintf(path, sizeof(path), "/sys/class/ieee80211/%.64s", interface);
		if (access(path, F_OK) == 0)
			return 0;
		(void) snprintf(error, SOURCE_TEXT_SIZE,
				"There is no interface '%.64s' on this machine, no such file, and no capture program "
				"that knows it",
				interface);
		return ERR_NOT_FOUND;
	}
	(void) snprintf(path, sizeof(path), "/sys/class/net/%.64s/phy80211", interface);
	if (access(path, F_OK) == 0 || netdev_delivers_80211(interface))
		return 0;
	(void) snprintf(error, SOURCE_TEXT_SIZE, "'%.64s' is not a Wi-Fi interface, and no capture program knows it",
			interface);
	return ERR_UNSUPPORTED;
}

int live_check(const struct registry *r, const char *interface, const struct source_driver *driver,
	       char error[SOURCE_TEXT_SIZE])
{
	char path[1024];
	const char *name;
	int err = 0;

	if (driver)
		err = live_program(r, driver, &name, path, sizeof(path), error);
	if (err < 0 || (driver && strcmp(driver->type, "linuxwifi") != 0) || (!driver && others_could_know(r)))
		return err;
	err = check_wifi(interface, error);
	if (err >= 0 && !driver)
		err = live_program(r, driver_of_type("linuxwifi"), &name, path, sizeof(path), error);
	return err;
}

static void set_phase(struct live *l, enum live_phase phase)
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
static void lose(struct live *l, const char *reason)
{
	const struct source_record *rec = &l->source->record;
	bool file = strcmp(rec->driver.type, "pcapfile") == 0 || strcmp(rec->driver.type, "kismetdb") == 0;

	if (file && rec->remote && l->phase == LIVE_RUNNING && l->doubt.packets)
		finish(l, reason);
	else
		live_fail(l, reason);
}

static void request(struct live *l, uint32_t type, enum live_phase phase)
{
	char definition[DEFINITION_SIZE_MAX];
	struct proto_message m = {.type = type};

	source_definition(l->source, definition, sizeof(definition));
	m.definition = proto_text(definition);

	set_phase(l, phase);
	if (link_send(l->link, &m) < 0)
		live_fail(l, "the capture program does not take the request");
}

static void on_pong(struct live *l)
{
	if (l->phase == LIVE_HELLO && l->source->record.driver.type[0])
		request(l, PROTO_OPEN, LIVE_OPENING);
	else if (l->phase == LIVE_HELLO)
		request(l, PROTO_PROBE, LIVE_PROBING);
}

/* Under the lock. */
static void fill_record(struct live *l, const struct proto_message *m)
{
	struct source_record *rec = &l->source->record;

	rec->state = SOURCE_RUNNING;
	rec->running = true;
	rec->error = false;
	rec->error_reason[0] = '\0';
	rec->pid = l->pid > 0 ? l->pid : -1;
	l->source->retry_us = 0;
	if (m->has_dlt)
		rec->dlt = m->dlt;
	if (m->capture_interface.left)
		proto_copy(m->capture_interface, rec->capture_interface, sizeof(rec->capture_interface));
	proto_copy(m->hardware, rec->hardware, sizeof(rec->hardware));
	proto_copy(m->version, rec->version, sizeof(rec->version));
	proto_copy(m->warning, rec->warning, sizeof(rec->warning));
	if (!*rec->warning)
		(void) snprintf(rec->warning, sizeof(rec->warning), "%s", l->source->remark);
	(void) snprintf(rec->ipc_binary, sizeof(rec->ipc_binary), "%s", l->binary ? l->binary : "");
}

/* A local source is called what its program says, unless its definition or another source does. */
static bool take_uuid(struct live *l, const struct proto_message *m)
{
	struct source *s = l->source, *other;
	struct uuid uuid;

	if (l->fixed_uuid || s->record.remote || uuid_parse((const char *) m->uuid.p, m->uuid.left, &uuid) < 0)
		return true;
	other = registry_find(s->registry, &uuid);
	if (other && other != s)
		return false;
	s->record.uuid = uuid;
	return true;
}

static void on_open_report(struct live *l, const struct proto_message *m)
{
	struct source *s = l->source;
	struct registry *r = s->registry;
	char text[SOURCE_TEXT_SIZE];
	bool ours;

	if (l->phase != LIVE_OPENING)
		return;
	if (!m->success) {
		proto_copy(m->text, text, sizeof(text));
		live_fail(l, *text ? text : "the capture program cannot open it");
		return;
	}
	(void) pthread_mutex_lock(&r->lock);
	ours = take_uuid(l, m);
	if (ours)
		fill_record(l, m);
	(void) pthread_mutex_unlock(&r->lock);
	if (!ours) {
		live_fail(l, "another source already captures from that interface");
		return;
	}
	set_phase(l, LIVE_RUNNING);
	l->seen_us = l->pinged_us = l->since_us;
	r->sink.open(r->sink.ctx, (uint16_t) s->record.number, true, &s->record.uuid, s->record.metagps);
	l->known = true;
	source_recovered(s);
	log_info("Source '%.128s' is open: %.64s", s->record.name, s->record.capture_interface);
	tune_opened(l, m);
	(void) pthread_mutex_lock(&r->lock);
	(void) pthread_cond_broadcast(&r->changed);
	(void) pthread_mutex_unlock(&r->lock);
}

static void on_probe_report(struct live *l, const struct proto_message *m)
{
	uint32_t n;
	const struct source_driver *all = capture_drivers(&n);

	if (l->phase != LIVE_PROBING)
		return;
	if (m->success) {
		(void) pthread_mutex_lock(&l->source->registry->lock);
		l->source->record.driver = all[l->candidate];
		(void) pthread_mutex_unlock(&l->source->registry->lock);
	}
	link_close(TAKE(l->link));
	helper_end(l->loop, l->pid, false);
	l->pid = 0;
	l->candidate++;
	try_candidate(l); /* the one that knows it anew: Kismet's programs end when they have answered */
}

/* What a program says goes to the log, but not more of it than somebody could read. */
static void on_text(struct live *l, struct span said)
{
	uint64_t now = clock_monotonic_us();
	char text[SOURCE_TEXT_SIZE];

	if (said.left == 0)
		return;
	if (now - l->minute_us > 60 * SECOND) {
		if (l->messages_hidden)
			log_info("Source '%.128s': %u more messages were left out", l->source->record.name,
				 l->messages_hidden);
		l->minute_us = now;
		l->messages = l->messages_hidden = 0;
	}
	if (++l->messages > LIVE_MESSAGES_A_MINUTE) {
		l->messages_hidden++;
		return;
	}
	proto_copy(said, text, sizeof(text));
	log_info("%.128s: %.350s", l->source->record.name, text);
}

static void on_warning(struct live *l, struct span said)
{
	if (said.left == 0)
		return;
	(void) pthread_mutex_lock(&l->source->registry->lock);
	proto_copy(said, l->source->record.warning, sizeof(l->source->record.warning));
	(void) pthread_mutex_unlock(&l->source->registry->lock);
	on_text(l, said);
}

static void on_bad_end(struct live *l, const struct proto_message *m)
{
	char text[SOURCE_TEXT_SIZE];

	proto_copy(m->text, text, sizeof(text));
	lose(l, *text ? text : "the capture program has ended");
}

static void on_message(void *ctx, const struct proto_message *m)
{
	struct live *l = ctx;

	l->seen_us = clock_monotonic_us();
	switch (m->type) {
	case PROTO_PING:
		(void) link_send(l->link, &(struct proto_message){.type = PROTO_PONG, .request = m->seqno});
		break;
	case PROTO_PONG: on_pong(l); break;
	case PROTO_PROBE_REPORT: on_probe_report(l, m); break;
	case PROTO_OPEN_REPORT:
		on_text(l, m->success ? m->text : (struct span){0});
		on_open_report(l, m);
		break;
	case PROTO_CONFIGURE_REPORT:
		on_warning(l, m->warning);
		tune_answered(l, m);
		break;
	case PROTO_PACKET:
		on_text(l, m->text);
		on_warning(l, m->warning);
		if (l->phase == LIVE_RUNNING)
			packets_take(l, m);
		break;
	case PROTO_MESSAGE: on_text(l, m->text); break;
	case PROTO_WARNING: on_warning(l, m->text); break;
	case PROTO_ERROR:
	case PROTO_SHUTDOWN: on_bad_end(l, m); break;
	default: break;
	}
}

static void end(void *ctx);

static void on_closed(void *ctx, const char *reason)
{
	struct live *l = ctx;

	if (l->leaving)
		end(l);
	else
		lose(l, reason);
}

static const struct link_calls calls = {on_message, on_closed};

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
	set_phase(l, LIVE_HELLO);
	link_speak(l->link, PROTO_V2); /* whose answer shows which version the program speaks */
	(void) link_send(l->link, &(struct proto_message){.type = PROTO_PING});
}

/* Starts the next program that could know the interface. */
static void try_candidate(struct live *l)
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
	try_candidate(l);
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

const char *live_reason(struct source *s)
{
	return s->record.error_reason[0] ? s->record.error_reason : "It does not open in time";
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
	request(l, PROTO_OPEN, LIVE_OPENING);
}
