/* `/metrics`: what the server counts, as text for Prometheus (exposition format 0.0.4). A row below adds
 * a metric; all its samples are numbers of one kind of element. */
#include "api/metrics.h"

#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "api/system.h"
#include "base/limit.h"
#include "base/mem.h"
#include "capture/registry.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"
#include "serve/server.h"
#include "track/phys.h"
#include "track/tracker.h"
#include "track/sighting_read.h"

#define LABELS_SIZE 320

/* Elements begin with their labels, `{a="b"}` or "". */
struct of_server {
	char labels[LABELS_SIZE];
	uint64_t start_sec, resident_bytes, frames, devices, device_bytes, evicted;
	uint64_t sightings, sightings_open, sightings_kept, sightings_bytes, sightings_dropped;
	uint64_t requests, errors, connections, refused, open, streams, sessions, websockets;
};
struct of_one {
	char labels[LABELS_SIZE];
	uint64_t n;
};
struct of_source {
	char labels[LABELS_SIZE];
	uint64_t running, packets, errors, lost, retries;
};
struct of_phy {
	char labels[LABELS_SIZE];
	uint64_t devices, packets;
};
struct of_stream {
	char labels[LABELS_SIZE];
	uint64_t packets, bytes, lost;
};
struct of_log {
	char labels[LABELS_SIZE];
	uint64_t open, packets, lost, waiting;
};

enum metric_group {
	OF_SERVER,
	OF_VERSION,
	OF_FRAMES,
	OF_STATES,
	OF_SOURCE,
	OF_PHY,
	OF_LOG,
	OF_LIMIT,
	OF_ROUTE,
	OF_STREAM,
	GROUPS
};
static const char *const labels_text[GROUPS] = {
	[OF_SERVER] = "",         [OF_VERSION] = "version",   [OF_FRAMES] = "state",
	[OF_STATES] = "state",    [OF_SOURCE] = "uuid, name", [OF_PHY] = "phy",
	[OF_LOG] = "uuid, class", [OF_LIMIT] = "limit",       [OF_ROUTE] = "method, path",
	[OF_STREAM] = "id, type",
};
static const size_t sizes[GROUPS] = {
	[OF_SERVER] = sizeof(struct of_server), [OF_VERSION] = sizeof(struct of_one),
	[OF_FRAMES] = sizeof(struct of_one),    [OF_STATES] = sizeof(struct of_one),
	[OF_SOURCE] = sizeof(struct of_source), [OF_PHY] = sizeof(struct of_phy),
	[OF_LOG] = sizeof(struct of_log),       [OF_LIMIT] = sizeof(struct of_one),
	[OF_ROUTE] = sizeof(struct of_one),     [OF_STREAM] = sizeof(struct of_stream),
};

/* clang-format off */
#define SERVER(m) .of = OF_SERVER, .offset = offsetof(struct of_server, m)
#define SOURCE(m) .of = OF_SOURCE, .offset = offsetof(struct of_source, m)
#define PHY(m) .of = OF_PHY, .offset = offsetof(struct of_phy, m)
#define LOG(m) .of = OF_LOG, .offset = offsetof(struct of_log, m)
#define STREAM(m) .of = OF_STREAM, .offset = offsetof(struct of_stream, m)
#define ONE(group) .of = group, .offset = offsetof(struct of_one, n)
const struct metric api_metrics[] = {
	{.name = "norn_info", .type = "gauge", .help = "The version that runs; always 1.", ONE(OF_VERSION)},
	{.name = "norn_start_time_seconds", .type = "gauge", .help = "Second that the server started.", SERVER(start_sec)},
	{.name = "norn_resident_memory_bytes", .type = "gauge", .help = "Resident memory of the server.", SERVER(resident_bytes)},
	{.name = "norn_frames_total", .type = "counter", .help = "Frames that sources delivered.", SERVER(frames)},
	{.name = "norn_frames_state_total", .type = "counter", .help = "Frames that are duplicates, have a wrong checksum, or cannot be dissected (among them unknown link types).", ONE(OF_FRAMES)},
	{.name = "norn_devices", .type = "gauge", .help = "Devices that are held.", SERVER(devices)},
	{.name = "norn_devices_bytes", .type = "gauge", .help = "Octets that all devices take, as last measured.", SERVER(device_bytes)},
	{.name = "norn_devices_evicted_total", .type = "counter", .help = "Devices that were evicted.", SERVER(evicted)},
	{.name = "norn_sightings_total", .type = "counter", .help = "Sightings, each a device in a minute of a source, that were closed.", SERVER(sightings)},
	{.name = "norn_sightings_open", .type = "gauge", .help = "Sightings whose minute has not ended.", SERVER(sightings_open)},
	{.name = "norn_sightings_kept", .type = "gauge", .help = "Sightings of the last hour that are in memory.", SERVER(sightings_kept)},
	{.name = "norn_sightings_bytes", .type = "gauge", .help = "Octets of these (norn_sighting_bytes).", SERVER(sightings_bytes)},
	{.name = "norn_sightings_dropped_total", .type = "counter", .help = "Sightings that left memory before their hour was over, as there was no more room.", SERVER(sightings_dropped)},
	{.name = "norn_phy_devices", .type = "gauge", .help = "Devices of a phy.", PHY(devices)},
	{.name = "norn_phy_packets_total", .type = "counter", .help = "Packets of a phy.", PHY(packets)},
	{.name = "norn_sources", .type = "gauge", .help = "Sources by state.", ONE(OF_STATES)},
	{.name = "norn_source_running", .type = "gauge", .help = "1 while the source is open.", SOURCE(running)},
	{.name = "norn_source_packets_total", .type = "counter", .help = "Packets of a source.", SOURCE(packets)},
	{.name = "norn_source_error_packets_total", .type = "counter", .help = "Damaged packets of a source.", SOURCE(errors)},
	{.name = "norn_source_lost_total", .type = "counter", .help = "Frames that were lost between the radio and the server.", SOURCE(lost)},
	{.name = "norn_source_retries_total", .type = "counter", .help = "How often opening the source was retried.", SOURCE(retries)},
	{.name = "norn_log_open", .type = "gauge", .help = "1 while the log is open.", LOG(open)},
	{.name = "norn_log_packets_total", .type = "counter", .help = "Packets that the log has written.", LOG(packets)},
	{.name = "norn_log_lost_total", .type = "counter", .help = "Packets that the log lost because the disk was slow.", LOG(lost)},
	{.name = "norn_log_queue_bytes", .type = "gauge", .help = "Octets that wait for the log.", LOG(waiting)},
	{.name = "norn_stream_packets_total", .type = "counter", .help = "Packets of a stream that runs.", STREAM(packets)},
	{.name = "norn_stream_bytes_total", .type = "counter", .help = "Octets of a stream that runs.", STREAM(bytes)},
	{.name = "norn_stream_lost_total", .type = "counter", .help = "Packets that a stream lost because its reader was slow.", STREAM(lost)},
	{.name = "norn_http_requests_total", .type = "counter", .help = "HTTP requests.", SERVER(requests)},
	{.name = "norn_http_errors_total", .type = "counter", .help = "HTTP requests that were answered with an error.", SERVER(errors)},
	{.name = "norn_http_answered_total", .type = "counter", .help = "HTTP requests that an endpoint answered without an error; endpoints that did are listed.", ONE(OF_ROUTE)},
	{.name = "norn_http_connections_total", .type = "counter", .help = "HTTP connections since the start.", SERVER(connections)},
	{.name = "norn_http_connections_refused_total", .type = "counter", .help = "HTTP connections that were refused.", SERVER(refused)},
	{.name = "norn_http_connections", .type = "gauge", .help = "Open HTTP connections.", SERVER(open)},
	{.name = "norn_http_streams", .type = "gauge", .help = "Streams that are being sent.", SERVER(streams)},
	{.name = "norn_http_sessions", .type = "gauge", .help = "Logins and API keys that are held.", SERVER(sessions)},
	{.name = "norn_http_websockets", .type = "gauge", .help = "Open websockets.", SERVER(websockets)},
	{.name = "norn_limit_reached_total", .type = "counter", .help = "How often a limit (norn_max_*) was reached.", ONE(OF_LIMIT)},
};
/* clang-format on */
const size_t api_metrics_n = ARRAY_SIZE(api_metrics);

const char *api_metric_labels(const struct metric *m)
{
	return labels_text[m->of];
}

struct scrape {
	char *elements[GROUPS];
	size_t count[GROUPS];
};

static void *new_element(struct scrape *s, enum metric_group group)
{
	size_t size = sizes[group], n = s->count[group]++;
	char *e;

	xgrow(s->elements[group], (n + 1) * size);
	e = s->elements[group] + n * size;
	memset(e, 0, size);
	return e;
}

/* Adds a label to those of an element. Octets that would end the value, and all beyond ASCII, become '_';
 * long values are cut. */
static void label(char labels[LABELS_SIZE], const char *name, const char *value)
{
	char text[100];
	size_t n = strlen(labels), i;

	for (i = 0; i < sizeof(text) - 1 && value[i]; i++)
		text[i] = value[i] < ' ' || value[i] > '~' || strchr("\"\\", value[i]) ? '_' : value[i];
	text[i] = '\0';
	if (n)
		n--; /* over the bracket */
	(void) snprintf(labels + n, LABELS_SIZE - n, "%s%s=\"%s\"}", n ? "," : "{", name, text);
}

static void add_one(struct scrape *s, enum metric_group group, const char *name, const char *value, uint64_t n)
{
	struct of_one *e = new_element(s, group);

	label(e->labels, name, value);
	e->n = n;
}

static void scrape_server(struct scrape *s, struct api *api, struct serve *serve)
{
	struct of_server *e = new_element(s, OF_SERVER);
	struct tracker_counts c;
	struct serve_counts h;
	struct sightings_counts k;

	tracker_count(api->tracker, &c);
	serve_count(serve, &h);
	sightings_count(tracker_sightings(api->tracker), &k);
	e->start_sec = api->start_us / 1000000;
	e->resident_bytes = system_resident_kb() * 1024;
	e->frames = c.packets;
	e->devices = c.devices;
	e->device_bytes = c.bytes;
	e->evicted = c.evicted;
	e->sightings = k.closed;
	e->sightings_open = tracker_count_open_sightings(api->tracker);
	e->sightings_kept = k.kept;
	e->sightings_bytes = k.bytes;
	e->sightings_dropped = k.dropped;
	e->requests = h.requests;
	e->errors = h.errors;
	e->connections = h.connections;
	e->refused = h.refused;
	e->open = h.open_connections;
	e->streams = h.streams;
	e->sessions = h.sessions;
	e->websockets = h.websockets;
	add_one(s, OF_VERSION, "version", NORN_VERSION, 1);
	add_one(s, OF_FRAMES, "state", "duplicate", c.duplicates);
	add_one(s, OF_FRAMES, "state", "bad_fcs", c.bad_fcs);
	add_one(s, OF_FRAMES, "state", "unreadable", c.unreadable);
	for (enum limit l = 0; l < LIMIT_COUNT; l++)
		add_one(s, OF_LIMIT, "limit", limit_name(l), limit_hits(l));
}

static void scrape_routes(struct scrape *s, struct serve *serve)
{
	static const struct {
		enum method method;
		const char *name;
	} methods[] = {{METHOD_GET, "GET"}, {METHOD_POST, "POST"}};
	const struct route *r;

	for (size_t i = 0; (r = route_at(serve_tables(serve), i)); i++) {
		for (size_t k = 0; k < ARRAY_SIZE(methods); k++) {
			uint64_t n = serve_answered(serve, i, methods[k].method);
			struct of_one *e = n ? new_element(s, OF_ROUTE) : NULL;

			if (!e)
				continue;
			label(e->labels, "method", methods[k].name);
			label(e->labels, "path", r->path);
			e->n = n;
		}
	}
}

static void scrape_sources(struct scrape *s, struct api *api)
{
	static const char *const states[] = {
		[SOURCE_PENDING] = "pending", [SOURCE_RUNNING] = "running", [SOURCE_DONE] = "done",
		[SOURCE_CLOSED] = "closed",   [SOURCE_ERROR] = "error",
	};
	uint64_t in[ARRAY_SIZE(states)] = {0};
	struct source_record *r = xnew(struct source_record, 1);

	for (uint32_t i = 0; i < SOURCES_MAX && capture_snapshot(api->sources, i, r); i++) {
		struct of_source *e = new_element(s, OF_SOURCE);
		char uuid[UUID_TEXT_SIZE];

		uuid_format(&r->uuid, uuid);
		label(e->labels, "uuid", uuid);
		label(e->labels, "name", r->name);
		e->running = r->state == SOURCE_RUNNING;
		e->packets = r->packets;
		e->errors = r->error_packets;
		e->lost = r->kernel_dropped + r->helper_dropped + r->lost;
		e->retries = r->total_retry_attempts;
		in[r->state]++;
	}
	for (size_t i = 0; i < ARRAY_SIZE(states); i++)
		add_one(s, OF_STATES, "state", states[i], in[i]);
	free(r);
}

static void scrape_phys(struct scrape *s, struct api *api)
{
	struct phy_counts phys[PHYS_MAX];
	uint32_t n = tracker_phys(api->tracker, phys, PHYS_MAX);

	for (uint32_t i = 0; i < n; i++) {
		struct of_phy *e = new_element(s, OF_PHY);

		label(e->labels, "phy", phys[i].name);
		e->devices = phys[i].devices;
		e->packets = phys[i].packets;
	}
}

static void scrape_logs(struct scrape *s, struct api *api)
{
	struct log_record *logs = xnew(struct log_record, LOGS_MAX);
	uint32_t n = logs_copy(api->logs, logs, LOGS_MAX);

	for (uint32_t i = 0; i < n; i++) {
		struct of_log *e = new_element(s, OF_LOG);
		char uuid[UUID_TEXT_SIZE];

		uuid_format(&logs[i].uuid, uuid);
		label(e->labels, "uuid", uuid);
		label(e->labels, "class", logs[i].driver.log_class);
		e->open = logs[i].open;
		e->packets = logs[i].packets;
		e->lost = logs[i].lost;
		e->waiting = logs[i].waiting;
	}
	free(logs);
}

static void scrape_streams(struct scrape *s, struct api *api)
{
	struct stream_record *streams = xnew(struct stream_record, STREAMS_MAX);
	uint32_t n = streams_copy(api->streams, streams, STREAMS_MAX);

	for (uint32_t i = 0; i < n; i++) {
		struct of_stream *e = new_element(s, OF_STREAM);
		char id[24];

		(void) snprintf(id, sizeof(id), "%llu", (unsigned long long) streams[i].id);
		label(e->labels, "id", id);
		label(e->labels, "type", streams[i].type);
		e->packets = streams[i].packets;
		e->bytes = streams[i].bytes;
		e->lost = streams[i].lost;
	}
	free(streams);
}

static void write_metric(struct buf *out, const struct scrape *s, const struct metric *m)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", m->name, m->help, m->name, m->type);
	for (size_t i = 0; i < s->count[m->of]; i++) {
		const char *e = s->elements[m->of] + i * sizes[m->of];
		uint64_t value;

		memcpy(&value, e + m->offset, sizeof(value));
		buf_printf(out, "%s%s %llu\n", m->name, e, (unsigned long long) value);
	}
}

static void metrics(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct scrape s = {0};

	scrape_server(&s, api, request_serve(rq));
	scrape_routes(&s, request_serve(rq));
	scrape_sources(&s, api);
	scrape_phys(&s, api);
	scrape_logs(&s, api);
	scrape_streams(&s, api);
	reply_type(rp, "text/plain; version=0.0.4; charset=utf-8");
	for (size_t i = 0; i < api_metrics_n; i++)
		write_metric(reply_buf(rp), &s, &api_metrics[i]);
	for (size_t i = 0; i < GROUPS; i++)
		free(s.elements[i]);
}

/* clang-format off */
static const struct route routes[] = {
	{.methods = METHOD_GET, .path = "/metrics", .right = RIGHT_READ, .handle = metrics, .shape = SHAPE_TEXT,
	 .doc = "Counters and gauges for Prometheus, listed below."},
};
/* clang-format on */
const struct route_table api_metrics_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
