/* Tells when the machine is too slow for what it hears: packets that wait, and packets that are lost. */
#include "app/state.h"

#define OVERLOAD_SEC 30 /* an overload is told at most that often */

/* What was lost since it was told last. A source that is opened again counts from nothing. */
static uint64_t more_than(uint64_t now, uint64_t *told)
{
	uint64_t more = now > *told ? now - *told : 0;

	*told = now;
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

void overload_watch(struct app *a, uint32_t now)
{
	uint64_t waiting, sources, logs, most = limit_of(LIMIT_LOG_QUEUE);

	if (now - a->overload.told_sec < OVERLOAD_SEC)
		return;
	sources = more_than(lost_by_sources(a), &a->overload.by_sources);
	logs = more_than(lost_by_logs(a, &waiting), &a->overload.by_logs);
	if (sources || logs)
		alerts_tell(a->alerts, "PACKETLOST",
			    "%llu packets were lost before they were read, and %llu because a log is slow",
			    (unsigned long long) sources, (unsigned long long) logs);
	else if (a->live && waiting > most / 2)
		alerts_tell(a->alerts, "PACKETQUEUE", "%llu octets wait for a log, of at most %llu",
			    (unsigned long long) waiting, (unsigned long long) most);
	else
		return;
	a->overload.told_sec = now;
}
