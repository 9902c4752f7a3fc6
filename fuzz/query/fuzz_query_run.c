/* Any text as an expression, asked of an alert, a message and a sighting: at once and in two halves, which agree. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "detect/alert.h"
#include "detect/alert_names.h"
#include "feed/message_names.h"
#include "query/run.h"
#include "track/device.h"
#include "track/sighting.h"
#include "track/sighting_names.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct alert alerts[] = {
	{.name = "DEAUTHFLOOD",
	 .alert_class = "DENIAL",
	 .text = "Deauthentications of aaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
	 .channel = "6HT40+",
	 .severity = SEVERITY_HIGH,
	 .transmitter = {{0x02, 1, 2, 3, 4, 5}},
	 .freq_khz = 2437000,
	 .time = 1799999990.5,
	 .signal_dbm = -40,
	 .frames = 12},
	{.name = ""},
};
static const struct message messages[] = {{.text = "A source opened", .flags = MESSAGE_INFO, .time = 1799990000}};
static const struct sighting sightings[] = {
	{.device = {1, {{2, 0, 0, 0, 0, 1}}},
	 .bssid = {{2, 0, 0, 0, 0, 2}},
	 .start_sec = 1799999940,
	 .seconds = 60,
	 .frames = 9,
	 .sent = 3,
	 .octets = 5000,
	 .freq_khz = 2437000,
	 .signal_type = SIGNAL_DBM,
	 .signal_least = -80,
	 .signal_most = -40,
	 .signal_mean = -61.5F},
	{.seconds = 60},
};

static void ask(const struct query_record *record, const void *items, size_t n, const char *text, size_t size)
{
	struct arena arena = {0};
	struct field_ctx ctx = {.now_us = UINT64_C(1800000000) * 1000000, .arena = &arena};
	struct query_error error;
	struct query_program *p = query_compile(record, text, size, 1800000000, &error);
	struct query_run *r = p ? query_run_create(p) : NULL;

	for (size_t i = 0; p && i < n; i++) {
		const void *item = (const char *) items + i * record->table->size;
		bool whole = query_matches(r, item, &ctx);
		uint32_t number;
		enum query_answer answer = query_look(r, item, &ctx, &number);

		if (whole != (answer == QUERY_LATER ? query_later(r, number) : answer == QUERY_HIT))
			abort();
		query_later_reset(r);
	}
	query_run_destroy(r);
	query_program_destroy(p);
	arena_finish(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (size)
		memcpy(text, data, size);
	ask(&alert_query, alerts, 2, text, size);
	ask(&message_query, messages, 1, text, size);
	ask(&sighting_query, sightings, 2, text, size);
	free(text);
	return 0;
}
