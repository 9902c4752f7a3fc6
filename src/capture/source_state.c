#include "capture/source_state.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "capture/private.h"

uint32_t source_fail(struct source *s, const char *reason)
{
	uint32_t attempt = s->record.retry_attempts < 4 ? s->record.retry_attempts : 4;
	uint32_t wait_sec = SOURCE_RETRY_SEC << attempt;

	s->record.state = SOURCE_ERROR;
	s->record.running = false;
	s->record.error = true;
	if (s->record.retry) {
		s->record.retry_attempts++;
		s->record.total_retry_attempts++;
	}
	(void) snprintf(s->record.error_reason, SOURCE_TEXT_SIZE, "%s", reason);
	if (wait_sec > SOURCE_RETRY_MAX_SEC)
		wait_sec = SOURCE_RETRY_MAX_SEC;
	if (!s->record.retry)
		wait_sec = 0;
	s->retry_us = wait_sec ? clock_monotonic_us() + wait_sec * UINT64_C(1000000) : 0;
	(void) pthread_cond_broadcast(&s->registry->changed);
	return wait_sec;
}

void source_recovered(struct source *s)
{
	struct packet_sink *sink = &s->registry->sink;

	if (s->failed)
		sink->recovered(sink->ctx, s->record.name);
	s->failed = false;
}

void source_warn(struct source *s, const char *text)
{
	(void) pthread_mutex_lock(&s->registry->lock);
	(void) snprintf(s->record.warning, SOURCE_TEXT_SIZE, "%s", text);
	(void) pthread_mutex_unlock(&s->registry->lock);
	log_warning("Source '%.128s': %.300s", s->record.name, text);
}

void source_settle(struct source *s)
{
	if (s->this_second.packets == 0)
		return;
	history_add(&s->packets_history, HISTORY_OCTETS, s->this_second.sec, (float) s->this_second.packets);
	history_add(&s->octets_history, HISTORY_OCTETS, s->this_second.sec, (float) s->this_second.octets);
	s->this_second.packets = 0;
	s->this_second.octets = 0;
}

void source_count(struct source *s, uint32_t sec, uint32_t octets)
{
	if (s->this_second.packets && s->this_second.sec != sec) {
		(void) pthread_mutex_lock(&s->registry->lock);
		source_settle(s);
		(void) pthread_mutex_unlock(&s->registry->lock);
	}
	s->this_second.sec = sec;
	s->this_second.packets++;
	s->this_second.octets += octets;
}
