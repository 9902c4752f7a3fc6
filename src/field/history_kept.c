/* Memory of histories: most devices are seen in a few minutes, at less than 256 packets a second. */
#include "field/history_kept.h"

#include <string.h>

#include "base/mem.h"

#define MINUTES_STEP 8

static size_t full_width(enum history_kind kind)
{
	switch (kind) {
	case HISTORY_COUNT: return sizeof(uint16_t);
	case HISTORY_OCTETS:
	case HISTORY_PEAK: return sizeof(uint32_t);
	case HISTORY_SIGNAL: return sizeof(int8_t);
	}
	return 1;
}

static size_t minute_width(enum history_kind kind)
{
	return kind == HISTORY_COUNT ? sizeof(uint16_t) : sizeof(float);
}

size_t history_second_vector_bytes(enum history_kind kind)
{
	return 60 * full_width(kind);
}

size_t history_minute_vector_bytes(enum history_kind kind)
{
	return 60 * minute_width(kind);
}

static uint8_t *minute_at(const struct history *h, enum history_kind kind, uint32_t k)
{
	return h->kept.p + 60u * h->width + k * minute_width(kind);
}

float *history_hours(const struct history *h, enum history_kind kind)
{
	size_t at = 60u * h->width + h->minutes * minute_width(kind);

	return h->kept.n > at ? (float *) (void *) (h->kept.p + at) : NULL;
}

float history_second(const struct history *h, enum history_kind kind, uint32_t i)
{
	const uint8_t *p = h->kept.p;

	if (kind == HISTORY_SIGNAL)
		return ((const int8_t *) p)[i];
	switch (h->width) {
	case 1: return p[i];
	case 2: return ((const uint16_t *) (const void *) p)[i];
	default: return (float) ((const uint32_t *) (const void *) p)[i];
	}
}

static void put_second(uint8_t *p, size_t width, uint32_t i, uint32_t v)
{
	switch (width) {
	case 1: p[i] = (uint8_t) v; break;
	case 2: ((uint16_t *) (void *) p)[i] = (uint16_t) v; break;
	default: ((uint32_t *) (void *) p)[i] = v; break;
	}
}

/* Moves everything to memory of another shape, in which the minutes that are kept have room. */
static void reshape(struct history *h, enum history_kind kind, uint8_t width, uint8_t from, uint8_t minutes, bool days)
{
	struct history to = *h;
	size_t each = minute_width(kind);

	to.width = width;
	to.from = from;
	to.minutes = minutes;
	to.kept.n = (uint32_t) (60u * width + minutes * each + (days ? HISTORY_HOUR_VECTOR_BYTES : 0));
	to.kept.p = xalloc(to.kept.n);
	if (h->kept.n && width == h->width)
		memcpy(to.kept.p, h->kept.p, 60u * width);
	for (uint32_t i = 0; h->kept.n && width != h->width && i < 60; i++)
		put_second(to.kept.p, width, i, (uint32_t) history_second(h, kind, i));
	for (uint32_t k = 0; k < h->minutes; k++) {
		uint32_t at = (h->from + k + 60u - from) % 60;

		if (at < minutes)
			memcpy(minute_at(&to, kind, at), minute_at(h, kind, k), each);
	}
	if (h->kept.n && days && history_hours(h, kind))
		memcpy(history_hours(&to, kind), history_hours(h, kind), HISTORY_HOUR_VECTOR_BYTES);
	free(h->kept.p);
	*h = to;
}

void history_keep_seconds(struct history *h, enum history_kind kind)
{
	size_t full = full_width(kind);

	if (!h->kept.n)
		reshape(h, kind, (uint8_t) (full > 1 ? full / 2 : 1), 0, 0, false);
}

void history_set_second(struct history *h, enum history_kind kind, uint32_t i, float v)
{
	uint32_t n = v < 4e9f ? (uint32_t) v : 4000000000u;

	if (kind == HISTORY_SIGNAL) {
		/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): h is what reshape() made */
		((int8_t *) h->kept.p)[i] = (int8_t) (v < -127 ? -127 : v > 127 ? 127 : v);
		return;
	}
	if (kind == HISTORY_COUNT && n > UINT16_MAX)
		n = UINT16_MAX;
	if (h->width < sizeof(n) && n >> 8 * h->width)
		reshape(h, kind, (uint8_t) full_width(kind), h->from, h->minutes, history_hours(h, kind));
	/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): as above */
	put_second(h->kept.p, h->width, i, n);
}

void history_seconds(const struct history *h, enum history_kind kind, float ret[60])
{
	for (uint32_t i = 0; i < 60; i++)
		ret[i] = history_second(h, kind, i);
}

void history_blank_seconds(struct history *h, uint32_t from, uint32_t to)
{
	uint32_t n = to - from - 1, first = (from + 1) % 60;
	size_t width = h->width;

	if (n == 0)
		return;
	if (n >= 60) {
		memset(h->kept.p, 0, 60 * width);
		return;
	}
	if (first + n > 60) {
		memset(h->kept.p, 0, (first + n - 60) * width);
		n = 60 - first;
	}
	memset(h->kept.p + first * width, 0, n * width);
}

float history_mean_second(const struct history *h, enum history_kind kind)
{
	const uint8_t *p = h->kept.p;
	size_t width = h->width;
	uint64_t sum = 0;
	uint32_t most = 0;

	for (uint32_t i = 0; i < 60; i++) {
		uint32_t v = width == 1   ? p[i]
			     : width == 2 ? ((const uint16_t *) (const void *) p)[i]
					  : ((const uint32_t *) (const void *) p)[i];

		sum += v;
		most = v > most ? v : most;
	}
	return kind == HISTORY_PEAK ? (float) most : (float) sum / 60;
}

static float minute_get(const struct history *h, enum history_kind kind, uint32_t k)
{
	uint16_t sum;
	float v;

	if (kind == HISTORY_COUNT) {
		memcpy(&sum, minute_at(h, kind, k), sizeof(sum));
		return (float) ((uint32_t) sum << h->minute_shift) / 60;
	}
	memcpy(&v, minute_at(h, kind, k), sizeof(v));
	return v;
}

/* The sum that a count's mean is of. */
static uint32_t sum_of(float mean)
{
	return (uint32_t) (mean * 60 + 0.5f);
}

static void minute_put(struct history *h, enum history_kind kind, uint32_t k, float v)
{
	uint16_t sum = kind == HISTORY_COUNT ? (uint16_t) (sum_of(v) >> h->minute_shift) : 0;

	if (kind == HISTORY_COUNT)
		memcpy(minute_at(h, kind, k), &sum, sizeof(sum));
	else
		memcpy(minute_at(h, kind, k), &v, sizeof(v));
}

void history_minutes(const struct history *h, enum history_kind kind, float ret[60])
{
	memset(ret, 0, 60 * sizeof(*ret));
	for (uint32_t k = 0; k < h->minutes; k++)
		ret[(h->from + k) % 60] = minute_get(h, kind, k);
}

static uint8_t rounded(uint32_t minutes)
{
	uint32_t n = (minutes + MINUTES_STEP - 1) / MINUTES_STEP * MINUTES_STEP;

	return (uint8_t) (n < 60 ? n : 60);
}

/* Room for the minute of slot i: behind the others; old ones that are 0 make way. */
static void make_room(struct history *h, enum history_kind kind, uint32_t i)
{
	uint32_t from = h->minutes ? h->from : i, n;

	for (uint32_t k = 0; k < h->minutes && from != i && minute_get(h, kind, k) == 0; k++)
		from = (from + 1) % 60;
	n = (i + 60 - from) % 60 + 1;
	if (n < h->minutes)
		n = h->minutes;
	reshape(h, kind, h->width, (uint8_t) from, rounded(n), history_hours(h, kind));
}

void history_set_minute(struct history *h, enum history_kind kind, uint32_t i, float v)
{
	uint32_t k = (i + 60 - h->from) % 60;
	float all[60];

	if (k >= h->minutes) {
		if (v == 0)
			return;
		make_room(h, kind, i);
		k = (i + 60 - h->from) % 60;
	}
	if (kind == HISTORY_COUNT && (h->minute_shift || sum_of(v) > UINT16_MAX)) {
		history_minutes(h, kind, all);
		all[i] = v;
		history_set_minutes(h, kind, all);
		return;
	}
	minute_put(h, kind, k, v);
}

/* The slot behind the longest run of zeros; how many follow up to the last that is not 0. */
static uint32_t span_of_hours(const float v[60], uint32_t *ret_from)
{
	uint32_t run = 0, longest = 0;

	*ret_from = 0;
	for (uint32_t i = 0; i < 120; i++) {
		run = v[i % 60] == 0 ? run + 1 : 0;
		if (run > longest) {
			longest = run;
			*ret_from = (i + 1) % 60;
		}
	}
	return longest < 60 ? 60 - longest : 0;
}

void history_set_minutes(struct history *h, enum history_kind kind, const float v[60])
{
	uint32_t from, n = span_of_hours(v, &from);
	float most = 0;

	for (uint32_t i = 0; i < 60; i++)
		most = v[i] > most ? v[i] : most;
	h->minute_shift = 0;
	while (kind == HISTORY_COUNT && sum_of(most) >> h->minute_shift > UINT16_MAX)
		h->minute_shift++;
	if (n > h->minutes)
		reshape(h, kind, h->width, (uint8_t) from, rounded(n), history_hours(h, kind));
	h->from = (uint8_t) from;
	for (uint32_t k = 0; k < h->minutes; k++)
		minute_put(h, kind, k, v[(from + k) % 60]);
}

void history_keep_hours(struct history *h, enum history_kind kind)
{
	if (!history_hours(h, kind))
		reshape(h, kind, h->width, h->from, h->minutes, true);
}

size_t history_spread(const struct history *h, enum history_kind kind, uint8_t ret[HISTORY_SPREAD_MOST])
{
	size_t minute = history_second_vector_bytes(kind), n = minute, each = minute_width(kind);
	const float *days;

	if (!h->kept.n)
		return 0;
	days = history_hours(h, kind);
	for (uint32_t i = 0; i < 60 && kind != HISTORY_SIGNAL; i++)
		put_second(ret, full_width(kind), i, (uint32_t) history_second(h, kind, i));
	if (kind == HISTORY_SIGNAL)
		memcpy(ret, h->kept.p, minute);
	if (!h->minutes && !days)
		return n;
	memset(ret + n, 0, history_minute_vector_bytes(kind));
	for (uint32_t k = 0; k < h->minutes; k++)
		memcpy(ret + n + (h->from + k) % 60 * each, minute_at(h, kind, k), each);
	n += history_minute_vector_bytes(kind);
	if (days)
		memcpy(ret + n, days, HISTORY_HOUR_VECTOR_BYTES);
	return n + (days ? HISTORY_HOUR_VECTOR_BYTES : 0);
}

/* A second of what is spread. */
static float spread_second(const uint8_t *p, enum history_kind kind, uint32_t i)
{
	uint32_t n = 0;
	uint16_t half;

	if (kind == HISTORY_SIGNAL)
		return (int8_t) p[i];
	if (kind == HISTORY_COUNT) {
		memcpy(&half, p + i * sizeof(half), sizeof(half));
		return half;
	}
	memcpy(&n, p + i * sizeof(n), sizeof(n));
	return (float) n;
}

void history_gather(struct history *h, enum history_kind kind, const uint8_t *spread, size_t n)
{
	size_t minute = history_second_vector_bytes(kind), hour = history_minute_vector_bytes(kind);
	struct history all = {.minute_shift = h->minute_shift, .minutes = 60, .width = (uint8_t) full_width(kind)};
	float hours[60];

	if (!n)
		return;
	history_keep_seconds(h, kind);
	for (uint32_t i = 0; i < 60; i++)
		history_set_second(h, kind, i, spread_second(spread, kind, i));
	if (n <= minute)
		return;
	all.kept = (struct octets){(uint8_t *) (uintptr_t) spread, (uint32_t) n};
	history_minutes(&all, kind, hours);
	history_set_minutes(h, kind, hours);
	if (n <= minute + hour)
		return;
	history_keep_hours(h, kind);
	memcpy(history_hours(h, kind), spread + minute + hour, HISTORY_HOUR_VECTOR_BYTES);
}
