/* Views of many sources: each has the devices that it saw, however many there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/limit.h"
#include "phy/phys.h"
#include "track/bounds.h"
#include "track/read.h"
#include "track/tracker.h"
#include "track/views.h"

#define SOURCES 256
#define SERVER_SEC 2000000000u

static struct tracker *start(uint32_t most)
{
	struct track_conf conf = {.phys = built_in_phys};
	struct tracker *t;

	option_table_default(&track_options, &conf);
	conf.oui_file = "/nowhere";
	conf.max_devices = most;
	t = tracker_create(&conf);
	for (uint16_t i = 0; i < SOURCES; i++)
		tracker_source(t, i, false, &(struct uuid){{0xaa, (uint8_t) (i >> 8), (uint8_t) i}});
	return t;
}

/* A beacon of the n-th access point. */
static void feed(struct tracker *t, uint16_t source, uint16_t n, uint64_t time_us)
{
	uint8_t b[] = {0x80, 0, 0, 0, 255, 255, 255, 255, 255, 255, 0,   2, 0, 0, 0, 0, 0,   2,   0,   0, 0, 0,
		       0,    0, 0, 0, 0,   0,   0,   0,   0,   0,   100, 0, 1, 0, 0, 3, 'n', 'e', 't', 1, 1, 0x82};
	struct packet p = {.data = {.p = b, .left = sizeof(b)},
			   .length = sizeof(b),
			   .linktype = LINKTYPE_IEEE802_11,
			   .source = source,
			   .time_us = time_us};

	b[14] = b[20] = (uint8_t) (n >> 8);
	b[15] = b[21] = (uint8_t) n;
	tracker_packet(t, &p, SERVER_SEC);
}

static int view_of(struct tracker *t, uint16_t source)
{
	char id[64];

	(void) snprintf(id, sizeof(id), "seenby-AA%02X%02X00-0000-0000-0000-000000000000", source >> 8, source & 255);
	return tracker_view(t, id);
}

static unsigned walk(struct tracker *t, int view)
{
	struct arena arena = {0};
	struct tracker_walk w = {.view = view, .arena = &arena};
	struct device *devices[TRACK_SLICE];
	struct device_handle handles[TRACK_SLICE];
	unsigned all = 0, n;

	while ((n = tracker_next(t, &w, devices, handles)) > 0)
		all += n;
	arena_finish(&arena);
	return all;
}

/* What the list of views says of one. */
static unsigned listed(struct tracker *t, uint16_t source)
{
	static struct view_counts views[TRACK_VIEWS_MAX];
	uint32_t n = tracker_views(t, views, TRACK_VIEWS_MAX);
	char id[64];

	assert_true(n > SOURCES);
	(void) snprintf(id, sizeof(id), "seenby-AA%02X%02X00-0000-0000-0000-000000000000", source >> 8, source & 255);
	for (uint32_t i = 0; i < n; i++)
		if (strcmp(views[i].id, id) == 0)
			return (unsigned) views[i].devices;
	return 0;
}

/* Each source sees an access point of its own, and one that all see. */
static void each_source_has_its_view(void **state)
{
	struct tracker *t = start(0);

	(void) state;
	for (uint16_t i = 0; i < SOURCES; i++) {
		feed(t, i, i, 1700000000000000 + i * UINT64_C(1000000));
		feed(t, i, 5000, 1700000000500000 + i * UINT64_C(1000000));
	}
	for (uint16_t i = 0; i < SOURCES; i++) {
		assert_int_equal(walk(t, view_of(t, i)), 2);
		assert_int_equal(listed(t, i), 2);
	}
	assert_int_equal(walk(t, tracker_view(t, "phydot11_accesspoints")), SOURCES + 1);
	tracker_destroy(t);
}

/* What is evicted leaves the counts. */
static void counts_follow_evictions(void **state)
{
	struct tracker *t = start(500);

	(void) state;
	for (uint16_t i = 0; i < 5000; i++)
		feed(t, i % 2, i, 1700000000000000 + i * UINT64_C(1000000));
	tracker_tick(t, SERVER_SEC + 10);
	assert_true(walk(t, -1) < 1000);
	assert_int_equal(listed(t, 0) + listed(t, 1), walk(t, -1));
	assert_int_equal(listed(t, 0), walk(t, view_of(t, 0)));
	tracker_destroy(t);
}

/* A source that takes the number of another has its view under its own name. */
static void a_view_has_its_sources_name(void **state)
{
	struct tracker *t = start(0);

	(void) state;
	tracker_source(t, 7, false, &(struct uuid){{0xbb}});
	assert_true(tracker_view(t, "seenby-BB000000-0000-0000-0000-000000000000") >= 0);
	assert_true(view_of(t, 7) < 0);
	tracker_destroy(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_source_has_its_view),
		cmocka_unit_test(counts_follow_evictions),
		cmocka_unit_test(a_view_has_its_sources_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
