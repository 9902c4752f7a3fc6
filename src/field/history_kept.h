/* What the member `kept` of a history holds, and how it is read; for field's own files.
 *
 * kept: nothing before there are two seconds; then a head (struct history_shape), 60 seconds, minutes, 24 hours. A
 * second takes `width` octets, half of those of its kind until one needs them all. Minutes are those from slot `from`
 * on, `minutes` of them, around the hour; of counts the sums, as uint16_t, else the means, as float; others are 0.
 * Hours are floats.
 *
 * Spread, as logs have them, all of a part is there at its full width: HISTORY_SPREAD_MOST octets at most. */
#pragma once
#include "field/history.h"

#define HISTORY_HOUR_VECTOR_BYTES (24 * sizeof(float))
#define HISTORY_SPREAD_MOST (60 * sizeof(uint32_t) + 60 * sizeof(float) + HISTORY_HOUR_VECTOR_BYTES)

struct history_shape {
	float last_value_n1;  /* the value before the newest */
	uint8_t minute_shift; /* counts of minutes are kept without so many low bits: 0 below 65,536 a minute */
	uint8_t width, from, minutes;
};

/* The head; all 0 while nothing is kept. */
static inline struct history_shape history_shape(const struct history *h)
{
	return h->kept.n ? *(const struct history_shape *) (const void *) h->kept.p : (struct history_shape){0};
}
/* It, to be changed; something is kept. */
static inline struct history_shape *history_head(struct history *h)
{
	return (struct history_shape *) (void *) h->kept.p;
}

struct history_show {
	uint64_t last_time, serial_time;
	double last_value, last_value_n1, blank;
	double minute[60], hour[60], day[24];
};

/* Octets of the parts when they are spread. */
size_t history_second_vector_bytes(enum history_kind kind);
size_t history_minute_vector_bytes(enum history_kind kind);

/* Makes the seconds, all 0, unless they are kept already. */
void history_keep_seconds(struct history *h, enum history_kind kind);
/* A second that is kept, by its slot. */
float history_second(const struct history *h, enum history_kind kind, uint32_t i);
void history_set_second(struct history *h, enum history_kind kind, uint32_t i, float v);
/* All of them; those of (from, to), both outside, become no data. */
void history_seconds(const struct history *h, enum history_kind kind, float ret[60]);
void history_blank_seconds(struct history *h, uint32_t from, uint32_t to);
/* What stands for the seconds: their mean, or their peak. Not of signals. */
float history_mean_second(const struct history *h, enum history_kind kind);

/* The means of minutes, by slot. Seconds are kept. Not of signals. */
void history_minutes(const struct history *h, enum history_kind kind, float ret[60]);
void history_set_minutes(struct history *h, enum history_kind kind, const float v[60]);
void history_set_minute(struct history *h, enum history_kind kind, uint32_t i, float v);

/* The hours of the day, or NULL before they are kept. */
float *history_hours(const struct history *h, enum history_kind kind);
void history_keep_hours(struct history *h, enum history_kind kind);

/* Everything, spread: how many octets. And back, with the minute_shift that it was spread with. */
size_t history_spread(const struct history *h, enum history_kind kind, uint8_t ret[HISTORY_SPREAD_MOST]);
void history_gather(struct history *h, enum history_kind kind, uint8_t shift, const uint8_t *spread, size_t n);
/* Sets the value before the newest. */
void history_set_before(struct history *h, enum history_kind kind, float v);
