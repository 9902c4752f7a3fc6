/* Measurements over time that are no counts: temperatures, speeds, doses. The last minute by seconds, the last hour by
 * minutes, the last day by hours, shown as histories are (history.h) but with fractions: the newest value of a second
 * stands, a minute is the mean of its seconds that have one, an hour that of its minutes. */
#pragma once
#include <stdint.h>

#include "field/field.h"

struct measurements {
	uint32_t last_sec; /* 0: none yet */
	double last, before;
	float minute[60], hour[60], day[24]; /* by second of the minute, minute of the hour, hour of the day */
};

/* Adds a value at second `sec`; one before the last is left out. *s is made with the first one. */
void series_add(struct measurements **s, uint32_t sec, double value);
/* As readers see it, brought forward to ctx->model_now, in ctx's arena; NULL without a value. */
const void *series_view(const struct measurements *s, struct field_ctx *ctx);
extern struct field_table series_view_table;

/* The row of a record T that owns a series m, and the row that shows it. */
#define SERIES_CALL(T, m)                                                                                              \
	static const void *m##_view(const void *obj, struct field_ctx *ctx)                                            \
	{                                                                                                              \
		return series_view(((const T *) obj)->m, ctx);                                                         \
	}
#define SERIES_ROWS(T, wire, m, text)                                                                                  \
	FIELD_CALL_OBJECT(wire, m##_view, &series_view_table, text), FIELD_MEM(T, m, sizeof(struct measurements))
