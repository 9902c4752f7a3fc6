#include "detect/scope.h"

#include "track/observe.h"

static const struct field watch_rows[] = {
	FIELD(struct watch, "norn.watch.disconnects", disconnects.frames, "Disconnections in a row."),
};
struct field_table watch_table = FIELD_TABLE(struct watch, "watch", watch_rows);

struct watch *watch_of(struct device *d)
{
	return device_own_part(d, WATCH_PART);
}

static uint32_t begin(struct burst *b, uint64_t time_us)
{
	*b = (struct burst){.first_us = time_us, .frames = 1};
	return 1;
}

static uint32_t go_on(struct burst *b, uint64_t time_us)
{
	uint64_t ms = (time_us - b->first_us) / 1000;

	b->last_ms = ms < UINT32_MAX ? (uint32_t) ms : UINT32_MAX;
	return ++b->frames;
}

uint32_t burst_within(struct burst *b, uint64_t time_us, uint64_t window_us)
{
	if (b->frames == 0 || time_us < b->first_us || time_us - b->first_us > window_us)
		return begin(b, time_us);
	return go_on(b, time_us);
}

uint32_t burst_gapless(struct burst *b, uint64_t time_us, uint64_t gap_us)
{
	uint64_t last_us = b->first_us + UINT64_C(1000) * b->last_ms;

	if (b->frames == 0 || time_us < b->first_us || time_us > last_us + gap_us)
		return begin(b, time_us);
	return go_on(b, time_us);
}
