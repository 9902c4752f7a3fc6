#include "field/history_kept.h"

#include <string.h>

#include "base/mem.h"

static const struct field number = FIELD_ELEM_KIND(FIELD_REAL);

#define COMMON_ROWS                                                                                \
	FIELD(struct history_show, "kismet.common.rrd.last_time", last_time,                       \
	      "Second of the newest sample."),                                                     \
		FIELD(struct history_show, "kismet.common.rrd.serial_time", serial_time,           \
		      "Second to which the history was brought forward."),                         \
		FIELD(struct history_show, "kismet.common.rrd.last_value", last_value,             \
		      "Value of the newest second."),                                              \
		FIELD(struct history_show, "kismet.common.rrd.last_value_n1", last_value_n1,       \
		      "Value before the newest."),                                                 \
		FIELD_N(struct history_show, "kismet.common.rrd.minute_vec", minute, &number,      \
			"Sixty seconds, by second of the minute.", .type = "vector[double]"),      \
		FIELD(struct history_show, "kismet.common.rrd.blank_val", blank,                   \
		      "Value that stands for no data.")

static const struct field view_rows[] = {
	COMMON_ROWS,
	FIELD_N(struct history_show, "kismet.common.rrd.hour_vec", hour, &number,
		"Sixty minutes, by minute of the hour.", .type = "vector[double]"),
	FIELD_N(struct history_show, "kismet.common.rrd.day_vec", day, &number,
		"Twenty-four hours, by UTC hour of the day.", .type = "vector[double]"),
};
static const struct field minute_rows[] = {COMMON_ROWS};

struct field_table history_view_table = FIELD_TABLE(struct history_show, "history", view_rows);
struct field_table history_minute_table =
	FIELD_TABLE(struct history_show, "minute history", minute_rows);

size_t history_minute_bytes(enum history_kind kind)
{
	switch (kind) {
	case HISTORY_COUNT: return 60 * sizeof(uint16_t);
	case HISTORY_OCTETS:
	case HISTORY_PEAK: return 60 * sizeof(uint32_t);
	case HISTORY_SIGNAL: return 60 * sizeof(int8_t);
	}
	return 0;
}

size_t history_hour_bytes(enum history_kind kind)
{
	return 60 * (kind == HISTORY_COUNT ? sizeof(uint16_t) : sizeof(float));
}

/* The vector behind the first n octets of what is kept, or NULL. */
static void *vector(const struct history *h, size_t n)
{
	return h->kept.n > n ? h->kept.p + n : NULL;
}

static float *day_of(const struct history *h, enum history_kind kind)
{
	return vector(h, history_minute_bytes(kind) + history_hour_bytes(kind));
}

/* The means of the minutes; false while none are kept. */
static bool hours_get(const struct history *h, enum history_kind kind, float ret[60])
{
	const void *kept = vector(h, history_minute_bytes(kind));

	if (kept && kind != HISTORY_COUNT)
		memcpy(ret, kept, history_hour_bytes(kind));
	for (uint32_t i = 0; kept && kind == HISTORY_COUNT && i < 60; i++)
		ret[i] = (float) ((uint32_t) ((const uint16_t *) kept)[i] << h->minute_shift) / 60;
	return kept;
}

void history_set_hours(struct history *h, enum history_kind kind, const float v[60])
{
	void *kept = vector(h, history_minute_bytes(kind));
	float most = 0;

	if (kind != HISTORY_COUNT) {
		memcpy(kept, v, history_hour_bytes(kind));
		return;
	}
	for (uint32_t i = 0; i < 60; i++)
		most = v[i] > most ? v[i] : most;
	h->minute_shift = 0;
	while ((uint32_t) (most * 60 + 0.5f) >> h->minute_shift > UINT16_MAX)
		h->minute_shift++;
	for (uint32_t i = 0; i < 60; i++)
		((uint16_t *) kept)[i] = (uint16_t) ((uint32_t) (v[i] * 60 + 0.5f) >> h->minute_shift);
}

static float second_get(const struct history *h, enum history_kind kind, uint32_t i)
{
	const void *minute = h->kept.p;

	switch (kind) {
	case HISTORY_COUNT: return ((const uint16_t *) minute)[i];
	case HISTORY_OCTETS:
	case HISTORY_PEAK: return (float) ((const uint32_t *) minute)[i];
	case HISTORY_SIGNAL: return ((const int8_t *) minute)[i];
	}
	return 0;
}

void history_set_second(struct history *h, enum history_kind kind, uint32_t i, float v)
{
	void *minute = h->kept.p;

	switch (kind) {
	case HISTORY_COUNT:
		((uint16_t *) minute)[i] = v < UINT16_MAX ? (uint16_t) v : UINT16_MAX;
		break;
	case HISTORY_OCTETS:
	case HISTORY_PEAK:
		((uint32_t *) minute)[i] = v < 4e9f ? (uint32_t) v : 4000000000u;
		break;
	case HISTORY_SIGNAL:
		((int8_t *) minute)[i] = (int8_t) (v < -127 ? -127 : v > 127 ? 127 : v);
		break;
	}
}

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

static float minute_mean(const struct history *h, enum history_kind kind)
{
	float v[60];

	for (uint32_t i = 0; i < 60; i++)
		v[i] = second_get(h, kind, i);
	return mean(kind, v, 60);
}

/* Sets the slots of (from, to), both outside, to no data; all of them when that is a whole turn. */
static void blank_between(float *v, uint32_t n, uint32_t from, uint32_t to)
{
	if (to - from > n)
		from = to - n - 1;
	for (uint32_t i = from + 1; i < to; i++)
		v[i % n] = 0;
}

static void blank_seconds(struct history *h, enum history_kind kind, uint32_t from, uint32_t to)
{
	if (to - from > 60)
		from = to - 61;
	for (uint32_t i = from + 1; i < to; i++)
		history_set_second(h, kind, i % 60, 0);
}

/* Makes room for n octets, the new ones zero. */
static void keep(struct history *h, size_t n)
{
	if (h->kept.n >= n)
		return;
	xgrow(h->kept.p, n);
	memset(h->kept.p + h->kept.n, 0, n - h->kept.n);
	h->kept.n = (uint32_t) n;
}

static void grow(struct history *h, enum history_kind kind, uint32_t sec)
{
	size_t minute = history_minute_bytes(kind);

	if (h->kept.n == 0 && sec != h->last_sec) {
		keep(h, minute);
		history_set_second(h, kind, h->last_sec % 60, h->last_value);
	}
	if (kind == HISTORY_SIGNAL)
		return; /* is shown by its minute alone */
	if (sec / 60 != h->last_sec / 60)
		keep(h, minute + history_hour_bytes(kind));
	if (sec / 3600 != h->last_sec / 3600)
		keep(h, minute + history_hour_bytes(kind) + HISTORY_DAY_BYTES);
}

/* The minute and hour that end now become averages before newer ones begin. */
static void close_older(struct history *h, enum history_kind kind, uint32_t sec)
{
	float *day = day_of(h, kind), hour[60];

	if (!hours_get(h, kind, hour))
		return;
	hour[h->last_sec / 60 % 60] = minute_mean(h, kind);
	blank_between(hour, 60, h->last_sec / 60, sec / 60 + 1);
	if (day) {
		day[h->last_sec / 3600 % 24] = mean(kind, hour, 60);
		blank_between(day, 24, h->last_sec / 3600, sec / 3600 + 1);
	}
	history_set_hours(h, kind, hour);
}

void history_add(struct history *h, enum history_kind kind, uint32_t sec, float value)
{
	if (h->last_sec == 0 || sec == h->last_sec) {
		h->last_value = h->last_sec ? combine(kind, h->last_value, value) : value;
		h->last_sec = sec;
		if (h->kept.n)
			history_set_second(h, kind, sec % 60, h->last_value);
		return;
	}
	if (sec < h->last_sec) {
		if (h->last_sec - sec < 60) {
			grow(h, kind, sec);
			history_set_second(h, kind, sec % 60,
				   combine(kind, second_get(h, kind, sec % 60), value));
		}
		return;
	}
	grow(h, kind, sec);
	if (sec / 60 != h->last_sec / 60)
		close_older(h, kind, sec);
	blank_seconds(h, kind, h->last_sec, sec);
	history_set_second(h, kind, sec % 60, value);
	h->last_value_n1 = h->last_value;
	h->last_value = value;
	h->last_sec = sec;
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
static void fill(const struct history *h, enum history_kind kind, float minute[60], float hour[60],
		 float day[24])
{
	const float *days = day_of(h, kind);

	for (uint32_t i = 0; h->kept.n && i < 60; i++)
		minute[i] = second_get(h, kind, i);
	if (h->kept.n == 0 && h->last_sec)
		minute[h->last_sec % 60] = h->last_value;
	(void) hours_get(h, kind, hour);
	if (days)
		memcpy(day, days, HISTORY_DAY_BYTES);
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
		blank_between(minute, 60, last, now + (now > last));
		blank_between(hour, 60, last / 60, now / 60 + (now / 60 > last / 60));
		blank_between(day, 24, last / 3600, now / 3600 + (now / 3600 > last / 3600));
	}
	widen(s->minute, minute, 60);
	widen(s->hour, hour, 60);
	widen(s->day, day, 24);
	s->last_time = now;
	s->serial_time = ctx->now_us / 1000000;
	s->last_value = now > last ? 0 : (double) h->last_value;
	s->last_value_n1 = now > last ? (double) h->last_value : (double) h->last_value_n1;
	return s;
}
