/* Any text as a report in JSON: the first octet chooses its type. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "field/write.h"
#include "phy/dot11/dot11.h"
#include "phy/phys.h"
#include "phy/radiation/radiation.h"
#include "track/read.h"
#include "track/report.h"
#include "track/tracker.h"
#include "wire/adsb/adsb.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct tracker *tracker;
static uint64_t now_us = 1700000000000000;

static void begin(void)
{
	struct track_conf track = {.phys = built_in_phys};
	struct uuid u = {{1}};

	option_table_default(&track_options, &track);
	track.oui_file = "/nowhere";
	track.max_devices = 500;
	tracker = tracker_create(&track);
	tracker_source(tracker, 1, true, &u);
}

/* Whatever a device remembers can be written. */
static void write_devices(void)
{
	struct arena arena = {0};
	struct field_ctx ctx = {.arena = &arena, .context = tracker_context(tracker)};
	struct tracker_walk walk = {.view = -1, .arena = &arena};
	struct device *devices[TRACK_SLICE];
	struct device_handle handles[TRACK_SLICE];
	const struct radiation_sensor *sensors;
	struct buf out = {0};
	uint32_t n;

	while ((n = tracker_next(tracker, &walk, devices, handles)))
		for (uint32_t i = 0; i < n; i++)
			field_write(&out, &device_table, devices[i], FIELD_FORMAT_JSON, &ctx);
	n = tracker_radiation(tracker, &arena, &sensors);
	for (uint32_t i = 0; i < n; i++)
		field_write(&out, &radiation_table, &sensors[i], FIELD_FORMAT_JSON, &ctx);
	buf_finish(&out);
	arena_finish(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = {"adsb",      "RTL433",        "RTLamr",        "radiation",
					    "DOT11SCAN", "BLUETOOTHSCAN", "antsdr-droneid"};
	const char *type = types[size ? data[0] % ARRAY_SIZE(types) : 0];
	struct track_report r = {.source = 1, .time_us = now_us, .type = span_of(type, strlen(type))};
	struct adsb_frame frame;
	uint8_t *exact;

	if (!tracker)
		begin();
	if (size == 0)
		return 0;
	exact = malloc(size);
	memcpy(exact, data + 1, size - 1);
	r.json = span_of(exact, size - 1);
	(void) tracker_report(tracker, &r, (uint32_t) (now_us / 1000000));
	(void) adsb_read(r.json, &frame);
	free(exact);
	now_us += 700000;
	write_devices();
	return 0;
}
