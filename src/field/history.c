#include "field/history_kept.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "field/slots.h"

static const struct field number = FIELD_ELEM_KIND(FIELD_REAL);

#define COMMON_ROWS                                                                                                    \
	FIELD(struct history_show, "kismet.common.rrd.last_time", last_time, "Second of the newest sample."),          \
		FIELD(struct history_show, "kismet.common.rrd.serial_time", serial_time,                               \
		      "Second to which the history was brought forward."),                                             \
		FIELD(struct history_show, "kismet.common.rrd.last_value", last_value, "Value of the newest second."), \
		FIELD(struct history_show, "kismet.common.rrd.last_value_n1", last_value_n1,                           \
		      "Value before the newest."),                                                                     \
		FIELD_N(struct history_show, "kismet.common.rrd.minute_vec", minute, &number,                          \
			"Sixty seconds, by second of the minute.", .type = "vector[double]"),                          \
		FIELD(struct history_show, "kismet.common.rrd.blank_val", blank, "Value that stands for no data.")

static const struct field view_rows[] = {
	COMMON_ROWS,
	FIELD_N(struct history_show, "kismet.common.rrd.hour_vec", hour, &number,
		"Sixty minutes, by minute of the hour.", .type = "vector[double]"),
	FIELD_N(struct history_show, "kismet.common.rrd.day_vec", day, &number,
		"Twenty-four hours, by UTC hour of the day.", .type = "vector[double]"),
};
static const struct field minute_rows[] = {COMMON_ROWS};

struct field_table history_view_table = FIELD_TABLE(struct history_show, "history", view_rows);
struct field_table history_minute_table = FIELD_TABLE(struct history_show, "minute history", minute_rows);

static float combine(enum history_kind kind, float a, float b)
{
	if (kind == HISTORY_COUNT || kind == HISTORY_OCTETS)
		return a + b;
	return a == 0 || b > a ? b : a;
}

/* What stands for n shorter times: their mean, or their peak. */
static float mean(enum history_kind kind, const float *v, size_t n)
{
	float sum = 0, most = 0;
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		sum += v[i];
		used += v[i] != 0;
		most = v[i] > most ? v[i] : most;
	}
	if (kind == HISTORY_PEAK)
		return most;
	if (kind != HISTORY_SIGNAL)
		return sum / (float) n;
	return used ? sum / (float) used : 0;
}

static void grow(struct history *h, enum history_kind kind, uint32_t sec)
{
	if (h->kept.n == 0 && sec != h->last_sec) {
		history_keep_seconds(h, kind);
		history_set_second(h, kind, h->last_sec % 60, h->last_value);
	}
	/* Signals are shown by their minute alone. */
	if (kind != HISTORY_SIGNAL && sec / 3600 != h->last_sec / 3600)
		history_keep_hours(h, kind);
}

/* The minute that ends now becomes an average before newer ones begin, and so does the hour. */
static void close_older(struct history *h, enum history_kind kind, uint32_t sec)
{
	uint32_t minute = h->last_sec / 60, now = sec / 60, hour = h->last_sec / 3600;
	float minutes[60];

	history_set_minute(h, kind, minute % 60, history_mean_second(h, kind));
	for (uint32_t m = now - minute > 60 ? now - 60 : minute; m < now;)
		history_set_minute(h, kind, ++m % 60, 0);
	if (sec / 3600 == hour)
		return;
	history_minutes(h, kind, minutes);
	history_hours(h, kind)[hour % 24] = mean(kind, minutes, 60);
	slots_blank(history_hours(h, kind), 24, hour, sec / 3600);
}

/* A value of another second than the newest. Not inlined, so that what comes within a second is cheap. */
__attribute__((noinline)) static void add_second(struct history *h, enum history_kind kind, uint32_t sec, float value)
{
	if (h->last_sec == 0) {
		h->last_sec = sec;
		h->last_value = value;
		if (h->kept.n)
			history_set_second(h, kind, sec % 60, value);
		return;
	}
	if (sec < h->last_sec) {
		if (h->last_sec - sec < 60) {
			grow(h, kind, sec);
			history_set_second(h, kind, sec % 60, combine(kind, history_second(h, kind, sec % 60), value));
		} else if (clock_was_set_back(h->last_sec, sec, clock_server_sec())) {
			history_finish(h); /* it would take nothing until that second comes again */
			history_add(h, kind, sec, value);
		}
		return;
	}
	grow(h, kind, sec);
	if (sec / 60 != h->last_sec / 60 && kind != HISTORY_SIGNAL)
		close_older(h, kind, sec);
	history_blank_seconds(h, h->last_sec, sec);
	history_set_second(h, kind, sec % 60, value);
	history_head(h)->last_value_n1 = h->last_value;
	h->last_value = value;
	h->last_sec = sec;
}

void history_add(struct history *h, enum history_kind kind, uint32_t sec, float value)
{
	if (sec != h->last_sec || sec == 0) {
		add_second(h, kind, sec, value);
		return;
	}
	h->last_value = combine(kind, h->last_value, value);
	if (h->kept.n)
		history_set_second(h, kind, sec % 60, h->last_value);
}

void history_finish(struct history *h)
{
	free(h->kept.p);
	*h = (struct history){0};
}

static void widen(double *to, const float *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (double) from[i];
}

/* What the vectors that are not kept yet would hold. */
static void fill(const struct history *h, enum history_kind kind, float minute[60], float hour[60], float day[24])
{
	if (h->kept.n == 0) {
		if (h->last_sec)
			minute[h->last_sec % 60] = h->last_value;
		return;
	}
	history_seconds(h, kind, minute);
	if (kind == HISTORY_SIGNAL)
		return;
	history_minutes(h, kind, hour);
	if (history_hours(h, kind))
		memcpy(day, history_hours(h, kind), HISTORY_HOUR_VECTOR_BYTES);
}

const void *history_view(const struct history *h, enum history_kind kind, struct field_ctx *ctx)
{
	struct history_show *s = arena_alloc(ctx->arena, sizeof(*s));
	float minute[60] = {0}, hour[60] = {0}, day[24] = {0};
	uint32_t last = h->last_sec, now = ctx->model_now > last ? ctx->model_now : last;

	memset(s, 0, sizeof(*s));
	fill(h, kind, minute, hour, day);
	hour[last / 60 % 60] = mean(kind, minute, 60);
	day[last / 3600 % 24] = mean(kind, hour, 60);
	if (last) {
		slots_blank(minute, 60, last, now);
		slots_blank(hour, 60, last / 60, now / 60);
		slots_blank(day, 24, last / 3600, now / 3600);
	}
	widen(s->minute, minute, 60);
	widen(s->hour, hour, 60);
	widen(s->day, day, 24);
	s->last_time = now;
	s->serial_time = ctx->now_us / 1000000;
	s->last_value = now > last ? 0 : (double) h->last_value;
	s->last_value_n1 = now > last ? (double) h->last_value : (double) history_shape(h).last_value_n1;
	return s;
}
