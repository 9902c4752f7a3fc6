/* Counts of packets over time: received, lost, duplicate or damaged, second by second. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "api/packetchain.h"
#include "api/api.h"
#include "api/write.h"
#include "base/clock.h"
#include "base/mem.h"
#include "capture/record.h"
#include "capture/registry.h"
#include "field/history.h"
#include "serve/request.h"
#include "serve/route.h"
#include "track/tracker.h"

enum series { PEAK, RATE, ERRORS, DUPLICATES, DROPPED, QUEUED, PROCESSED, SERIES };

/* A copy that readers own; the vectors of a history lie behind it. */
struct packetchain {
	struct source_history of[SERIES];
};

static struct {
	pthread_mutex_t lock;
	struct history of[SERIES];
	uint64_t reported[SERIES]; /* totals at the last second */
} chain = {.lock = PTHREAD_MUTEX_INITIALIZER};

static enum history_kind kind_of(enum series series)
{
	return series == PEAK ? HISTORY_PEAK : HISTORY_OCTETS;
}

static void copy_chain(struct packetchain *ret)
{
	memset(ret, 0, sizeof(*ret));
	(void) pthread_mutex_lock(&chain.lock);
	for (size_t i = 0; i < SERIES; i++) {
		struct source_history *to = &ret->of[i];

		to->h = chain.of[i];
		if (to->h.kept.n > sizeof(to->kept))
			to->h.kept.n = 0;
		if (to->h.kept.n)
			memcpy(to->kept, chain.of[i].kept.p, to->h.kept.n);
		to->h.kept.p = NULL; /* set where it is shown, since records are copied */
	}
	(void) pthread_mutex_unlock(&chain.lock);
}

/* Forward to the server's second: the newest of the model is one of its captures. */
static const void *show(const void *obj, enum series series, struct field_ctx *ctx)
{
	const struct source_history *from = &((const struct packetchain *) obj)->of[series];
	struct history h = from->h;
	struct field_ctx now = *ctx;

	now.model_now = h.last_sec;
	h.kept.p = h.kept.n ? (uint8_t *) (uintptr_t) from->kept : NULL;
	return history_view(&h, kind_of(series), &now);
}

/* clang-format off */
/*	  series      route               field                                             what */
#define CHAIN(X) \
	X(PEAK,       packet_peak,      "kismet.packetchain.peak_packets_rrd",      "Packets received; a minute or an hour shows its greatest second.") \
	X(RATE,       packet_rate,      "kismet.packetchain.packets_rrd",           "Packets received.") \
	X(ERRORS,     packet_error,     "kismet.packetchain.error_packets_rrd",     "Packets with a wrong checksum, or that cannot be dissected.") \
	X(DUPLICATES, packet_dupe,      "kismet.packetchain.dupe_packets_rrd",      "Duplicate packets.") \
	X(QUEUED,     packet_queue,     "kismet.packetchain.queued_packets_rrd",    "Packets that wait for the model: none, as sources apply their own.") \
	X(DROPPED,    packet_drop,      "kismet.packetchain.dropped_packets_rrd",   "Packets that were lost between the radio and the server.") \
	X(PROCESSED,  packet_processed, "kismet.packetchain.processed_packets_rrd", "Packets that were dissected, duplicates among them.")
/* clang-format on */

#define X(id, name, wire, doc)                                                                                         \
	static const void *show_##name(const void *obj, struct field_ctx *ctx)                                         \
	{                                                                                                              \
		return show(obj, id, ctx);                                                                             \
	}
CHAIN(X)
#undef X

static const struct field chain_rows[] = {
#define X(id, name, wire, doc) FIELD_CALL_OBJECT(wire, show_##name, &history_view_table, doc),
	CHAIN(X)
#undef X
};
static struct field_table chain_table = FIELD_TABLE(struct packetchain, "packet counts", chain_rows);

static void stats(struct request *rq, struct reply *rp)
{
	struct packetchain *p = xnew(struct packetchain, 1);

	copy_chain(p);
	api_write_record(rq, rp, &chain_table, p);
	free(p);
}

static void one(struct request *rq, struct reply *rp, enum series series)
{
	struct packetchain *p = xnew(struct packetchain, 1);
	struct arena arena = {0};
	struct field_ctx ctx = api_context(request_context(rq), &arena);

	copy_chain(p);
	api_write_record(rq, rp, &history_view_table, show(p, series, &ctx));
	arena_finish(&arena);
	free(p);
}

#define X(id, name, wire, doc)                                                                                         \
	static void name(struct request *rq, struct reply *rp)                                                         \
	{                                                                                                              \
		one(rq, rp, id);                                                                                       \
	}
CHAIN(X)
#undef X

/* Packets that sources know to be lost. */
static uint64_t lost_by_sources(struct api *api)
{
	struct source_record *r = xnew(struct source_record, 1);
	uint64_t lost = 0;

	for (uint32_t i = 0; i < SOURCES_MAX && capture_snapshot(api->sources, i, r); i++)
		lost += r->kernel_dropped + r->helper_dropped + r->lost;
	free(r);
	return lost;
}

/* A source that is opened again counts from nothing. */
static float more(enum series series, uint64_t total)
{
	uint64_t before = chain.reported[series];

	chain.reported[series] = total;
	return total > before ? (float) (total - before) : 0;
}

void api_publish_packetchain(struct api *api)
{
	struct packetchain *p;
	struct tracker_counts c;
	uint32_t sec = clock_server_sec();
	uint64_t lost = lost_by_sources(api), damaged;
	float v[SERIES] = {0};

	tracker_count(api->tracker, &c);
	damaged = c.bad_fcs + c.unreadable;
	(void) pthread_mutex_lock(&chain.lock);
	v[RATE] = more(RATE, c.packets);
	v[ERRORS] = more(ERRORS, damaged);
	v[DUPLICATES] = more(DUPLICATES, c.duplicates);
	v[DROPPED] = more(DROPPED, lost);
	v[PROCESSED] = more(PROCESSED, c.packets > damaged ? c.packets - damaged : 0);
	v[PEAK] = v[RATE];
	for (enum series i = 0; i < SERIES; i++)
		history_add(&chain.of[i], kind_of(i), sec, v[i]);
	(void) pthread_mutex_unlock(&chain.lock);
	if (!events_wanted(api->events, EVENT_PACKETCHAIN_STATS))
		return;
	p = xnew(struct packetchain, 1);
	copy_chain(p);
	events_publish_owned(api->events, EVENT_PACKETCHAIN_STATS, &chain_table, p, free);
}

/* clang-format off */
static const struct route routes[] = {
	{.methods = METHOD_BOTH, .path = "/packetchain/packet_stats", .formats = "*", .right = RIGHT_READ,
	 .handle = stats, .record = &chain_table, .shape = SHAPE_RECORD,
	 .doc = "All counts of packets over time."},
#define X(id, name, wire, sentence)                                                                                    \
	{.methods = METHOD_BOTH, .path = "/packetchain/" #name, .formats = "*", .right = RIGHT_READ, .handle = name,   \
	 .record = &history_view_table, .shape = SHAPE_RECORD, .doc = (sentence)},
	CHAIN(X)
#undef X
};
/* clang-format on */
const struct route_table api_packetchain_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
