#include "track/channels.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "field/copy.h"
#include "field/list.h"

#define COUNTED_AFTER_SEC 2

/* Before the first second is over nothing was counted: a history of zeros, as pages ask for its last second. */
static const void *counts(const struct history *h, enum history_kind kind, struct field_ctx *ctx)
{
	struct history none = {0};
	const void *view;

	if (h->last_sec)
		return history_view(h, kind, ctx);
	history_add(&none, kind, ctx->model_now, 0);
	view = history_view(&none, kind, ctx);
	history_finish(&none);
	return view;
}
static const void *packets_rrd(const void *obj, struct field_ctx *ctx)
{
	return counts(&((const struct channel_use *) obj)->packets, HISTORY_OCTETS, ctx);
}
static const void *octets_rrd(const void *obj, struct field_ctx *ctx)
{
	return counts(&((const struct channel_use *) obj)->octets, HISTORY_OCTETS, ctx);
}
/* Devices of a second are counted when it is over. Pages show the slot of last_time as the present, so it must be the
 * latest second that was counted. */
static const void *devices_rrd(const void *obj, struct field_ctx *ctx)
{
	const struct history *h = &((const struct channel_use *) obj)->devices;
	struct field_ctx counted = *ctx;

	if (ctx->model_now > h->last_sec && ctx->model_now - h->last_sec <= COUNTED_AFTER_SEC)
		counted.model_now = h->last_sec;
	return counts(h, HISTORY_COUNT, &counted);
}

#define U struct channel_use
static const struct field use_rows[] = {
	FIELD(U, "kismet.channelrec.channel", channel, "Channel."),
	FIELD(U, "kismet.channelrec.frequency", freq_khz, "Frequency, kHz."),
	FIELD_CALL_OBJECT("kismet.channelrec.packets_rrd", packets_rrd, &history_view_table, "Packets over time."),
	FIELD_CALL_OBJECT("kismet.channelrec.data_rrd", octets_rrd, &history_view_table, "Octets over time."),
	FIELD_CALL_OBJECT("kismet.channelrec.device_rrd", devices_rrd, &history_view_table,
			  "Active devices over time."),
	FIELD_IN(U, "kismet.channelrec.signal", signal, &signal_table, "Signal of all frames."),
	HISTORY_ROW(U, packets),
	HISTORY_ROW(U, octets),
	HISTORY_ROW(U, devices),
};
static struct field_table use_table = FIELD_TABLE(U, "channel record", use_rows);
static const struct field use_self = FIELD_ELEM_SELF(&use_table);
static const struct field by_frequency = FIELD_ELEM(U, freq_khz);
static const struct field by_channel = FIELD_ELEM(U, channel);

#define S struct channel_summary
static const struct field summary_rows[] = {
	FIELD_KEYED(S, "kismet.channeltracker.frequency_map", frequencies, &by_frequency, &use_self,
		    "Use of each frequency, by kHz."),
	FIELD_KEYED(S, "kismet.channeltracker.channel_map", channels, &by_channel, &use_self, "Use of each channel."),
};
struct field_table channel_summary_table = FIELD_TABLE(S, "channel tracker", summary_rows);

/* Devices that were last seen in each of the last seconds. */
struct ring {
	uint32_t khz, newest_sec, active;
	uint32_t seen[CHANNEL_ACTIVE_SEC];
};

struct channels {
	pthread_mutex_t lock;
	struct channel_summary all;
	struct ring *rings; /* of the frequencies, in their order */
	uint32_t n_rings;
};

struct channels *channels_create(void)
{
	struct channels *c = xnew(struct channels, 1);

	(void) pthread_mutex_init(&c->lock, NULL);
	return c;
}

void channels_destroy(struct channels *c)
{
	field_free(&channel_summary_table, &c->all);
	free(c->rings);
	(void) pthread_mutex_destroy(&c->lock);
	free(c);
}

static U *find_frequency(struct channels *c, uint32_t khz)
{
	U *u;

	for (uint32_t i = 0; i < c->all.frequencies.count; i++)
		if (c->all.frequencies.items[i].freq_khz == khz)
			return &c->all.frequencies.items[i];
	if (c->all.frequencies.count == CHANNELS_MAX)
		return NULL;
	u = list_add((struct list *) &c->all.frequencies, sizeof(*u), NULL);
	u->freq_khz = khz;
	channel_of_khz(khz, u->channel);
	xgrow(c->rings, c->n_rings + 1);
	c->rings[c->n_rings++] = (struct ring){.khz = khz};
	return u;
}

static U *find_channel(struct channels *c, const char *name)
{
	U *u;

	for (uint32_t i = 0; i < c->all.channels.count; i++)
		if (strcmp(c->all.channels.items[i].channel, name) == 0)
			return &c->all.channels.items[i];
	if (c->all.channels.count == CHANNELS_MAX)
		return NULL;
	u = list_add((struct list *) &c->all.channels, sizeof(*u), NULL);
	(void) strncpy(u->channel, name, sizeof(u->channel) - 1);
	return u;
}

/* Brings the ring to a second: devices that were not seen for CHANNEL_ACTIVE_SEC leave it. */
static void advance(struct ring *r, uint32_t sec)
{
	bool back = sec < r->newest_sec && clock_was_set_back(r->newest_sec, sec, clock_server_sec());

	if (sec <= r->newest_sec && !back)
		return;
	if (back || sec - r->newest_sec >= CHANNEL_ACTIVE_SEC) {
		memset(r->seen, 0, sizeof(r->seen));
		r->active = 0;
	} else {
		for (uint32_t s = sec; s > r->newest_sec; s--) {
			r->active -= r->seen[s % CHANNEL_ACTIVE_SEC];
			r->seen[s % CHANNEL_ACTIVE_SEC] = 0;
		}
	}
	r->newest_sec = sec;
}

static struct ring *find_ring(struct channels *c, uint32_t khz)
{
	for (uint32_t i = 0; i < c->n_rings; i++)
		if (c->rings[i].khz == khz)
			return &c->rings[i];
	return NULL;
}

static void leave(struct ring *r, uint32_t sec)
{
	if (sec > r->newest_sec || r->newest_sec - sec >= CHANNEL_ACTIVE_SEC || r->seen[sec % CHANNEL_ACTIVE_SEC] == 0)
		return;
	r->seen[sec % CHANNEL_ACTIVE_SEC]--;
	r->active--;
}

void channels_device(struct channels *c, uint32_t old_khz, uint32_t old_sec, uint32_t khz, uint32_t sec)
{
	struct ring *r;

	(void) pthread_mutex_lock(&c->lock);
	r = old_sec ? find_ring(c, old_khz) : NULL;
	if (r)
		leave(r, old_sec);
	if (find_frequency(c, khz)) {
		r = find_ring(c, khz);
		advance(r, sec);
		if (r->newest_sec - sec < CHANNEL_ACTIVE_SEC) {
			r->seen[sec % CHANNEL_ACTIVE_SEC]++;
			r->active++;
		}
	}
	(void) pthread_mutex_unlock(&c->lock);
}

static void add_sum(U *u, const struct channel_sum *sum, uint32_t sec)
{
	history_add(&u->packets, HISTORY_OCTETS, sec, (float) sum->packets);
	history_add(&u->octets, HISTORY_OCTETS, sec, (float) sum->octets);
	if (!sum->seen)
		return;
	signal_update(&u->signal, &sum->weakest, sec);
	signal_update(&u->signal, &sum->strongest, sec);
	signal_update(&u->signal, &sum->last, sec);
}

/* 0 is no level. */
#define WIDEN(sum, radio, member)                                                                                      \
	do {                                                                                                           \
		if ((radio)->member && (!(sum)->weakest.member || (radio)->member < (sum)->weakest.member))            \
			(sum)->weakest.member = (radio)->member;                                                       \
		if ((radio)->member && (!(sum)->strongest.member || (radio)->member > (sum)->strongest.member))        \
			(sum)->strongest.member = (radio)->member;                                                     \
	} while (0)

/* What of a second is handed over once it has ended is what each frame of it said. */
static void take_radio(struct channel_sum *sum, const struct radio *radio)
{
	uint8_t encoding = sum->last.encoding | radio->encoding, carrier = sum->last.carrier | radio->carrier;
	uint32_t rate = radio->rate_100kbps > sum->last.rate_100kbps ? radio->rate_100kbps : sum->last.rate_100kbps;

	WIDEN(sum, radio, signal_dbm);
	WIDEN(sum, radio, noise_dbm);
	WIDEN(sum, radio, signal_rssi);
	WIDEN(sum, radio, noise_rssi);
	sum->weakest.have |= radio->have;
	sum->strongest.have |= radio->have;
	sum->last = *radio;
	sum->last.encoding = encoding;
	sum->last.carrier = carrier;
	sum->last.rate_100kbps = rate;
	sum->seen = true;
}

void channels_flush(struct channels *c, struct channel_counters *channel_counters)
{
	if (channel_counters->n == 0)
		return;
	(void) pthread_mutex_lock(&c->lock);
	for (uint32_t i = 0; i < channel_counters->n; i++) {
		const struct channel_sum *sum = &channel_counters->sums[i];
		U *u = sum->khz ? find_frequency(c, sum->khz) : NULL;

		if (u) {
			struct ring *r = find_ring(c, sum->khz);

			add_sum(u, sum, channel_counters->sec);
			advance(r, channel_counters->sec);
			history_add(&u->devices, HISTORY_COUNT, channel_counters->sec, (float) r->active);
		}
		u = *sum->channel ? find_channel(c, sum->channel) : NULL;
		if (u) {
			add_sum(u, sum, channel_counters->sec);
			u->freq_khz = sum->khz;
		}
	}
	(void) pthread_mutex_unlock(&c->lock);
	channel_counters->n = 0;
}

void channels_add(struct channels *c, struct channel_counters *channel_counters, uint32_t sec, uint32_t khz,
		  const char *channel, const struct radio *radio, uint32_t octets)
{
	struct channel_sum *sum = NULL;

	if (khz == 0 && *channel == '\0')
		return;
	if (sec != channel_counters->sec)
		channels_flush(c, channel_counters);
	channel_counters->sec = sec;
	for (uint32_t i = 0; i < channel_counters->n && !sum; i++)
		if (channel_counters->sums[i].khz == khz && strcmp(channel_counters->sums[i].channel, channel) == 0)
			sum = &channel_counters->sums[i];
	if (!sum) {
		if (channel_counters->n == CHANNELS_OF_SOURCE)
			channels_flush(c, channel_counters);
		sum = &channel_counters->sums[channel_counters->n++];
		*sum = (struct channel_sum){.khz = khz};
		memcpy(sum->channel, channel, strlen(channel) + 1);
	}
	sum->packets++;
	sum->octets += octets;
	if (radio->have & (RADIO_HAS_SIGNAL | RADIO_HAS_RSSI))
		take_radio(sum, radio);
}

const struct channel_summary *channels_copy(struct channels *c, struct arena *arena)
{
	struct channel_summary *copy = arena_alloc(arena, sizeof(*copy));

	(void) pthread_mutex_lock(&c->lock);
	field_copy(&channel_summary_table, copy, &c->all, arena);
	(void) pthread_mutex_unlock(&c->lock);
	return copy;
}
