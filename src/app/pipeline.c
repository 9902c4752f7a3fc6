#include <stdio.h>

#include "app/pipeline.h"
#include "api/radiation.h"
#include "app/state.h"
#include "app/positions.h"
#include "base/secret.h"
#include "base/mem.h"
#include "feed/packets.h"
#include "phy/radiation/radiation.h"
#include "plugin/plugin.h"
#include "track/phy.h"
#include "track/report.h"
#include "track/tracker.h"

static void on_open(void *ctx, uint16_t source, bool live, const struct uuid *uuid, const char *metagps)
{
	struct app *a = ctx;

	positions_own(a, source, metagps);

	if (live)
		a->live = true;
	tracker_source(a->api.tracker, source, live, uuid);
}

/* Files wait for logs; what listens live loses packets of its own. */
static void feed_on(struct app *a, const struct packet *packet)
{
	const struct radio *r = &packet->radio;
	struct packet_summary s = {.number = packet->number,
				   .time_us = packet->time_us,
				   .source = packet->source,
				   .linktype = packet->linktype,
				   .captured = packet->shown,
				   .length = packet->length,
				   .freq_khz = r->freq_khz,
				   .hash = packet->hash,
				   .phy = packet->phy,
				   .signal_dbm = r->signal_dbm,
				   .noise_dbm = r->noise_dbm,
				   .has_signal = r->have & RADIO_HAS_SIGNAL,
				   .has_noise = r->have & RADIO_HAS_NOISE,
				   .duplicate = packet->duplicate,
				   .broken = packet->broken,
				   .is_data = packet->is_data,
				   .rate_100kbps = r->rate_100kbps,
				   .bssid = packet->bssid,
				   .sender = packet->sender,
				   .destination = packet->destination,
				   .transmitter = packet->transmitter,
				   .tags = packet->tags,
				   .position = packet->position};

	if (packet->mpdu.left) {
		uint32_t at = (uint32_t) (packet->mpdu.p - packet->data.p);
		uint32_t left = at < packet->shown ? packet->shown - at : 0;

		s.frame.at = at;
		s.frame.octets = packet->mpdu.left < left ? (uint32_t) packet->mpdu.left : left;
		s.frame.link = packet->link;
		s.frame.bad = packet->fcs_bad;
	}
	feed_packet(a->api.feed, &s, packet->data.p, !packet->live);
}

static void on_packet(void *ctx, struct packet *packet, uint32_t server_sec)
{
	struct app *a = ctx;

	packet->number |= (uint64_t) packet->source << PACKET_COUNT_BITS; /* sources count for themselves */
	if (packet->position.fix == POSITION_FIX_NONE)
		packet->position = positions_find(a, packet->source, server_sec);
	tracker_packet(a->api.tracker, packet, server_sec);
	if (a->api.plugins)
		plugins_packet(a->api.plugins, packet);
	if (feed_active(a->api.feed))
		feed_on(a, packet);
}

static bool on_report(void *ctx, struct source_report *r, uint32_t server_sec)
{
	struct app *a = ctx;
	struct packet_summary s = {.number = 0,
				   .time_us = r->time_us,
				   .source = r->source,
				   .linktype = LINKTYPE_USER0,
				   .captured = (uint32_t) (r->type.left + 1 + r->json.left),
				   .phy = PACKET_PHY_NONE,
				   .report = (uint16_t) (r->type.left + 1)};
	cleanup_free char *text = NULL;
	bool taken;
	struct track_report reported = {
		.source = r->source, .time_us = r->time_us, .type = r->type, .json = r->json, .phy = PACKET_PHY_NONE};

	s.position = r->position.fix == POSITION_FIX_NONE ? positions_find(a, r->source, server_sec) : r->position;
	reported.position = s.position;
	taken = tracker_report(a->api.tracker, &reported, server_sec);
	if (taken) {
		s.phy = reported.phy;
		s.sender = reported.sender;
		s.freq_khz = reported.radio.freq_khz;
		if (reported.phy == PHY_RADIATION)
			api_publish_radiation(&a->api, r->source);
	}
	if (!feed_active(a->api.feed))
		return taken;
	s.length = s.captured;
	text = xalloc(s.captured + 1);
	(void) sprintf(text, "%.*s%c%.*s", (int) r->type.left, (const char *) r->type.p, 0, (int) r->json.left,
		       (const char *) r->json.p);
	feed_packet(a->api.feed, &s, (const uint8_t *) text, false);
	return taken;
}

static void on_close(void *ctx, uint16_t source)
{
	struct app *a = ctx;

	tracker_source_end(a->api.tracker, source);
}

static void on_failed(void *ctx, const char *name, const char *reason, uint32_t retry_sec)
{
	struct app *a = ctx;
	char plain[SOURCE_TEXT_SIZE];

	(void) snprintf(plain, sizeof(plain), "%s", reason);
	secret_mask(plain, sizeof(plain)); /* anybody on this machine may read alerts */
	if (retry_sec)
		alerts_format(a->alerts, "SOURCEERROR",
			      "Source '%.128s' failed: %.256s; it is tried again in %u seconds", name, plain,
			      retry_sec);
	else
		alerts_format(a->alerts, "SOURCEERROR", "Source '%.128s' failed: %.256s; it is not tried again", name,
			      plain);
}

static void on_recovered(void *ctx, const char *name)
{
	struct app *a = ctx;

	alerts_format(a->alerts, "SOURCEOPEN", "Source '%.128s' is open again", name);
}

void pipeline_event(void *ctx, const struct model_event *item)
{
	static const enum event_type types[] = {
		[MODEL_EVENT_DEVICE] = EVENT_NEW_DEVICE,       [MODEL_EVENT_ADVERTISED] = EVENT_ADVERTISED_SSID,
		[MODEL_EVENT_RESPONDED] = EVENT_RESPONSE_SSID, [MODEL_EVENT_PROBED] = EVENT_PROBED_SSID,
		[MODEL_EVENT_HANDSHAKE] = EVENT_WPA_HANDSHAKE,
	};
	struct app *a = ctx;

	events_publish_device(a->api.events, types[item->what], &item->device, item->network);
}

struct packet_sink pipeline_sink(struct app *a)
{
	return (struct packet_sink){on_open, on_packet, on_report, on_close, on_failed, on_recovered, a};
}
