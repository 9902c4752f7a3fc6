#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "detect/detector.h"
#include "detect/watched.h"
#include "phy/phys.h"
#include "track/tracker.h"

/* A deauthentication; its sequence number is set by send(). */
static const uint8_t deauth[] = {0xc0, 0, 0, 0, 0, 0xc, 0, 0, 0, 2, 0, 0xd, 0, 0, 0, 1, 0, 0xd, 0, 0, 0, 1, 0, 0, 7, 0};

struct world {
	struct alerts *alerts;
	struct tracker *tracker;
	struct detector *detector;
};

/* As of a server whose configuration says nothing. */
static struct detector_conf detector_conf(void)
{
	struct detector_conf conf = {0};

	option_table_default(&detector_options, &conf);
	return conf;
}

static struct tracker *start_tracker(void)
{
	struct track_conf conf = {.phys = built_in_phys};

	option_table_default(&track_options, &conf);
	conf.oui_file = "/nowhere";
	return tracker_create(&conf);
}

static struct world begin(const char *rates)
{
	struct detector_conf conf = detector_conf();
	struct world w = {alerts_create(100, NULL), start_tracker(), NULL};
	struct uuid u = {0};
	unsigned errors = 0;

	w.detector = detector_create(&conf, w.alerts, w.tracker, &errors);
	assert_int_equal(errors, 0);
	(void) alerts_configure(w.alerts, rates);
	detector_start(w.detector);
	for (uint16_t i = 1; i <= 2; i++) {
		u.b[0] = (uint8_t) i;
		tracker_source(w.tracker, i, false, &u);
	}
	return w;
}

static void end(struct world *w)
{
	tracker_destroy(w->tracker);
	detector_destroy(w->detector);
	alerts_destroy(w->alerts);
}

static void send(struct world *w, uint16_t source, uint16_t sequence, uint64_t ms)
{
	uint8_t b[sizeof(deauth)];
	struct packet p = {.data = {.p = b, .left = sizeof(b)},
			   .length = sizeof(b),
			   .linktype = LINKTYPE_IEEE802_11,
			   .source = source,
			   .time_us = (1700000000000 + ms) * 1000};

	memcpy(b, deauth, sizeof(b));
	b[22] = (uint8_t) (sequence << 4);
	b[23] = (uint8_t) (sequence >> 4);
	tracker_packet(w->tracker, &p, 1700000100);
}

static uint64_t raised(struct world *w, const char *name)
{
	struct alert_definition d[ALERT_DEFINITIONS_MAX];
	uint32_t n = alerts_definitions(w->alerts, d, ALERT_DEFINITIONS_MAX);

	for (uint32_t i = 0; i < n; i++)
		if (strcmp(d[i].name, name) == 0)
			return d[i].raised + d[i].held_back;
	fail();
	return 0;
}

static void two_sources_see_one_flood(void **state)
{
	struct world w = begin("DEAUTHFLOOD,100/min,100/sec");

	(void) state;
	for (uint16_t i = 0; i < 10; i++)
		for (uint16_t source = 1; source <= 2; source++)
			send(&w, source, i, i * 100);
	assert_int_equal(raised(&w, "DEAUTHFLOOD"), 0);
	send(&w, 2, 10, 1000);
	assert_int_equal(raised(&w, "DEAUTHFLOOD"), 1);
	end(&w);
}

static void repeats_of_a_tool_count(void **state)
{
	struct world w = begin("DEAUTHFLOOD,100/min,100/sec");

	(void) state;
	for (uint16_t i = 0; i < 11; i++)
		send(&w, 1, 7, i * 100);
	assert_int_equal(raised(&w, "DEAUTHFLOOD"), 1);
	end(&w);
}

/* Ten frames, each the same and saw by both sources. */
static void repeats_count_once_for_two_sources(void **state)
{
	struct world w = begin("DEAUTHFLOOD,100/min,100/sec");

	(void) state;
	for (uint16_t i = 0; i < 10; i++)
		for (uint16_t source = 1; source <= 2; source++)
			send(&w, source, 7, i * 100);
	assert_int_equal(raised(&w, "DEAUTHFLOOD"), 0);
	send(&w, 2, 7, 1000);
	assert_int_equal(raised(&w, "DEAUTHFLOOD"), 0);
	send(&w, 1, 7, 1000);
	assert_int_equal(raised(&w, "DEAUTHFLOOD"), 1);
	for (uint16_t i = 0; i < 11; i++) /* the other one alone sees it, later */
		send(&w, 2, 7, 9000 + i * 100);
	assert_int_equal(raised(&w, "DEAUTHFLOOD"), 2);
	end(&w);
}

static void what_is_off_is_not_counted(void **state)
{
	struct world w = begin("DEAUTHFLOOD,0/min,0/sec");

	(void) state;
	for (uint16_t i = 0; i < 100; i++)
		send(&w, 1, i, i);
	assert_int_equal(raised(&w, "DEAUTHFLOOD"), 0);
	assert_int_equal(raised(&w, "DEAUTHTOOL"), 0);
	end(&w);
}

/* A beacon whose clock says so many milliseconds. */
static void send_beacon(struct world *w, uint16_t source, uint16_t sequence, uint64_t ms, uint64_t clock_ms)
{
	uint8_t b[24 + 12 + 3] = {0x80, 0, 0, 0, 255, 255, 255, 255, 255, 255, 0, 0xd, 0, 0, 0, 1, 0, 0xd, 0, 0, 0, 1};
	struct packet p = {.data = {.p = b, .left = sizeof(b)},
			   .length = sizeof(b),
			   .linktype = LINKTYPE_IEEE802_11,
			   .source = source,
			   .time_us = (1700000000000 + ms) * 1000};

	b[22] = (uint8_t) (sequence << 4);
	b[23] = (uint8_t) (sequence >> 4);
	for (size_t i = 0; i < 8; i++)
		b[24 + i] = (uint8_t) (clock_ms * 1000 >> 8 * i);
	b[32] = 100;
	b[34] = 1;
	b[37] = 1;
	b[38] = 'n';
	tracker_packet(w->tracker, &p, 1700000100);
}

/* Two sources whose own clocks are half a minute apart see one network in turn. */
static void clocks_of_sources_may_differ(void **state)
{
	struct world w = begin("BSSTIMESTAMP,100/min,100/sec");

	(void) state;
	for (uint16_t i = 0; i < 100; i++)
		send_beacon(&w, 1 + i % 2, i, 30000 * (i % 2) + i * 100, 5000000 + i * 100);
	assert_int_equal(raised(&w, "BSSTIMESTAMP"), 0);
	end(&w);
}

static void two_clocks_of_one_address(void **state)
{
	struct world w = begin("BSSTIMESTAMP,100/min,100/sec");

	(void) state;
	for (uint16_t i = 0; i < 7; i++)
		send_beacon(&w, 1, i, i * 100, i % 2 ? 9000000 + i * 100 : 5000000 + i * 100);
	assert_int_equal(raised(&w, "BSSTIMESTAMP"), 1);
	end(&w);
}

static void a_watched_device_comes_and_goes(void **state)
{
	struct detector_conf conf = detector_conf();
	struct world w = {alerts_create(100, NULL), start_tracker(), NULL};
	unsigned errors = 0;
	struct uuid u = {0};
	uint8_t b[sizeof(deauth)];
	struct packet p = {.data = {.p = b, .left = sizeof(b)},
			   .length = sizeof(b),
			   .linktype = LINKTYPE_IEEE802_11,
			   .source = 1,
			   .time_us = 1700000000000000};
	static const struct {
		uint32_t sec;
		bool seen;
		unsigned found, lost;
	} steps[] = {{1000, false, 0, 0}, {1001, true, 1, 0},  {1050, true, 1, 0},  {1120, true, 2, 0},
		     {1420, false, 2, 0}, {1421, false, 2, 1}, {1422, false, 2, 1}, {2000, true, 3, 1}};

	(void) state;
	conf.found = conf.lost = STRING_LIST("00:0D:00:00:00:01");
	conf.lost_timeout_sec = 300;
	w.detector = detector_create(&conf, w.alerts, w.tracker, &errors);
	(void) alerts_configure(w.alerts, "DEVICEFOUND,100/min,100/sec");
	tracker_source(w.tracker, 1, true, &u);
	memcpy(b, deauth, sizeof(b));
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		b[22] = (uint8_t) (i << 4);
		if (steps[i].seen)
			tracker_packet(w.tracker, &p, steps[i].sec);
		detector_tick(w.detector, steps[i].sec);
		assert_int_equal(raised(&w, "DEVICEFOUND"), steps[i].found);
		assert_int_equal(raised(&w, "DEVICELOST"), steps[i].lost);
	}
	end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_sources_see_one_flood),          cmocka_unit_test(repeats_of_a_tool_count),
		cmocka_unit_test(repeats_count_once_for_two_sources), cmocka_unit_test(what_is_off_is_not_counted),
		cmocka_unit_test(clocks_of_sources_may_differ),       cmocka_unit_test(two_clocks_of_one_address),
		cmocka_unit_test(a_watched_device_comes_and_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
