#include "app/overload.h"
#include "app/state.h"
#include "capture/record.h"
#include "capture/registry.h"

#define OVERLOAD_SEC 30 /* an overload is reported at most that often */

/* What was lost since the last report. A source that is opened again counts from nothing. */
static uint64_t more_than(uint64_t now, uint64_t *reported)
{
	uint64_t more = now > *reported ? now - *reported : 0;

	*reported = now;
	return more;
}

static uint64_t lost_by_sources(struct app *a)
{
	struct source_record r;
	uint64_t lost = 0;

	for (uint32_t i = 0; capture_snapshot(a->api.sources, i, &r); i++)
		lost += r.kernel_dropped + r.helper_dropped;
	return lost;
}

static uint64_t lost_by_logs(struct app *a, uint64_t *ret_waiting)
{
	struct log_record logs[LOGS_MAX];
	uint32_t n = logs_copy(a->api.logs, logs, LOGS_MAX);
	uint64_t lost = 0;

	*ret_waiting = 0;
	for (uint32_t i = 0; i < n; i++) {
		lost += logs[i].lost;
		if (logs[i].waiting > *ret_waiting)
			*ret_waiting = logs[i].waiting;
	}
	return lost;
}

static bool is_due(uint32_t now, uint32_t reported_sec)
{
	return now - reported_sec >= OVERLOAD_SEC;
}

static void watch_losses(struct app *a, uint32_t now, uint64_t by_logs_now)
{
	uint64_t sources, logs, readers;

	if (!is_due(now, a->overload.lost_sec))
		return;
	sources = more_than(lost_by_sources(a), &a->overload.by_sources);
	logs = more_than(by_logs_now, &a->overload.by_logs);
	readers = more_than(feed_lost_by_readers(a->api.feed), &a->overload.by_readers);
	if (!sources && !logs && !readers)
		return;
	alerts_format(a->alerts, "PACKETLOST",
		      "%llu packets were lost before they were read, %llu because a log is too slow, and %llu because "
		      "the client of a stream is too slow",
		      (unsigned long long) sources, (unsigned long long) logs, (unsigned long long) readers);
	a->overload.lost_sec = now;
}

void overload_watch(struct app *a, uint32_t now)
{
	uint64_t waiting, most = limit_of(LIMIT_LOG_QUEUE), by_logs = lost_by_logs(a, &waiting);

	watch_losses(a, now, by_logs);
	if (!a->live || waiting <= most / 2 || !is_due(now, a->overload.waits_sec))
		return;
	alerts_format(a->alerts, "PACKETQUEUE",
		      "%llu octets wait to be written to a log; packets are lost at %llu (norn_max_log_queue)",
		      (unsigned long long) waiting, (unsigned long long) most);
	a->overload.waits_sec = now;
}
