#include "store/archive/history.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "track/device.h"
#include "track/device_fields.h"

#define AT_ONCE 256
#define MOVED_M 200.0 /* least distance that counts as a move, beyond what the receivers' accuracy explains */

#define B struct history_bucket
static bool has_signal(const void *obj)
{
	return ((const B *) obj)->measured != 0;
}

static const struct field bucket_rows[] = {
	FIELD(B, "norn.history.start", start_sec, "Second at which it begins, in packet time."),
	FIELD(B, "norn.history.minutes", minutes, "Sightings' times (minutes) of it in which the device was seen."),
	FIELD(B, "norn.history.frames", frames, "Frames that it sent or that were sent to it, of all datasources."),
	FIELD(B, "norn.history.sent", sent, "Of these, frames that it sent."),
	FIELD(B, "norn.history.duplicates", duplicates, "Of these, frames that were seen before."),
	FIELD(B, "norn.history.octets", octets, "Octets of these frames."),
	FIELD(B, "norn.history.retries", retries, "Of these, frames that say that they were sent again."),
	FIELD(B, "norn.history.alerts", alerts, "Alerts that were raised about it."),
	FIELD(B, "norn.history.signal_min", signal_least, "Least signal.", .present = has_signal),
	FIELD(B, "norn.history.signal_max", signal_most, "Greatest signal.", .present = has_signal),
	FIELD(B, "norn.history.signal_mean", signal_mean, "Mean of the signals.", .present = has_signal),
};
static struct field_table bucket_table = FIELD_TABLE(B, "norn.history.presence", bucket_rows);
#undef B

#define C struct history_change
static const char *const whats[] = {"name", "channel", "encryption", "network", "position", NULL};
static const struct field change_rows[] = {
	FIELD(C, "norn.history.time", sec, "Second from which it is known, in packet time."),
	FIELD_TEXTS(C, "norn.history.what", what, whats,
		    "What changed: name, channel, encryption, network or position."),
	FIELD(C, "norn.history.before", from, "What it was."),
	FIELD(C, "norn.history.after", to, "What it is since."),
};
static struct field_table change_table = FIELD_TABLE(C, "norn.history.change", change_rows);
#undef C

#define H struct device_history
static const struct field bucket_row = FIELD_ELEM_SELF(&bucket_table), change_row = FIELD_ELEM_SELF(&change_table);
static const struct field rows[] = {
	FIELD(H, "norn.history.key", key, "Key of the device."),
	FIELD(H, "norn.history.from", from_sec, "First second of the span."),
	FIELD(H, "norn.history.to", to_sec, "Second behind the span."),
	FIELD(H, "norn.history.seconds", bucket_sec, "Seconds of each element of presence."),
	FIELD_MANY(H, "norn.history.presence", presence, &bucket_row, "When it was seen, the oldest first."),
	FIELD_MANY(
		H, "norn.history.changes", changes, &change_row,
		"What changed: its network and position by sightings; name, channel and encryption from log to log."),
	FIELD(H, "norn.history.sightings", sightings, "Sightings that it is made of."),
	FIELD(H, "norn.history.left_out", left_out, "Sightings and changes beyond what fits."),
	FIELD_IN(H, "norn.query.progress", progress, &archive_progress_table, "What was searched."),
};
struct field_table device_history_table = FIELD_TABLE(H, "norn.history", rows);
#undef H

struct reading {
	struct device_history *h;
	struct sighting *all;
	size_t n, cap;
	bool has_record;
	char name[80], channel[16], crypt[80]; /* of the record before */
};

static void add_change(struct device_history *h, uint32_t sec, enum history_what what, const char *from, const char *to)
{
	struct history_change *c;

	if (h->changes.count == HISTORY_CHANGES_MAX) {
		h->left_out++;
		return;
	}
	if (h->changes.count == h->changes.cap) {
		h->changes.cap = h->changes.cap ? 2 * h->changes.cap : 16;
		xgrow(h->changes.items, h->changes.cap);
	}
	c = &h->changes.items[h->changes.count++];
	*c = (struct history_change){.sec = sec, .what = (uint8_t) what};
	(void) snprintf(c->from, sizeof(c->from), "%s", from);
	(void) snprintf(c->to, sizeof(c->to), "%s", to);
}

static void add_signal(struct history_bucket *b, const struct sighting *s)
{
	uint64_t n = s->sent ? s->sent : 1;

	if (s->signal_type == SIGNAL_NONE)
		return;
	if (b->measured == 0 || s->signal_least < b->signal_least)
		b->signal_least = s->signal_least;
	if (b->measured == 0 || s->signal_most > b->signal_most)
		b->signal_most = s->signal_most;
	b->measured += n;
	b->signal_mean += (s->signal_mean - b->signal_mean) * (float) n / (float) b->measured;
}

/* Sightings come by time. */
static void add_presence(struct device_history *h, const struct sighting *s, bool new_minute)
{
	uint32_t start = s->start_sec - s->start_sec % h->bucket_sec;
	struct history_bucket *b;

	if (h->presence.count == 0 || h->presence.items[h->presence.count - 1].start_sec != start) {
		if (h->presence.count == HISTORY_BUCKETS_MAX) {
			h->left_out++;
			return;
		}
		if (h->presence.count == h->presence.cap) {
			h->presence.cap = h->presence.cap ? 2 * h->presence.cap : 64;
			xgrow(h->presence.items, h->presence.cap);
		}
		h->presence.items[h->presence.count++] = (struct history_bucket){.start_sec = start};
	}
	b = &h->presence.items[h->presence.count - 1];
	b->minutes += new_minute;
	b->frames += s->frames;
	b->sent += s->sent;
	b->duplicates += s->duplicates;
	b->octets += s->octets;
	b->retries += s->retries;
	b->alerts += s->alerts;
	add_signal(b, s);
}

/* Metres between two positions that are near each other. */
static double distance_m(const struct sighting *a, const struct sighting *b)
{
	double rad = M_PI / 180, north = (b->lat - a->lat) * rad;
	double east = remainder(b->lon - a->lon, 360) * rad * cos((a->lat + b->lat) / 2 * rad);

	return 6371000 * sqrt(north * north + east * east);
}

static void format_position(const struct sighting *s, char ret[80])
{
	(void) snprintf(ret, 80, "%.5f, %.5f", s->lat, s->lon);
}

static void compare(struct device_history *h, const struct sighting *s, const struct sighting **network,
		    const struct sighting **position)
{
	char from[80], to[80];

	if (!mac_is_zero(&s->bssid)) {
		if (*network && !mac_equal(&(*network)->bssid, &s->bssid)) {
			mac_format(&(*network)->bssid, from);
			mac_format(&s->bssid, to);
			add_change(h, s->start_sec, HISTORY_NETWORK, from, to);
		}
		*network = s;
	}
	if (!s->has_position)
		return;
	if (*position && distance_m(*position, s) < MOVED_M + (double) (*position)->accuracy_m + (double) s->accuracy_m)
		return;
	if (*position) {
		format_position(*position, from);
		format_position(s, to);
		add_change(h, s->start_sec, HISTORY_POSITION, from, to);
	}
	*position = s;
}

static int by_time(const void *pa, const void *pb)
{
	const struct sighting *a = pa, *b = pb;

	return a->start_sec == b->start_sec ? 0 : a->start_sec < b->start_sec ? -1 : 1;
}

static void collect(struct reading *r, struct archive_sightings *a)
{
	struct sighting *some = xnew(struct sighting, AT_ONCE);
	size_t n;

	while ((n = archive_sightings_next(a, some, AT_ONCE)) > 0)
		for (size_t i = 0; i < n; i++) {
			if (r->n == HISTORY_SIGHTINGS_MAX) {
				r->h->left_out++;
				continue;
			}
			if (r->n == r->cap) {
				r->cap = r->cap ? 2 * r->cap : 1024;
				xgrow(r->all, r->cap);
			}
			r->all[r->n++] = some[i];
		}
	free(some);
}

static void add_sightings(struct reading *r)
{
	const struct sighting *network = NULL, *position = NULL;

	if (r->n)
		qsort(r->all, r->n, sizeof(*r->all), by_time);
	for (size_t i = 0; i < r->n; i++) {
		add_presence(r->h, &r->all[i], i == 0 || r->all[i - 1].start_sec != r->all[i].start_sec);
		compare(r->h, &r->all[i], &network, &position);
	}
	r->h->sightings = r->n;
}

static void compare_text(struct reading *r, uint32_t sec, enum history_what what, char *before, size_t size,
			 const char *now)
{
	if (r->has_record && *now && *before && strcmp(before, now) != 0)
		add_change(r->h, sec, what, before, now);
	if (*now)
		(void) snprintf(before, size, "%s", now);
}

static void compare_record(struct reading *r, const struct device *d)
{
	char text[DEVICE_CRYPT_TEXT_SIZE];

	(void) device_crypt_text(d, text);
	compare_text(r, d->last_sec, HISTORY_NAME, r->name, sizeof(r->name), d->name ? d->name : "");
	compare_text(r, d->last_sec, HISTORY_CHANNEL, r->channel, sizeof(r->channel), d->channel);
	compare_text(r, d->last_sec, HISTORY_CRYPT, r->crypt, sizeof(r->crypt), text);
	r->has_record = true;
}

static bool take_record(void *ctx, const struct archived_device *d)
{
	compare_record(ctx, &d->device);
	return true;
}

static int by_change(const void *pa, const void *pb)
{
	const struct history_change *a = pa, *b = pb;

	return a->sec == b->sec ? 0 : a->sec < b->sec ? -1 : 1;
}

bool device_history_read(struct device_history *h, struct catalogue *c, struct tracker *t, const struct device *live)
{
	const struct archive_span span = {h->from_sec, h->to_sec, &h->key};
	struct archive_sightings *a = archive_sightings_open(c, t, &span);
	struct reading r = {.h = h};

	collect(&r, a);
	add_sightings(&r);
	h->progress = *archive_sightings_progress(a);
	archive_sightings_close(a);
	archive_device_each(c, t, &h->key, (uint64_t) h->from_sec * 1000000, (uint64_t) h->to_sec * 1000000,
			    take_record, &r);
	if (live && live->last_sec < h->to_sec)
		compare_record(&r, live);
	if (h->changes.count)
		qsort(h->changes.items, h->changes.count, sizeof(*h->changes.items), by_change);
	free(r.all);
	return r.n || r.has_record;
}

void device_history_finish(struct device_history *h)
{
	free(h->presence.items);
	free(h->changes.items);
}
