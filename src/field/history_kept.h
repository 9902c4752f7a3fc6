/* The inside of a history, for field's own files: what `kept` holds, and how readers see it. */
#pragma once
#include "field/history.h"

#define HISTORY_DAY_BYTES (24 * sizeof(float))

struct history_show {
	uint64_t last_time, serial_time;
	double last_value, last_value_n1, blank;
	double minute[60], hour[60], day[24];
};

size_t history_minute_bytes(enum history_kind kind);
size_t history_hour_bytes(enum history_kind kind);
/* Sets a second, or the means of the minutes, that are kept already. */
void history_set_second(struct history *h, enum history_kind kind, uint32_t i, float v);
void history_set_hours(struct history *h, enum history_kind kind, const float v[60]);
