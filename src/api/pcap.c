/* Packet Capture and Streams: packets as pcapng while they come, and handshakes as pcap. */
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "api/write.h"
#include "base/clock.h"
#include "base/limit.h"
#include "base/err.h"
#include "base/mem.h"
#include "capture/record.h"
#include "capture/registry.h"
#include "feed/packet_names.h"
#include "phy/dot11/handshake_packets.h"
#include "query/run.h"
#include "serve/download.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"
#include "store/log/pcapng.h"
#include "phy/dot11/dot11.h"
#include "phy/dot11/hc22000.h"

#define SLICE_BYTES (256 * 1024) /* octets prepared at once */
#define SNAPLEN_HANDSHAKE 8192
#define WEIGHT_MOST 64 /* fields that a stream looks at of each packet: no request's budget bounds it */

enum pick { PICK_ALL, PICK_SOURCE, PICK_SENDER, PICK_BSSID, PICK_MATCHING };

/* One stream on its way to a client. */
struct packet_stream {
	struct api *api;
	struct feed_listener *listener;
	struct packet_block *block;
	uint32_t at;
	enum pick pick;
	uint16_t source;
	struct mac mac;
	struct query_program *program; /* PICK_MATCHING */
	struct query_run *run;
	struct arena arena;
	uint64_t id, packets, bytes;
	struct pcapng file;
	struct buf out;
	size_t sent;
};

static bool matches(struct packet_stream *s, const struct packet_summary *p)
{
	struct field_ctx ctx = api_context(s->api, &s->arena);
	bool found = query_matches(s->run, p, &ctx);

	arena_reset(&s->arena);
	return found;
}

static bool picked(struct packet_stream *s, const struct packet_summary *p)
{
	switch (s->pick) {
	case PICK_ALL: return true;
	case PICK_SOURCE: return p->source == s->source;
	case PICK_SENDER: return mac_equal(&p->sender, &s->mac) || mac_equal(&p->transmitter, &s->mac);
	case PICK_BSSID: return mac_equal(&p->bssid, &s->mac);
	case PICK_MATCHING: return matches(s, p);
	}
	return false;
}

static void write_block(struct packet_stream *s)
{
	const struct packet_summary *p;
	const uint8_t *data;

	while (s->out.len < SLICE_BYTES && (p = packet_block_next(s->block, &s->at, &data)) != NULL) {
		if (!picked(s, p))
			continue;
		pcapng_packet(&s->file, &s->out, p, data);
		s->packets++;
	}
	if (s->out.len >= SLICE_BYTES)
		return;
	packet_block_release(TAKE(s->block));
	s->at = 0;
}

/* Fills the buffer from the packets that have come; false when there are none. */
static bool prepare(struct packet_stream *s)
{
	buf_clear(&s->out);
	s->sent = 0;
	while (s->out.len < SLICE_BYTES) {
		if (!s->block)
			s->block = feed_take(s->listener);
		if (!s->block)
			break;
		write_block(s);
	}
	return s->out.len > 0;
}

static ssize_t read_stream(void *ctx, char *p, size_t max)
{
	struct packet_stream *s = ctx;
	size_t n;

	if (!streams_update(s->api->streams, s->id, s->packets, s->bytes) && s->sent == s->out.len)
		return -1; /* between two blocks: what was sent is a whole file */
	if (s->sent == s->out.len && !prepare(s))
		return 0;
	n = s->out.len - s->sent < max ? s->out.len - s->sent : max;
	memcpy(p, s->out.p + s->sent, n);
	s->sent += n;
	s->bytes += n;
	return (ssize_t) n;
}

static bool stream_ready(void *ctx)
{
	struct packet_stream *s = ctx;

	feed_flush(s->api->feed, false);
	return s->sent < s->out.len || s->block || feed_has(s->listener) || streams_closing(s->api->streams, s->id);
}

static void free_stream(struct packet_stream *s)
{
	query_run_destroy(s->run);
	query_program_destroy(s->program);
	arena_finish(&s->arena);
	free(s);
}

static void destroy_stream(void *ctx)
{
	struct packet_stream *s = ctx;

	streams_remove(s->api->streams, s->id);
	feed_unlisten(s->api->feed, s->listener);
	packet_block_release(s->block);
	buf_finish(&s->out);
	free_stream(s);
}

static void name_source(void *ctx, uint16_t source, char name[256], char description[256])
{
	struct packet_stream *s = ctx;
	struct source_record r;

	if (!capture_snapshot(s->api->sources, source, &r))
		return;
	(void) snprintf(name, 256, "%.255s", r.interface);
	(void) snprintf(description, 256, "Kismet datasource %.70s (%.70s - %.70s)", r.name, r.interface, r.interface);
}

/* Which packets a stream has. */
struct picked {
	enum pick pick;
	uint16_t source;
	struct mac mac;
	struct query_program *program; /* which the stream takes */
};

static void start_stream(struct request *rq, struct reply *rp, const struct picked *which, const char *description)
{
	static const struct reply_source reader = {read_stream, stream_ready, destroy_stream};
	struct api *api = request_context(rq);
	struct packet_stream *s = xnew(struct packet_stream, 1);
	char path[160];

	(void) snprintf(path, sizeof(path), "%s for %s", request_address(rq),
			*request_login(rq) ? request_login(rq) : "anybody");
	s->api = api;
	s->pick = which->pick;
	s->source = which->source;
	s->mac = which->mac;
	s->program = which->program;
	s->run = s->program ? query_run_create(s->program) : NULL;
	s->file.name_source = name_source;
	s->file.ctx = s;
	s->listener = feed_listen(api->feed, false, limit_of(LIMIT_STREAM_QUEUE));
	s->id = s->listener
			? streams_add(api->streams, description, "pcapng", path, description, feed_lost(s->listener))
			: 0;
	if (!s->id) {
		if (s->listener)
			feed_unlisten(api->feed, s->listener);
		free_stream(s);
		reply_error(rp, 429, "The limit of %d streams is reached; close one, or raise norn_max_streams.",
			    STREAMS_MAX);
		return;
	}
	pcapng_begin(&s->out);
	reply_download(rq, rp);
	reply_stream(rp, &reader, s);
}

static void all_packets(struct request *rq, struct reply *rp)
{
	start_stream(rq, rp, &(struct picked){.pick = PICK_ALL}, "All packets");
}

static void source_packets(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const char *text = request_param(rq, "uuid");
	struct source_record r;
	struct uuid uuid;
	char about[80];

	if (uuid_parse(text, strlen(text), &uuid) < 0) {
		reply_error(rp, 400, "That is not a uuid.");
	} else if (!capture_find(api->sources, &uuid, &r)) {
		reply_error(rp, 404, "There is no datasource with that uuid.");
	} else {
		(void) snprintf(about, sizeof(about), "Packets of datasource %s", text);
		start_stream(rq, rp, &(struct picked){.pick = PICK_SOURCE, .source = (uint16_t) r.number}, about);
	}
}

static void device_packets(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct device_handle h;
	struct key key;
	char about[80];

	if (!api_key_param(rq, rp, &key))
		return;
	if (!devices_find(&api->devices, &key, &h)) {
		reply_error(rp, 404, "There is no device with that key.");
		return;
	}
	(void) snprintf(about, sizeof(about), "Packets from device %s", request_param(rq, "key"));
	start_stream(rq, rp, &(struct picked){.pick = PICK_SENDER, .mac = key.mac}, about);
}

static void bssid_packets(struct request *rq, struct reply *rp)
{
	const char *text = request_param(rq, "mac");
	struct mac mac;
	char about[80];

	if (mac_parse(text, strlen(text), &mac) < 0) {
		reply_error(rp, 400, "An address has the form AA:BB:CC:DD:EE:FF.");
		return;
	}
	(void) snprintf(about, sizeof(about), "Packets of BSSID %s", text);
	start_stream(rq, rp, &(struct picked){.pick = PICK_BSSID, .mac = mac}, about);
}

/* Packets from now on that match an expression. */
static void matching_packets(struct request *rq, struct reply *rp)
{
	const char *q = request_text(rq, "q");
	struct picked which = {.pick = PICK_MATCHING};
	struct query_error error;

	q = q ? q : "";
	if (request_text(rq, "from") || request_text(rq, "to")) {
		reply_error(rp, 400, "Invalid request: 'from' and 'to' are not taken; these are packets from now on.");
		return;
	}
	which.program = query_compile(&packet_query, q, strlen(q), clock_server_sec(), &error);
	if (!which.program) {
		reply_error(rp, 400, "Invalid query. %s.", error.text);
	} else if (query_program_is_dear(which.program) || query_program_weight(which.program) > WEIGHT_MOST) {
		reply_error(rp, 400,
			    "Invalid query. A stream of packets takes no regular expressions, and looks at %d fields "
			    "of each "
			    "packet at most.",
			    WEIGHT_MOST);
		query_program_destroy(which.program);
	} else {
		start_stream(rq, rp, &which, "Packets of a query");
	}
}

/* The access point of the path's key, copied; replies 404 when there is none. */
static const struct dot11_device *access_point(struct request *rq, struct reply *rp, struct arena *arena)
{
	struct api *api = request_context(rq);
	struct device *d;
	struct key key;

	if (!api_key_param(rq, rp, &key))
		return NULL;
	d = devices_get(&api->devices, &key, arena);
	if (!d || !device_part(d, 0)) {
		reply_error(rp, 404, "There is no Wi-Fi device with that key.");
		return NULL;
	}
	return device_part(d, 0);
}

static void put_packet(struct buf *out, const struct dot11_packet *p)
{
	pcap_packet(out, p->time_us, p->data.p, p->data.n);
}

static void write_frames(struct buf *out, struct dot11_packets *frames)
{
	pcap_begin(out, LINKTYPE_IEEE802_11, SNAPLEN_HANDSHAKE);
	for (uint32_t i = 0; i < frames->n; i++)
		put_packet(out, &frames->items[i].packet);
	free(frames->items);
}

static void handshake(struct request *rq, struct reply *rp)
{
	const char *text = request_param(rq, "device");
	struct arena arena = {0};
	const struct dot11_device *ap = access_point(rq, rp, &arena);
	struct dot11_packets frames = {0};
	struct mac client;

	if (ap && text && mac_parse(text, strlen(text), &client) < 0) {
		reply_error(rp, 400, "An address has the form AA:BB:CC:DD:EE:FF.");
	} else if (ap) {
		dot11_handshake_packets(ap, text ? &client : NULL, &arena, &frames);
		write_frames(reply_buf(rp), &frames);
		reply_download(rq, rp);
	}
	arena_finish(&arena);
}

static void pmkid(struct request *rq, struct reply *rp)
{
	struct arena arena = {0};
	const struct dot11_device *ap = access_point(rq, rp, &arena);
	struct dot11_packets frames = {0};

	if (ap) {
		dot11_pmkid_packets(ap, &frames);
		write_frames(reply_buf(rp), &frames);
		reply_download(rq, rp);
	}
	arena_finish(&arena);
}

/* The hash lines of all handshakes, or of one client's. */
static void hashes(struct request *rq, struct reply *rp)
{
	const char *text = request_param(rq, "device");
	struct arena arena = {0};
	const struct dot11_device *ap = access_point(rq, rp, &arena);
	struct mac client;

	if (ap && text && mac_parse(text, strlen(text), &client) < 0) {
		reply_error(rp, 400, "An address has the form AA:BB:CC:DD:EE:FF.");
	} else if (ap) {
		hc22000_write(ap, text ? &client : NULL, &arena, reply_buf(rp));
		reply_download(rq, rp);
	}
	arena_finish(&arena);
}

static void all_streams(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct stream_record *r = xnew(struct stream_record, STREAMS_MAX);
	uint32_t n = streams_copy(api->streams, r, STREAMS_MAX);

	api_write_list(rq, rp, &stream_table, r, n);
	free(r);
}

static void one_stream(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct stream_record *r = xnew(struct stream_record, STREAMS_MAX);
	uint32_t n = streams_copy(api->streams, r, STREAMS_MAX), i = 0;
	uint64_t id = strtoull(request_param(rq, "id"), NULL, 10);

	while (i < n && r[i].id != id)
		i++;
	if (i < n)
		api_write_record(rq, rp, &stream_table, &r[i]);
	else
		reply_error(rp, 404, "There is no stream with that number.");
	free(r);
}

static void close_stream(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);

	if (streams_close(api->streams, strtoull(request_param(rq, "id"), NULL, 10)))
		api_done(rq, rp, "OK");
	else
		reply_error(rp, 404, "There is no stream with that number.");
}

#define GET METHOD_GET
#define BOTH METHOD_BOTH
#define OF_LOGIN(where, format, fn, what, text, ...)                                                                   \
	{                                                                                                              \
		.methods = GET, .path = (where), .formats = (format), .right = RIGHT_LOGIN, .handle = (fn),            \
		.shape = (what), .doc = (text), ##__VA_ARGS__                                                          \
	}
#define STREAM(where, fn, text, ...) OF_LOGIN(where, "pcapng", fn, SHAPE_PCAPNG, text, ##__VA_ARGS__)
#define PCAP(where, fn, text, ...) OF_LOGIN(where, "pcap", fn, SHAPE_PCAP, text, ##__VA_ARGS__)
#define HASHES(where, text, ...) OF_LOGIN(where, "hc22000", hashes, SHAPE_TEXT, text, ##__VA_ARGS__)
#define NO_SOURCE .refusals = {{404, "no datasource has that uuid"}}
#define NO_DEVICE .refusals = {{404, "no device has that key"}}
#define NO_WIFI .refusals = {{404, "no Wi-Fi device has that key"}}
/* clang-format off */
static const struct route routes[] = {
	STREAM("/pcap/all_packets", all_packets, "Every packet from now on."),
	STREAM("/datasource/pcap/all_sources", all_packets, "Every packet from now on."),
	STREAM("/datasource/pcap/by-uuid/{uuid}/{name}", source_packets, "Every packet of a datasource from now on.", NO_SOURCE),
	STREAM("/devices/by-key/{key}/pcap/{name}", device_packets, "Every packet that a device sends from now on.", NO_DEVICE),
	STREAM("/devices/pcap/by-key/{key}/packets", device_packets, "The same by its later name.", NO_DEVICE),
	STREAM("/phy/phy80211/by-bssid/{mac}/pcap/{name}", bssid_packets, "Every packet of a network from now on."),
	STREAM("/phy/phy80211/pcap/by-bssid/{mac}/packets", bssid_packets, "The same by its later name."),
	STREAM("/phy/phy80211/pcap/by-bssid/{mac}/packets.pcapng", bssid_packets, "The same in the spelling of Kismet 2025."),
	PCAP("/phy/phy80211/by-key/{key}/pcap/{name}-handshake", handshake, "The latest beacon or probe response with a network's name, and all handshake frames.", NO_WIFI),
	PCAP("/phy/phy80211/by-key/{key}/device/{device}/pcap/handshake", handshake, "The same with the handshake frames of one client.", NO_WIFI),
	HASHES("/phy/phy80211/by-key/{key}/pcap/{name}-handshake", "What hashcat (mode 22000) needs to find a network's passphrase: a line for each PMKID, and for each client's handshake.", NO_WIFI),
	HASHES("/phy/phy80211/by-key/{key}/device/{device}/pcap/handshake", "The same of one client.", NO_WIFI),
	PCAP("/phy/phy80211/by-key/{key}/pcap/{name}-pmkid", pmkid, "The latest beacon or answer with a network's name, and a frame with its PMKID; without one no frame.", NO_WIFI),
	STREAM("/query/packets", matching_packets, "Every packet from now on that an expression selects (q=)."),
	{.methods = BOTH, .path = "/streams/all_streams", .formats = "*", .right = RIGHT_READ, .handle = all_streams,
	 .record = &stream_table, .shape = SHAPE_LIST,
	 .doc = "Streams that run."},
	{.methods = BOTH, .path = "/streams/by-id/{id}/stream_info", .formats = "*", .right = RIGHT_READ,
	 .handle = one_stream, .record = &stream_table, .shape = SHAPE_RECORD,
	 .refusals = {{404, "no stream has that number"}},
	 .doc = "One stream."},
	{.methods = BOTH, .path = "/streams/by-id/{id}/close_stream", .formats = "*", .right = RIGHT_ADMIN,
	 .handle = close_stream, .record = &api_done_table, .shape = SHAPE_RECORD, .flags = ROUTE_COMMAND,
	 .refusals = {{404, "no stream has that number"}},
	 .doc = "Ends a stream."},
};
/* clang-format on */
const struct route_table api_pcap_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
