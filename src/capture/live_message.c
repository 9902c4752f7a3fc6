#include "capture/live_message.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "capture/drivers.h"
#include "capture/helper.h"
#include "capture/link.h"
#include "capture/live.h"
#include "capture/packets.h"
#include "capture/registry.h"
#include "capture/source_state.h"
#include "capture/tune.h"
#include "proto/row.h"

#define SECOND UINT64_C(1000000)

static void on_pong(struct live *l)
{
	if (l->phase == LIVE_HELLO && l->source->record.driver.type[0])
		live_request(l, PROTO_OPEN, LIVE_OPENING);
	else if (l->phase == LIVE_HELLO)
		live_request(l, PROTO_PROBE, LIVE_PROBING);
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
	live_set_phase(l, LIVE_RUNNING);
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
	live_try_next(l); /* the one that knows it anew: Kismet's programs end when they have answered */
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
	live_lose(l, *text ? text : "the capture program has ended");
}

void live_message(void *live, const struct proto_message *m)
{
	struct live *l = live;

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
