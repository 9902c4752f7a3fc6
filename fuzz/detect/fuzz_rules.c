/* Any frames, each with its length (16 bits, little endian) before it, through the model and under the eyes
 * of every rule: nothing is read beyond them, and every alert has a text. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "detect/detector.h"
#include "detect/rules.h"
#include "phy/dot11/dot11.h"
#include "phy/dot11/options.h"
#include "phy/phys.h"
#include "track/tracker.h"

#define STEP_US 100000
#define FRAMES_MAX 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct alerts *alerts;
static struct tracker *tracker;
static uint64_t now_us = 1700000000000000;

static void look(void *ctx, const struct alert *a)
{
	(void) ctx;
	if (*a->text == '\0' || a->frames == 0 || a->packet_time < a->first_time)
		abort();
}

static bool any_fingerprint(void *ctx)
{
	(void) ctx;
	return true;
}

static uint32_t find_fingerprint(void *ctx, const struct mac *mac, uint8_t subtype)
{
	(void) ctx;
	return mac->b[5] & 1 ? subtype : 0;
}

static void begin(void)
{
	struct dot11_conf dot11 = {0};
	struct track_conf track = {.phys = built_in_phys, .phy_conf = {[PHY_DOT11] = &dot11}};
	struct detector_conf conf = {.country_full = true, .fingerprints = {any_fingerprint, find_fingerprint, NULL}};
	unsigned errors = !fingerprint_list_parse("0,1,48,221-0050F2-2", &dot11.beacon_elements) ||
			  !fingerprint_list_parse("1,50,221-0050F2-4", &dot11.probe_elements);
	struct uuid u = {{1}};
	struct detector *d;
	char text[128];

	option_table_default(&dot11_options, &dot11);
	option_table_default(&track_options, &track);
	track.oui_file = "/nowhere";
	track.max_devices = 500;
	option_table_default(&detector_options, &conf);
	conf.own_ssids = STRING_LIST("own");
	conf.own_bssids = STRING_LIST("00:0A:00:00:00:01");
	conf.apspoof = STRING_LIST("a:ssid=\"^mine\",validmacs=\"00:0D:00:00:00:01\"");
	conf.ssidcanary = STRING_LIST("b:ssid=\"canary\"");
	alerts = alerts_create(10, NULL);
	tracker = tracker_create(&track);
	d = detector_create(&conf, alerts, tracker, &errors);
	for (size_t i = 0; i < rule_count; i++) {
		(void) snprintf(text, sizeof(text), "%s,1000000000/sec,1000000000/sec", rules[i].name);
		(void) alerts_configure(alerts, text);
	}
	(void) alerts_listen(alerts, look, NULL);
	detector_start(d);
	tracker_source(tracker, 1, false, &u);
}

static void take(const uint8_t *p, size_t n)
{
	uint8_t *exact = malloc(n ? n : 1);
	struct packet packet = {.data = span_of(exact, n),
				.length = (uint32_t) n,
				.source = 1,
				.linktype = LINKTYPE_IEEE802_11,
				.number = 1,
				.time_us = now_us += STEP_US};

	if (n)
		memcpy(exact, p, n);
	tracker_packet(tracker, &packet, (uint32_t) (now_us / 1000000));
	free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!tracker)
		begin();
	for (size_t i = 0; i < FRAMES_MAX && size >= 2; i++) {
		size_t n = data[0] | (size_t) data[1] << 8;

		data += 2;
		size -= 2;
		n = n < size ? n : size;
		take(data, n);
		data += n;
		size -= n;
	}
	return 0;
}
