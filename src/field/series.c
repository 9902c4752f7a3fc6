#include "field/series.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "field/slots.h"

static float mean(const float *v, size_t n)
{
	double sum = 0;
	unsigned have = 0;

	for (size_t i = 0; i < n; i++) {
		sum += (double) v[i];
		have += v[i] != 0;
	}
	return have ? (float) (sum / have) : 0;
}

static void forward(struct measurements *s, uint32_t sec)
{
	if (sec <= s->last_sec)
		return;
	slots_blank(s->minute, 60, s->last_sec, sec);
	slots_blank(s->hour, 60, s->last_sec / 60, sec / 60);
	slots_blank(s->day, 24, s->last_sec / 3600, sec / 3600);
	s->last_sec = sec;
}

void series_add(struct measurements **at, uint32_t sec, double value)
{
	struct measurements *s = *at;

	if (!s) {
		s = *at = xnew(struct measurements, 1);
		s->last_sec = sec;
	}
	if (sec < s->last_sec && !clock_was_set_back(s->last_sec, sec, clock_server_sec()))
		return;
	if (sec < s->last_sec)
		*s = (struct measurements){.last_sec = sec};
	forward(s, sec);
	s->before = s->last;
	s->last = value;
	s->minute[sec % 60] = (float) value;
	s->hour[sec / 60 % 60] = mean(s->minute, 60);
	s->day[sec / 3600 % 24] = mean(s->hour, 60);
}

struct show {
	uint64_t last_sec, now_sec;
	double last, before, blank;
	double minute[60], hour[60], day[24];
};
static const struct field number = FIELD_ELEM_KIND(FIELD_REAL);
static const struct field rows[] = {
	FIELD(struct show, "kismet.common.rrd.last_time", last_sec, "Second of the newest value."),
	FIELD(struct show, "kismet.common.rrd.serial_time", now_sec, "Second of the request."),
	FIELD(struct show, "kismet.common.rrd.last_value", last, "Newest value."),
	FIELD(struct show, "kismet.common.rrd.last_value_n1", before, "The one before it."),
	FIELD_N(struct show, "kismet.common.rrd.minute_vec", minute, &number, "Values by second of the minute."),
	FIELD_N(struct show, "kismet.common.rrd.hour_vec", hour, &number, "Means by minute of the hour."),
	FIELD_N(struct show, "kismet.common.rrd.day_vec", day, &number, "Means by hour of the day, UTC."),
	FIELD(struct show, "kismet.common.rrd.blank_val", blank, "The value that means none."),
};
struct field_table series_view_table = FIELD_TABLE(struct show, "rrd of measurements", rows);

const void *series_view(const struct measurements *s, struct field_ctx *ctx)
{
	struct show *show;
	struct measurements now;

	if (!s)
		return NULL;
	now = *s;
	forward(&now, ctx->model_now);
	show = arena_alloc(ctx->arena, sizeof(*show));
	memset(show, 0, sizeof(*show));
	show->last_sec = s->last_sec;
	show->now_sec = ctx->now_us / 1000000;
	show->last = s->last;
	show->before = s->before;
	for (size_t i = 0; i < 60; i++) {
		show->minute[i] = (double) now.minute[i];
		show->hour[i] = (double) now.hour[i];
	}
	for (size_t i = 0; i < 24; i++)
		show->day[i] = (double) now.day[i];
	return show;
}
