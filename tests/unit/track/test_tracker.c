/* Whole frames into the model, and devices out of it as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "base/buf.h"
#include "field/write.h"
#include "phy/dot11/dot11.h"
#include "phy/phys.h"
#include "track/change.h"
#include "track/read.h"
#include "track/tracker.h"
#include "track/views.h"

/* A beacon of 02:11:22:33:44:55, SSID "net", channel 6, WPA2-PSK. */
static const uint8_t beacon[] = {0x80, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0x11, 0x22, 0x33,
				 0x44, 0x55, 0x02, 0x11, 0x22, 0x33, 0x44, 0x55, 0x10, 0x00, 1,    2,    3,    4,
				 0,    0,    0,    0,    0x64, 0x00, 0x11, 0x00, 0,    3,    'n',  'e',  't',  1,
				 1,    0x6c, 3,    1,    6,    48,   20,   1,    0,    0,    0x0f, 0xac, 4,    1,
				 0,    0,    0x0f, 0xac, 4,    1,    0,    0,    0x0f, 0xac, 2,    0,    0};

static struct tracker *start(void)
{
	struct track_conf conf = {.phys = built_in_phys};
	struct uuid u = {{1}};
	struct tracker *t;

	option_table_default(&track_options, &conf);
	t = tracker_create(&conf);
	tracker_source(t, 1, false, &u);
	return t;
}

static void feed_at(struct tracker *t, const uint8_t *p, size_t n, uint64_t time_us, uint32_t server_sec)
{
	struct packet packet = {.data = span_of(p, n),
				.length = (uint32_t) n,
				.linktype = LINKTYPE_IEEE802_11,
				.source = 1,
				.time_us = time_us};

	tracker_packet(t, &packet, server_sec);
}

static void feed(struct tracker *t, const uint8_t *p, size_t n, uint64_t time_us)
{
	feed_at(t, p, n, time_us, 2000000000);
}

static void a_beacon_makes_an_access_point(void **state)
{
	struct tracker *t = start();
	struct arena arena = {0};
	struct field_ctx ctx = {.arena = &arena, .context = tracker_context(t)};
	struct tracker_walk walk = {.view = tracker_view(t, "phydot11_accesspoints"), .arena = &arena};
	struct device *devices[TRACK_SLICE];
	struct device_handle handles[TRACK_SLICE];
	struct buf b = {0};

	(void) state;
	feed(t, beacon, sizeof(beacon), 1700000000000000);
	assert_int_equal(tracker_next(t, &walk, devices, handles), 1);
	field_write(&b, &device_table, devices[0], FIELD_FORMAT_JSON, &ctx);
	assert_non_null(strstr(buf_text(&b), "\"kismet.device.base.name\":\"net\""));
	assert_non_null(strstr(buf_text(&b), "\"kismet.device.base.type\":\"Wi-Fi AP\""));
	assert_non_null(strstr(buf_text(&b), "\"WPA2 WPA2-PSK AES-CCMP\""));
	assert_non_null(strstr(buf_text(&b), "\"kismet.device.base.channel\":\"6\""));
	assert_non_null(strstr(buf_text(&b), "\"kismet.device.base.packets.total\":1,"));
	assert_int_equal(tracker_next(t, &walk, devices, handles), 0);
	buf_finish(&b);
	arena_finish(&arena);
	tracker_destroy(t);
}

static void a_duplicate_moves_no_counter(void **state)
{
	struct tracker *t = start();
	struct arena arena = {0};
	struct key key = {key_phy_hash("IEEE802.11"), {{2, 0x11, 0x22, 0x33, 0x44, 0x55}}};
	struct tracker_counts counts;

	(void) state;
	feed(t, beacon, sizeof(beacon), 1700000000000000);
	feed(t, beacon, sizeof(beacon), 1700000001000000);
	assert_int_equal(tracker_get(t, &key, &arena)->packets, 1);
	tracker_count(t, &counts);
	assert_int_equal(counts.duplicates, 1);
	assert_int_equal(counts.devices, 1);
	arena_finish(&arena);
	tracker_destroy(t);
}

static void every_cut_of_a_frame_is_survived(void **state)
{
	struct tracker *t = start();

	(void) state;
	for (size_t n = 0; n < sizeof(beacon); n++) {
		uint8_t *exact = malloc(n ? n : 1);

		memcpy(exact, beacon, n);
		feed(t, exact, n, 1700000000000000);
		free(exact);
	}
	tracker_destroy(t);
}

static void names_and_tags_are_set(void **state)
{
	struct tracker *t = start();
	struct arena arena = {0};
	struct key key = {key_phy_hash("IEEE802.11"), {{2, 0x11, 0x22, 0x33, 0x44, 0x55}}};

	(void) state;
	assert_true(tracker_set_name(t, &key, "mine", 1) < 0);
	feed(t, beacon, sizeof(beacon), 1700000000000000);
	assert_int_equal(tracker_set_name(t, &key, "mine", 2000000005), 0);
	assert_int_equal(tracker_set_tag(t, &key, "note", "here", 2000000005), 0);
	assert_string_equal(tracker_get(t, &key, &arena)->username, "mine");
	assert_int_equal(tracker_get(t, &key, &arena)->mod_sec, 2000000005);
	arena_finish(&arena);
	tracker_destroy(t);
}

static void feed_from(struct tracker *t, uint16_t source, uint8_t number, uint64_t time_us)
{
	uint8_t copy[sizeof(beacon)];
	struct packet packet = {.data = span_of(copy, sizeof(copy)),
				.length = sizeof(copy),
				.linktype = LINKTYPE_IEEE802_11,
				.source = source,
				.time_us = time_us};

	memcpy(copy, beacon, sizeof(beacon));
	copy[15] = copy[21] = number;
	tracker_packet(t, &packet, 2000000000);
}

static void what_another_source_saw_is_a_duplicate(void **state)
{
	struct tracker *t = start();
	struct uuid second = {{2}};
	struct tracker_counts counts;

	(void) state;
	tracker_source(t, 2, false, &second);
	feed_from(t, 1, 9, 1700000000000000);
	feed_from(t, 2, 9, 1700000000300000);
	tracker_count(t, &counts);
	assert_int_equal(counts.duplicates, 1);
	feed_from(t, 1, 10, 1700000000000000);
	feed_from(t, 2, 10, 1700000001000000); /* a second later it is another frame */
	tracker_count(t, &counts);
	assert_int_equal(counts.duplicates, 1);
	tracker_destroy(t);
}

/* Beacons of many networks, of which one has a name: as many stay as may, and that one with them. */
static void a_full_model_keeps_what_is_worth_most(void **state)
{
	struct track_conf conf = {.phys = built_in_phys};
	struct tracker *t;
	struct uuid u = {{1}};
	struct key key = {key_phy_hash("IEEE802.11"), {{2, 0x11, 0x22, 0x33, 0x44, 0x55}}};
	struct arena arena = {0};
	struct tracker_counts counts;
	uint8_t copy[sizeof(beacon)];

	(void) state;
	option_table_default(&track_options, &conf);
	conf.max_devices = 2000;
	t = tracker_create(&conf);
	tracker_source(t, 1, false, &u);
	feed(t, beacon, sizeof(beacon), 1700000000000000);
	assert_int_equal(tracker_set_name(t, &key, "mine", 1), 0);
	memcpy(copy, beacon, sizeof(beacon));
	for (uint32_t i = 1; i <= 20000; i++) {
		memcpy(copy + 12, &i, sizeof(i));
		memcpy(copy + 18, &i, sizeof(i));
		feed(t, copy, sizeof(copy), 1700000000000000 + i);
	}
	tracker_count(t, &counts);
	assert_true(counts.devices <= 64 * (2000 / 64 * 5 / 4 + 16)); /* without a tick */
	tracker_tick(t, 2000000001);
	tracker_count(t, &counts);
	assert_true(counts.devices <= 2000 && counts.devices >= 1900);
	assert_int_equal(counts.devices + counts.evicted, 20001);
	assert_non_null(tracker_get(t, &key, &arena));
	arena_finish(&arena);
	tracker_destroy(t);
}

/* The first second of a device, and its latest, its source's and its network's. */
static void check_times(struct tracker *t, uint32_t first, uint32_t last, uint32_t changed)
{
	struct key key = {key_phy_hash("IEEE802.11"), {{2, 0x11, 0x22, 0x33, 0x44, 0x55}}};
	struct arena arena = {0};
	struct device *d = tracker_get(t, &key, &arena);

	assert_non_null(d);
	assert_int_equal(d->first_sec, first);
	assert_int_equal(d->last_sec, last);
	assert_int_equal(d->mod_sec, changed);
	assert_int_equal(d->seenby.items[0].last_sec, last);
	arena_finish(&arena);
}

#define SEC UINT64_C(1000000)
enum { WRONG = 1900000000, RIGHT = 1790000000 }; /* a clock that was four years ahead */

/* Packets that come out of order change nothing; those of a clock that was set back do. */
static void a_clock_that_is_set_back(void **state)
{
	struct tracker *t = start();
	uint8_t other[sizeof(beacon)];

	(void) state;
	memcpy(other, beacon, sizeof(beacon));
	feed_at(t, other, sizeof(other), WRONG * SEC, WRONG);
	other[24]++; /* another frame */
	feed_at(t, other, sizeof(other), (WRONG - 7200) * SEC, WRONG);
	check_times(t, WRONG, WRONG, WRONG);
	other[24]++;
	feed_at(t, other, sizeof(other), RIGHT * SEC, RIGHT);
	check_times(t, RIGHT, RIGHT, RIGHT);
	other[24]++;
	feed_at(t, other, sizeof(other), (RIGHT - 7200) * SEC, RIGHT);
	check_times(t, RIGHT, RIGHT, RIGHT);
	tracker_destroy(t);
}

/* One that is not seen again was not seen in the future. */
static void a_device_of_before_the_clock_was_set_back(void **state)
{
	struct tracker *t = start();

	(void) state;
	feed_at(t, beacon, sizeof(beacon), WRONG * SEC, WRONG);
	tracker_tick(t, WRONG);
	tracker_tick(t, WRONG - 1);
	check_times(t, WRONG, WRONG, WRONG);
	tracker_tick(t, RIGHT);
	check_times(t, RIGHT, RIGHT, RIGHT);
	tracker_tick(t, WRONG);
	check_times(t, RIGHT, RIGHT, RIGHT);
	tracker_destroy(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_beacon_makes_an_access_point),
		cmocka_unit_test(a_duplicate_moves_no_counter),
		cmocka_unit_test(a_clock_that_is_set_back),
		cmocka_unit_test(a_device_of_before_the_clock_was_set_back),
		cmocka_unit_test(every_cut_of_a_frame_is_survived),
		cmocka_unit_test(names_and_tags_are_set),
		cmocka_unit_test(what_another_source_saw_is_a_duplicate),
		cmocka_unit_test(a_full_model_keeps_what_is_worth_most),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
