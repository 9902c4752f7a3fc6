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

/* What follows the head. */
static uint8_t *seconds_of(const struct history *h)
{
	return h->kept.p + sizeof(struct history_shape);
}

static uint8_t *minute_at(const struct history *h, enum history_kind kind, uint32_t k)
{
	return seconds_of(h) + 60u * history_shape(h).width + k * minute_width(kind);
}

float *history_hours(const struct history *h, enum history_kind kind)
{
	const struct history_shape shape = history_shape(h);
	size_t at = sizeof(shape) + 60u * shape.width + shape.minutes * minute_width(kind);

	return h->kept.n > at ? (float *) (void *) (h->kept.p + at) : NULL;
}

float history_second(const struct history *h, enum history_kind kind, uint32_t i)
{
	const uint8_t *p = seconds_of(h);

	if (kind == HISTORY_SIGNAL)
		return ((const int8_t *) p)[i];
	switch (history_shape(h).width) {
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
	const struct history_shape old = history_shape(h);
	struct history to = *h;
	size_t each = minute_width(kind);

	to.kept.n = (uint32_t) (sizeof(old) + 60u * width + minutes * each + (days ? HISTORY_HOUR_VECTOR_BYTES : 0));
	to.kept.p = xalloc(to.kept.n);
	*history_head(&to) = (struct history_shape){old.last_value_n1, old.minute_shift, width, from, minutes};
	if (h->kept.n && width == old.width)
		memcpy(seconds_of(&to), seconds_of(h), 60u * width);
	for (uint32_t i = 0; h->kept.n && width != old.width && i < 60; i++)
		put_second(seconds_of(&to), width, i, (uint32_t) history_second(h, kind, i));
	for (uint32_t k = 0; k < old.minutes; k++) {
		uint32_t at = (old.from + k + 60u - from) % 60;

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

/* Not inlined, so that what fits saves no registers. */
__attribute__((noinline)) static void widen(struct history *h, enum history_kind kind)
{
	const struct history_shape shape = history_shape(h);

	reshape(h, kind, (uint8_t) full_width(kind), shape.from, shape.minutes, history_hours(h, kind));
}

void history_set_second(struct history *h, enum history_kind kind, uint32_t i, float v)
{
	const struct history_shape *shape = history_head(h);
	uint32_t n = v < 4e9f ? (uint32_t) v : 4000000000u;

	if (kind == HISTORY_SIGNAL) {
		/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): h is what reshape() made */
		((int8_t *) seconds_of(h))[i] = (int8_t) (v < -127 ? -127 : v > 127 ? 127 : v);
		return;
	}
	if (kind == HISTORY_COUNT && n > UINT16_MAX)
		n = UINT16_MAX;
	if (shape->width < sizeof(n) && n >> 8 * shape->width)
		widen(h, kind);
	/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): as above */
	put_second(seconds_of(h), history_head(h)->width, i, n);
}

void history_seconds(const struct history *h, enum history_kind kind, float ret[60])
{
	for (uint32_t i = 0; i < 60; i++)
		ret[i] = history_second(h, kind, i);
}

void history_blank_seconds(struct history *h, uint32_t from, uint32_t to)
{
	uint32_t n = to - from - 1, first = (from + 1) % 60;
	size_t width = history_shape(h).width;

	if (n == 0)
		return;
	if (n >= 60) {
		memset(seconds_of(h), 0, 60 * width);
		return;
	}
	if (first + n > 60) {
		memset(seconds_of(h), 0, (first + n - 60) * width);
		n = 60 - first;
	}
	memset(seconds_of(h) + first * width, 0, n * width);
}

float history_mean_second(const struct history *h, enum history_kind kind)
{
	const uint8_t *p = seconds_of(h);
	size_t width = history_shape(h).width;
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

/* A minute as it lies in memory. */
static float read_minute(const uint8_t *p, enum history_kind kind, uint8_t shift)
{
	uint16_t sum;
	float v;

	if (kind == HISTORY_COUNT) {
		memcpy(&sum, p, sizeof(sum));
		return (float) ((uint32_t) sum << shift) / 60;
	}
	memcpy(&v, p, sizeof(v));
	return v;
}

static float minute_get(const struct history *h, enum history_kind kind, uint32_t k)
{
	return read_minute(minute_at(h, kind, k), kind, history_shape(h).minute_shift);
}

/* The sum that a count's mean is of. */
static uint32_t sum_of(float mean)
{
	return (uint32_t) (mean * 60 + 0.5f);
}

static void minute_put(struct history *h, enum history_kind kind, uint32_t k, float v)
{
	uint16_t sum = kind == HISTORY_COUNT ? (uint16_t) (sum_of(v) >> history_shape(h).minute_shift) : 0;

	if (kind == HISTORY_COUNT)
		memcpy(minute_at(h, kind, k), &sum, sizeof(sum));
	else
		memcpy(minute_at(h, kind, k), &v, sizeof(v));
}

void history_minutes(const struct history *h, enum history_kind kind, float ret[60])
{
	const struct history_shape shape = history_shape(h);

	memset(ret, 0, 60 * sizeof(*ret));
	for (uint32_t k = 0; k < shape.minutes; k++)
		ret[(shape.from + k) % 60] = minute_get(h, kind, k);
}

static uint8_t rounded(uint32_t minutes)
{
	uint32_t n = (minutes + MINUTES_STEP - 1) / MINUTES_STEP * MINUTES_STEP;

	return (uint8_t) (n < 60 ? n : 60);
}

/* Room for the minute of slot i: behind the others; old ones that are 0 make way. */
static void make_room(struct history *h, enum history_kind kind, uint32_t i)
{
	const struct history_shape shape = history_shape(h);
	uint32_t from = shape.minutes ? shape.from : i, n;

	for (uint32_t k = 0; k < shape.minutes && from != i && minute_get(h, kind, k) == 0; k++)
		from = (from + 1) % 60;
	n = (i + 60 - from) % 60 + 1;
	if (n < shape.minutes)
		n = shape.minutes;
	reshape(h, kind, shape.width, (uint8_t) from, rounded(n), history_hours(h, kind));
}

void history_set_minute(struct history *h, enum history_kind kind, uint32_t i, float v)
{
	const struct history_shape shape = history_shape(h);
	uint32_t k = (i + 60 - shape.from) % 60;
	float all[60];

	if (k >= shape.minutes) {
		if (v == 0)
			return;
		make_room(h, kind, i);
		k = (i + 60 - history_shape(h).from) % 60;
	}
	if (kind == HISTORY_COUNT && (shape.minute_shift || sum_of(v) > UINT16_MAX)) {
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
	const struct history_shape shape = history_shape(h);
	uint32_t from, n = span_of_hours(v, &from);
	uint8_t shift = 0;
	float most = 0;

	for (uint32_t i = 0; i < 60; i++)
		most = v[i] > most ? v[i] : most;
	while (kind == HISTORY_COUNT && sum_of(most) >> shift > UINT16_MAX)
		shift++;
	if (n > shape.minutes)
		reshape(h, kind, shape.width, (uint8_t) from, rounded(n), history_hours(h, kind));
	history_head(h)->minute_shift = shift;
	history_head(h)->from = (uint8_t) from;
	for (uint32_t k = 0; k < history_shape(h).minutes; k++)
		minute_put(h, kind, k, v[(from + k) % 60]);
}

void history_keep_hours(struct history *h, enum history_kind kind)
{
	const struct history_shape shape = history_shape(h);

	if (!history_hours(h, kind))
		reshape(h, kind, shape.width, shape.from, shape.minutes, true);
}

size_t history_spread(const struct history *h, enum history_kind kind, uint8_t ret[HISTORY_SPREAD_MOST])
{
	size_t minute = history_second_vector_bytes(kind), n = minute, each = minute_width(kind);
	const struct history_shape shape = history_shape(h);
	const float *days;

	if (!h->kept.n)
		return 0;
	days = history_hours(h, kind);
	for (uint32_t i = 0; i < 60 && kind != HISTORY_SIGNAL; i++)
		put_second(ret, full_width(kind), i, (uint32_t) history_second(h, kind, i));
	if (kind == HISTORY_SIGNAL)
		memcpy(ret, seconds_of(h), minute);
	if (!shape.minutes && !days)
		return n;
	memset(ret + n, 0, history_minute_vector_bytes(kind));
	for (uint32_t k = 0; k < shape.minutes; k++)
		memcpy(ret + n + (shape.from + k) % 60 * each, minute_at(h, kind, k), each);
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

void history_gather(struct history *h, enum history_kind kind, uint8_t shift, const uint8_t *spread, size_t n)
{
	size_t minute = history_second_vector_bytes(kind), hour = history_minute_vector_bytes(kind);
	float hours[60];

	if (!n)
		return;
	history_keep_seconds(h, kind);
	for (uint32_t i = 0; i < 60; i++)
		history_set_second(h, kind, i, spread_second(spread, kind, i));
	if (n <= minute)
		return;
	for (uint32_t i = 0; i < 60; i++)
		hours[i] = read_minute(spread + minute + i * minute_width(kind), kind, shift);
	history_set_minutes(h, kind, hours);
	if (n <= minute + hour)
		return;
	history_keep_hours(h, kind);
	memcpy(history_hours(h, kind), spread + minute + hour, HISTORY_HOUR_VECTOR_BYTES);
}

void history_set_before(struct history *h, enum history_kind kind, float v)
{
	if (!h->kept.n && v != 0) {
		history_keep_seconds(h, kind);
		history_set_second(h, kind, h->last_sec % 60, h->last_value);
	}
	if (h->kept.n)
		history_head(h)->last_value_n1 = v;
}
