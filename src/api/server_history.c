#include "api/server_history.h"

#include <pthread.h>

#include "field/history.h"

/* Packets of a second may be more than HISTORY_COUNT holds: a file is read faster than air. */
static const enum history_kind kinds[SERVER_SERIES] = {
	[SERVER_PACKETS] = HISTORY_OCTETS, [SERVER_MEMORY] = HISTORY_PEAK, [SERVER_DEVICES] = HISTORY_PEAK};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct history series[SERVER_SERIES]; /* under the lock, as packets_before */
static uint64_t packets_before;

void server_history_note(uint32_t sec, uint64_t packets, uint64_t memory_kb, uint64_t devices)
{
	(void) pthread_mutex_lock(&lock);
	history_add(&series[SERVER_PACKETS], kinds[SERVER_PACKETS], sec, (float) (packets - packets_before));
	history_add(&series[SERVER_MEMORY], kinds[SERVER_MEMORY], sec, (float) memory_kb);
	history_add(&series[SERVER_DEVICES], kinds[SERVER_DEVICES], sec, (float) devices);
	packets_before = packets;
	(void) pthread_mutex_unlock(&lock);
}

const void *server_history_view(enum server_series s, struct field_ctx *ctx)
{
	struct field_ctx now = *ctx;
	const void *view;

	now.model_now = (uint32_t) (ctx->now_us / 1000000);
	(void) pthread_mutex_lock(&lock);
	if (!series[s].last_sec)
		history_add(&series[s], kinds[s], now.model_now, 0);
	view = history_view(&series[s], kinds[s], &now);
	(void) pthread_mutex_unlock(&lock);
	return view;
}
