#include "capture/packets.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_in.h"
#include "base/log.h"
#include "capture/doubt.h"
#include "capture/live.h"
#include "capture/source_state.h"
#include "capture/trailer.h"

#define REPORT_TYPE_MAX 64 /* octets of the name of a report's kind */

/* Degrees and metres that could be; a sensor may say anything. */
static struct position position_of(const struct proto_gps *g)
{
	struct position p = {0};

	if (!g->has || g->fix < POSITION_FIX_2D || !(g->lat >= -90 && g->lat <= 90) ||
	    !(g->lon >= -180 && g->lon <= 180))
		return p;
	p.lat = g->lat;
	p.lon = g->lon;
	p.alt_m = (float) g->alt_m;
	p.speed_kmh = (float) g->speed;
	p.heading_deg = (float) g->heading;
	p.fix = g->fix >= POSITION_FIX_3D ? POSITION_FIX_3D : POSITION_FIX_2D;
	p.time_us = g->sec * 1000000 + g->usec;
	return p;
}

/* The position that a sensor reports; none, which is logged once, at 0/0 or with a date that cannot be. */
static struct position believed_position(struct live *l, const struct proto_gps *g)
{
	struct position p = position_of(g);
	uint64_t sec = p.time_us / 1000000;
	bool is_old = sec >= POSITION_SEC_GPS && sec < POSITION_SEC_LEAST; /* before that there is no time of a GPS */

	if (p.fix < POSITION_FIX_2D || (!position_is_zero(&p) && !is_old))
		return p;
	if (!l->doubts_position)
		log_warning("Source '%s' sends positions %s: they are doubted and not used", l->source->record.name,
			    is_old ? "with dates before 2015" : "at 0/0");
	l->doubts_position = true;
	return (struct position){0};
}

static int8_t dbm_of(int32_t v)
{
	return (int8_t) (v < -127 ? -127 : v > 127 ? 127 : v);
}

static struct radio radio_of(const struct proto_signal *s)
{
	struct radio r = {0};

	if (!s->has)
		return r;
	if (s->has_dbm && s->dbm) {
		r.have |= RADIO_HAS_SIGNAL;
		r.signal_dbm = dbm_of(s->dbm);
	}
	if (s->has_noise && s->noise_dbm) {
		r.have |= RADIO_HAS_NOISE;
		r.noise_dbm = dbm_of(s->noise_dbm);
	}
	r.freq_khz = s->freq_khz > UINT32_MAX ? 0 : (uint32_t) s->freq_khz;
	return r;
}

/* A helper's own time, or the server's where the sensor's clock is not to be trusted. */
static uint64_t time_of(const struct live *l, bool has, uint64_t sec, uint32_t usec)
{
	if (!has || sec > UINT32_MAX || (l->source->record.remote && l->timestamp))
		return clock_server_us();
	return sec * 1000000 + (usec < 1000000 ? usec : 999999);
}

/* A helper counts from its own start; one that counts less than before is another one. What it
 * begins with it had before this server knew it. */
static void take_loss(struct live *l, const struct proto_message *m)
{
	const struct proto_loss *loss = &m->loss;

	if (!loss->has)
		return;
	if (!l->reported.has) {
		if (!m->packet.has)
			l->start = *loss;
	} else if (loss->captured < l->reported.captured) {
		l->before.captured += l->reported.captured - l->start.captured;
		l->before.kernel += l->reported.kernel - l->start.kernel;
		l->before.helper += l->reported.helper - l->start.helper;
		l->start = (struct proto_loss){0};
	}
	l->reported = *loss;
	l->counted = l->packets;
}

static uint64_t captured_of(const struct live *l)
{
	return l->reported.captured - l->start.captured + l->before.captured;
}

static uint64_t dropped_of(const struct live *l)
{
	return l->reported.helper - l->start.helper + l->before.helper;
}

/* Frames that the helpers had and that did not come in, although there was room for them: what went
 * down with a connection. */
static uint64_t lost_on_the_way(const struct live *l)
{
	uint64_t came = l->counted + dropped_of(l), had = captured_of(l);

	return l->reported.has && had > came ? had - came : 0;
}

static bool is_json(struct span text)
{
	char error[JSON_IN_ERROR_SIZE];
	struct json_in *v = json_in_read((const char *) text.p, text.left, error);
	json_in_free(v);
	return v;
}

static void take_report(struct live *l, const struct proto_message *m)
{
	struct packet_sink *sink = &l->source->registry->sink;
	const struct proto_json *j = &m->json;
	struct source_report r = {.source = (uint16_t) l->source->record.number,
				  .time_us = time_of(l, j->has_time, j->sec, j->usec),
				  .type = j->type,
				  .json = j->text,
				  .position = believed_position(l, &m->gps)};

	l->reports++;
	if (r.type.left > REPORT_TYPE_MAX || memchr(r.type.p, '\0', r.type.left) || !is_json(r.json))
		l->errors++;
	else if (l->source->paused)
		l->left_out++;
	else
		doubt_report(&l->doubt, sink->report(sink->ctx, &r, (uint32_t) (clock_server_us() / 1000000)));
}

void packets_take(struct live *l, const struct proto_message *m)
{
	const struct proto_packet *p = &m->packet;
	struct packet_sink *sink = &l->source->registry->sink;
	struct packet packet = {.source = (uint16_t) l->source->record.number, .live = true};

	take_loss(l, m);
	if (m->json.has)
		take_report(l, m);
	if (!p->has)
		return;
	packet.data = p->data;
	packet.length = p->length > p->data.left ? p->length : (uint32_t) p->data.left;
	packet.linktype = p->dlt > UINT16_MAX ? UINT16_MAX : (uint16_t) p->dlt;
	packet.number = ++l->packets;
	packet.time_us = time_of(l, p->has_time, p->sec, p->usec);
	packet.radio = radio_of(&m->signal);
	packet.position = believed_position(l, &m->gps);
	packet.fcs_ignored = l->source->ignores_fcs;
	if (l->source->paused) {
		l->left_out++;
		return;
	}
	source_count(l->source, (uint32_t) (clock_server_us() / 1000000), (uint32_t) p->data.left);
	trailers_apply(&l->trailers, &packet);
	sink->packet(sink->ctx, &packet, (uint32_t) (clock_server_us() / 1000000));
	l->errors += packet.broken;
	doubt_packet(&l->doubt, &packet);
	trailers_learn(&l->trailers, &packet);
	trailers_report(&l->trailers, &packet, l->source);
	if (packet.linktype != l->dlt) {
		l->dlt = packet.linktype;
		packets_publish(l);
	}
}

void packets_publish(struct live *l)
{
	struct source_record *rec = &l->source->record;
	uint64_t us = clock_monotonic_us() - l->since_us;

	(void) pthread_mutex_lock(&l->source->registry->lock);
	source_settle(l->source);
	rec->packets = l->packets + l->reports - l->left_out;
	if (l->doubt.packets)
		rec->retry_attempts = 0;
	rec->error_packets = l->errors;
	rec->reports = l->reports;
	rec->captured = captured_of(l);
	rec->kernel_dropped = l->reported.kernel - l->start.kernel + l->before.kernel;
	rec->helper_dropped = dropped_of(l);
	rec->lost = lost_on_the_way(l);
	if (l->dlt)
		rec->dlt = l->dlt;
	rec->frames_per_second = l->phase == LIVE_RUNNING && us ? (double) l->packets * 1e6 / (double) us : 0;
	(void) pthread_mutex_unlock(&l->source->registry->lock);
}

void packets_doubt(struct live *l, uint64_t now_us)
{
	char text[SOURCE_TEXT_SIZE];

	if (doubt_due(&l->doubt, now_us) && doubt_text(&l->doubt, true, text, sizeof(text)))
		source_warn(l->source, text);
}
