/* Histories, measurements and channels at any seconds in any order: what is shown of the last minute is what a list of
 * all samples shows, and it comes at once whatever the times are. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "field/history_kept.h"
#include "field/series.h"
#include "track/channels.h"

#define STEP 6 /* octets of a sample: how its second is meant, the second, its value */
#define SAMPLES 64
#define KHZ 2412000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sample {
	uint32_t sec;
	float value;
};

/* Any second, one near the last sample's, or one near the end of time. */
static uint32_t second_of(const uint8_t *p, uint32_t last)
{
	uint32_t sec;

	memcpy(&sec, p + 1, sizeof(sec));
	switch (p[0] % 4) {
	case 0: return sec;
	case 1: return last + sec % 128 - 64;
	case 2: return UINT32_MAX - sec % 128;
	default: return last + sec % 7200;
	}
}

/* What the slot of a second shows: the sum of its samples, if it is of the last minute. */
static double reported_by(const struct sample *s, size_t n, uint32_t sec)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += s[i].sec == sec ? (double) s[i].value : 0;
	return sum;
}

static void check_minute(const struct history *h, const struct sample *s, size_t n, uint32_t now)
{
	struct arena arena = {0};
	struct field_ctx ctx = {.model_now = now, .now_us = UINT64_C(1000000) * now, .arena = &arena};
	const struct history_show *show = history_view(h, HISTORY_OCTETS, &ctx);
	uint32_t end = now > h->last_sec ? now : h->last_sec;

	if (show->last_time != end)
		abort();
	for (uint32_t i = 0; i < 60 && i <= end; i++)
		if (show->minute[(end - i) % 60] != reported_by(s, n, end - i))
			abort();
	for (uint32_t i = 0; i < 60; i++)
		if (!isfinite(show->hour[i]) || show->hour[i] < 0)
			abort();
	for (uint32_t i = 0; i < 24; i++)
		if (!isfinite(show->day[i]) || show->day[i] < 0)
			abort();
	arena_finish(&arena);
}

static void check_measurements(struct measurements *m, uint32_t now)
{
	struct arena arena = {0};
	struct field_ctx ctx = {.model_now = now, .now_us = UINT64_C(1000000) * now, .arena = &arena};

	(void) series_view(m, &ctx);
	arena_finish(&arena);
}

static void check_channels(struct channels *c, const struct sample *s, size_t n)
{
	struct channel_counters channel_counters = {0};

	for (size_t i = 0; i < n; i++) {
		channels_device(c, KHZ, i ? s[i - 1].sec : 0, KHZ, s[i].sec);
		channel_counters.sec = s[i].sec;
		channel_counters.sums[0] = (struct channel_sum){.khz = KHZ, .channel = "1", .packets = 1, .octets = 60};
		channel_counters.n = 1;
		channels_flush(c, &channel_counters);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct history octets = {0}, counts = {0}, signals = {0}, peaks = {0};
	struct sample samples[SAMPLES];
	struct measurements *m = NULL;
	struct channels *c;
	uint32_t last = 1700000000;
	size_t n = 0;

	for (; size >= STEP && n < SAMPLES; data += STEP, size -= STEP) {
		uint32_t sec = second_of(data, last), now = second_of(data, sec);
		float value = (float) (data[STEP - 1] + 1);

		sec += sec == 0; /* stands for no sample */
		if (octets.last_sec > sec && octets.last_sec - sec >= 60 &&
		    clock_was_set_back(octets.last_sec, sec, clock_server_sec()))
			n = 0; /* it begins anew */
		last = n && octets.last_sec > sec ? octets.last_sec : sec;
		if (!n || last - sec < 60)
			samples[n++] = (struct sample){sec, value};
		history_add(&octets, HISTORY_OCTETS, sec, value);
		history_add(&counts, HISTORY_COUNT, sec, value);
		history_add(&signals, HISTORY_SIGNAL, sec, -value / 2);
		history_add(&peaks, HISTORY_PEAK, sec, value);
		series_add(&m, sec, (double) value);
		check_minute(&octets, samples, n, now);
		check_minute(&octets, samples, n, UINT32_MAX);
		check_measurements(m, now);
		check_measurements(m, UINT32_MAX);
	}
	c = channels_create();
	check_channels(c, samples, n);
	channels_destroy(c);
	history_finish(&octets);
	history_finish(&counts);
	history_finish(&signals);
	history_finish(&peaks);
	free(m);
	return 0;
}
