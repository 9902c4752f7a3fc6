/* Any octets behind each link type, through the model and under the eyes of the rules: the first octet chooses the
 * link type, then frames follow, each with its length (16 bits, little endian) before it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "detect/detector.h"
#include "field/write.h"
#include "phy/phys.h"
#include "track/read.h"
#include "track/tracker.h"

#define STEP_US 100000
#define FRAMES_MAX 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint16_t types[] = {LINKTYPE_BLUETOOTH_LE_LL, LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR,
				 LINKTYPE_BLUETOOTH_HCI_H4, LINKTYPE_BLUETOOTH_HCI_H4_WITH_PHDR, LINKTYPE_PPI};
static struct tracker *tracker;
static uint64_t now_us = 1700000000000000;

static void begin(void)
{
	struct track_conf track = {.phys = built_in_phys};
	struct detector_conf conf = {0};
	struct alerts *alerts = alerts_create(10, NULL);
	struct uuid u = {{1}};
	unsigned errors = 0;
	struct detector *d;

	option_table_default(&detector_options, &conf);
	option_table_default(&track_options, &track);
	track.oui_file = "/nowhere";
	track.max_devices = 500;
	tracker = tracker_create(&track);
	d = detector_create(&conf, alerts, tracker, &errors);
	detector_start(d);
	tracker_source(tracker, 1, false, &u);
}

/* Whatever a device remembers can be written. */
static void write_devices(void)
{
	struct arena arena = {0};
	struct field_ctx ctx = {.arena = &arena, .context = tracker_context(tracker)};
	struct tracker_walk walk = {.view = -1, .arena = &arena};
	struct device *devices[TRACK_SLICE];
	struct device_handle handles[TRACK_SLICE];
	struct buf out = {0};
	uint32_t n;

	while ((n = tracker_next(tracker, &walk, devices, handles)))
		for (uint32_t i = 0; i < n; i++)
			field_write(&out, &device_table, devices[i], FIELD_FORMAT_JSON, &ctx);
	buf_finish(&out);
	arena_finish(&arena);
}

static void feed(const uint8_t *p, size_t n, uint16_t linktype)
{
	uint8_t *exact = malloc(n ? n : 1);
	struct packet packet = {.length = (uint32_t) n, .linktype = linktype, .source = 1, .time_us = now_us};

	memcpy(exact, p, n);
	packet.data = span_of(exact, n);
	tracker_packet(tracker, &packet, (uint32_t) (now_us / 1000000));
	free(exact);
	now_us += STEP_US;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span s = span_of(data, size);
	uint16_t linktype;

	if (!tracker)
		begin();
	if (size == 0)
		return 0;
	linktype = types[span_u8(&s) % ARRAY_SIZE(types)];
	for (size_t i = 0; i < FRAMES_MAX && s.left >= 2; i++) {
		size_t n = span_le16(&s);
		struct span frame = span_up_to(&s, n);

		feed(frame.p, frame.left, linktype);
	}
	write_devices();
	return 0;
}
