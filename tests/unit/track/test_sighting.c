/* Sightings: what is counted, when they are closed, and how many are kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "phy/phys.h"
#include "query/run.h"
#include "track/change.h"
#include "track/read.h"
#include "track/sighting_names.h"
#include "track/sighting_read.h"
#include "track/tracker.h"

#define MINUTE 28333333u /* since 1970 */
#define SEC (MINUTE * 60)
#define SERVER_SEC (SEC + 30)
#define AP 0x11
#define STATION 0x22

struct model {
	struct tracker *t;
	uint32_t serial; /* so that no two frames are equal */
	uint32_t source; /* of a thread */
};

static struct model start_with(uint32_t seconds, uint64_t bytes, uint64_t devices)
{
	struct track_conf conf = {.phys = built_in_phys};
	struct model m = {0};

	option_table_default(&track_options, &conf);
	if (seconds)
		conf.sighting_sec = seconds;
	if (bytes)
		conf.sighting_bytes = bytes;
	conf.max_devices = devices;
	m.t = tracker_create(&conf);
	for (uint8_t i = 1; i <= 2; i++)
		tracker_source(m.t, i, false, &(struct uuid){{i}});
	return m;
}

static struct model start(void)
{
	return start_with(0, 0, 0);
}

static struct mac address(uint32_t n)
{
	return (struct mac){{2, 0, 0, (uint8_t) (n >> 16), (uint8_t) (n >> 8), (uint8_t) n}};
}

/* How a frame is sent. */
struct sent {
	uint16_t source; /* 0: 1 */
	int8_t dbm;      /* 0: not measured */
	uint32_t khz;
	bool data, retry, again; /* again: octet by octet that of before */
	struct position position;
};

/* A data frame to the access point with 8 octets behind its header, or a probe request of 24 octets without elements.
 */
static void send_from(struct model *m, uint32_t station, double sec, struct sent how)
{
	struct mac ap = address(AP), from = address(station);
	uint8_t f[32] = {0};
	struct packet p = {.data = span_of(f, how.data ? 32 : 24),
			   .length = how.data ? 32 : 24,
			   .linktype = LINKTYPE_IEEE802_11,
			   .source = how.source ? how.source : 1,
			   .time_us = (uint64_t) (sec * 1e6),
			   .position = how.position};

	f[0] = how.data ? 0x08 : 0x40;
	f[1] = (uint8_t) ((how.data ? 1 : 0) | (how.retry ? 8 : 0));
	memset(f + 4, 0xff, 6);
	memset(f + 16, 0xff, 6);
	if (how.data)
		memcpy(f + 4, &ap, 6);
	memcpy(f + 10, &from, 6);
	if (how.data)
		memcpy(f + 16, &ap, 6);
	m->serial += !how.again;
	f[22] = (uint8_t) (m->serial << 4);
	f[23] = (uint8_t) (m->serial >> 4);
	if (how.dbm) {
		p.radio.have = RADIO_HAS_SIGNAL;
		p.radio.signal_dbm = how.dbm;
	}
	p.radio.freq_khz = how.khz;
	tracker_packet(m->t, &p, SERVER_SEC);
}

static void send_at(struct model *m, double sec)
{
	send_from(m, STATION, sec, (struct sent){0});
}

static struct key key_of(uint32_t station)
{
	return (struct key){key_phy_hash("IEEE802.11"), address(station)};
}

/* The closed ones of a station. */
static size_t closed_of(struct model *m, uint32_t station, struct sighting *ret, size_t max)
{
	struct key key = key_of(station);
	struct sighting_walk walk = {.device = &key};
	size_t n = 0, k;

	sightings_lock(tracker_sightings(m->t));
	sightings_unlock(tracker_sightings(m->t));
	while (n < max && (k = sightings_next(tracker_sightings(m->t), &walk, ret + n, max - n)) > 0)
		n += k;
	return n;
}

static struct sighting only(struct model *m, uint32_t station)
{
	struct sighting s[2];

	tracker_close_sightings(m->t);
	assert_int_equal(closed_of(m, station, s, 2), 1);
	return s[0];
}

static void a_minute_is_counted(void **state)
{
	struct model m = start();
	struct sighting s;

	(void) state;
	send_from(&m, STATION, SEC, (struct sent){.dbm = -70, .khz = 2412000});
	send_from(&m, STATION, SEC + 20, (struct sent){.dbm = -40, .khz = 2437000, .data = true, .retry = true});
	send_from(&m, STATION, SEC + 59.9, (struct sent){.dbm = -52, .khz = 2437000, .data = true});
	s = only(&m, STATION);
	assert_true(s.number >= 1);
	assert_int_equal(s.start_sec, SEC);
	assert_int_equal(s.seconds, 60);
	assert_int_equal(s.frames, 3);
	assert_int_equal(s.sent, 3);
	assert_int_equal(s.octets, 24 + 32 + 32);
	assert_int_equal(s.retries, 1);
	assert_int_equal(s.duplicates, 0);
	assert_int_equal(s.signal_least, -70);
	assert_int_equal(s.signal_most, -40);
	assert_float_equal(s.signal_mean, -54, 0.01);
	assert_int_equal(s.freq_khz, 2437000);
	assert_int_equal(s.source.b[0], 1);
	assert_true(mac_equal(&s.bssid, &(struct mac){{2, 0, 0, 0, 0, AP}}));
	assert_false(s.has_position);
	tracker_destroy(m.t);
}

/* The access point is a network's name here, and no sender. */
static void who_is_named_is_sighted(void **state)
{
	struct model m = start();
	struct sighting s;

	(void) state;
	send_from(&m, STATION, SEC, (struct sent){.data = true, .dbm = -50});
	s = only(&m, AP);
	assert_int_equal(s.frames, 0);
	assert_int_equal(s.signal_most, 0);
	tracker_destroy(m.t);
}

static void the_next_minute_closes(void **state)
{
	struct model m = start();
	struct sighting s[3];

	(void) state;
	send_at(&m, SEC + 59.999999);
	send_at(&m, SEC + 60);
	tracker_tick(m.t, SERVER_SEC);
	assert_int_equal(closed_of(&m, STATION, s, 3), 1);
	assert_int_equal(s[0].start_sec, SEC);
	assert_int_equal(tracker_count_open_sightings(m.t), 1);
	send_from(&m, AP, SEC + 60 + 65, (struct sent){0}); /* the source's time goes on without the station */
	tracker_tick(m.t, SERVER_SEC);
	assert_int_equal(closed_of(&m, STATION, s, 3), 2);
	assert_int_equal(s[1].start_sec, SEC + 60);
	tracker_destroy(m.t);
}

/* A few seconds behind its minute it may go on. */
static void a_minute_waits_for_late_frames(void **state)
{
	struct model m = start();
	struct sighting s[3];

	(void) state;
	send_at(&m, SEC + 59);
	send_from(&m, AP, SEC + 61, (struct sent){0});
	tracker_tick(m.t, SERVER_SEC);
	assert_int_equal(closed_of(&m, STATION, s, 3), 0);
	send_at(&m, SEC + 59.5);
	assert_int_equal(only(&m, STATION).frames, 2);
	tracker_destroy(m.t);
}

static void a_clock_that_jumps_closes(void **state)
{
	static const double jumps[] = {86400, -86400, 3600 * 24 * -365.0};

	(void) state;
	for (size_t i = 0; i < 3; i++) {
		struct model m = start();
		struct sighting s[3];

		send_at(&m, SEC + 10);
		send_from(&m, AP, SEC + 10 + (i ? jumps[i] : 120), (struct sent){0});
		tracker_tick(m.t, SERVER_SEC);
		assert_int_equal(closed_of(&m, STATION, s, 3), 1);
		assert_int_equal(s[0].start_sec, SEC);
		send_at(&m, SEC + 10 + jumps[1]);
		tracker_close_sightings(m.t);
		assert_int_equal(closed_of(&m, STATION, s, 3), 2);
		assert_int_equal(s[1].start_sec, (SEC + 10 - 86400) / 60 * 60);
		tracker_destroy(m.t);
	}
}

static void sources_are_apart(void **state)
{
	struct model m = start();
	struct sighting s[3];
	struct arena arena = {0};
	struct key key = key_of(STATION);

	(void) state;
	send_from(&m, STATION, SEC + 1, (struct sent){.dbm = -50});
	send_from(&m, STATION, SEC + 1, (struct sent){.source = 2, .dbm = -80, .again = true});
	send_from(&m, STATION, SEC + 2, (struct sent){.source = 2, .dbm = -82});
	tracker_source_end(m.t, 2);
	assert_int_equal(closed_of(&m, STATION, s, 3), 1);
	assert_int_equal(s[0].source.b[0], 2);
	assert_int_equal(s[0].frames, 2);
	assert_int_equal(s[0].duplicates, 1);
	assert_int_equal(s[0].signal_most, -80);
	tracker_source_end(m.t, 1);
	assert_int_equal(closed_of(&m, STATION, s, 3), 2);
	assert_int_equal(s[1].frames, 1);
	assert_int_equal(s[1].signal_most, -50);
	assert_int_equal(tracker_get(m.t, &key, &arena)->packets, 2); /* frames less duplicates, over both */
	arena_finish(&arena);
	tracker_destroy(m.t);
}

static void an_evicted_device_was_sighted(void **state)
{
	struct model m = start_with(0, 0, 64);
	struct sighting_walk walk = {.from_sec = SEC};
	struct sighting s[64];
	uint32_t n = 0;
	size_t k;

	(void) state;
	for (uint32_t i = 0; i < 4000; i++)
		send_from(&m, 0x1000 + i, SEC + 1, (struct sent){0});
	tracker_tick(m.t, SERVER_SEC);
	tracker_close_sightings(m.t);
	while ((k = sightings_next(tracker_sightings(m.t), &walk, s, 64)) > 0)
		for (size_t i = 0; i < k; i++)
			n += s[i].frames;
	assert_int_equal(n, 4000);
	tracker_destroy(m.t);
}

static void the_span_is_an_option(void **state)
{
	struct model m = start_with(7, 0, 0);
	struct sighting s[9];

	(void) state;
	for (uint32_t i = 0; i < 21; i++)
		send_at(&m, SEC + i);
	tracker_close_sightings(m.t);
	assert_int_equal(closed_of(&m, STATION, s, 9), SEC % 7 ? 4 : 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(s[i].start_sec % 7, 0);
		assert_int_equal(s[i].seconds, 7);
	}
	tracker_destroy(m.t);
}

static void the_best_position_stays(void **state)
{
	struct model m = start();
	struct position near = {.fix = POSITION_FIX_2D, .lat = 1, .lon = 2, .accuracy_m = 5}, far = near;
	struct sighting s;

	(void) state;
	far.lat = 3;
	send_from(&m, STATION, SEC, (struct sent){.dbm = -80, .position = far});
	send_from(&m, STATION, SEC + 1, (struct sent){.dbm = -40, .position = near});
	send_from(&m, STATION, SEC + 2, (struct sent){.dbm = -60, .position = far});
	s = only(&m, STATION);
	assert_true(s.has_position);
	assert_float_equal(s.lat, 1, 0);
	assert_float_equal(s.accuracy_m, 5, 0);
	tracker_destroy(m.t);
}

static void an_alert_is_counted_of_its_source(void **state)
{
	struct model m = start();
	struct key key = key_of(STATION);
	struct sighting s[3];

	(void) state;
	send_at(&m, SEC);
	send_from(&m, STATION, SEC, (struct sent){.source = 2});
	assert_int_equal(tracker_count_alert(m.t, &key, 2, 0), 0);
	tracker_source_end(m.t, 1);
	tracker_source_end(m.t, 2);
	assert_int_equal(closed_of(&m, STATION, s, 3), 2);
	assert_int_equal(s[0].alerts, 0);
	assert_int_equal(s[1].alerts, 1);
	tracker_destroy(m.t);
}

static void a_seventh_frequency_replaces_the_rarest(void **state)
{
	struct model m = start();

	(void) state;
	for (uint32_t i = 0; i < 40; i++)
		send_from(&m, STATION, SEC + i, (struct sent){.khz = 5000000 + 20000 * (i % 10)});
	for (uint32_t i = 0; i < 15; i++)
		send_from(&m, STATION, SEC + 40 + i, (struct sent){.khz = 2412000});
	assert_int_equal(only(&m, STATION).freq_khz, 2412000);
	tracker_destroy(m.t);
}

/* Of what is kept the oldest are dropped, and a reader knows how many it missed. */
static void memory_is_bounded(void **state)
{
	struct model m = start_with(0, 200000, 0);
	struct sighting_walk walk = {0};
	struct sightings_counts c;
	struct sighting s[64];
	uint64_t read = 0;
	size_t n;

	(void) state;
	for (uint32_t i = 0; i < 5000; i++)
		send_from(&m, 0x1000 + i, SEC + 1, (struct sent){0});
	tracker_close_sightings(m.t);
	sightings_count(tracker_sightings(m.t), &c);
	assert_int_equal(c.closed, 5000);
	assert_true(c.bytes <= 200000);
	assert_int_equal(c.kept + c.dropped, 5000);
	while ((n = sightings_next(tracker_sightings(m.t), &walk, s, 64)) > 0) {
		read += n;
		assert_int_equal(s[n - 1].number, walk.after);
	}
	assert_int_equal(read, c.kept);
	assert_int_equal(walk.missed, c.dropped);
	tracker_destroy(m.t);
}

static void an_hour_is_kept(void **state)
{
	struct sightings *x = sightings_create(1 << 20);
	struct sighting s = {.start_sec = SEC, .seconds = 60};
	struct sightings_counts c;

	(void) state;
	for (uint32_t i = 0; i < 2000; i++) {
		sightings_lock(x);
		sightings_add(x, &s, 1, 100 + i);
		sightings_unlock(x);
	}
	sightings_tick(x, 100 + SIGHTINGS_KEPT_SEC);
	sightings_count(x, &c);
	assert_int_equal(c.kept, 2000);
	sightings_tick(x, 2100 + SIGHTINGS_KEPT_SEC);
	sightings_count(x, &c);
	assert_int_equal(c.dropped, 0);
	assert_true(c.kept < 512);
	sightings_destroy(x);
}

/* Open ones and closed ones together are each minute once. */
static void readers_see_what_is_open(void **state)
{
	struct model m = start();
	struct key key = key_of(STATION);
	struct sighting_walk walk = {.device = &key, .from_sec = SEC + 60}, none = {.to_sec = SEC};
	struct sighting *open = NULL, s[4];

	(void) state;
	for (uint32_t i = 0; i < 4; i++)
		send_from(&m, STATION, SEC + 60 * i, (struct sent){.khz = 2412000});
	assert_int_equal(tracker_open_sightings(m.t, &walk, &open), 3); /* none was taken from the shard yet */
	assert_int_equal(sightings_next(tracker_sightings(m.t), &walk, s, 4), 0);
	free(open);
	tracker_tick(m.t, SERVER_SEC);
	walk.after = 0;
	assert_int_equal(tracker_open_sightings(m.t, &walk, &open), 1);
	assert_int_equal(open[0].number, 0);
	assert_int_equal(open[0].freq_khz, 2412000);
	send_at(&m, SEC + 300); /* closes it meanwhile */
	tracker_tick(m.t, SERVER_SEC);
	assert_int_equal(sightings_next(tracker_sightings(m.t), &walk, s, 4), 2);
	assert_int_equal(sightings_next(tracker_sightings(m.t), &walk, s, 4), 0);
	free(open);
	assert_int_equal(tracker_open_sightings(m.t, &none, &open), 0);
	free(open);
	tracker_destroy(m.t);
}

#define STATIONS 300u
#define FRAMES 6000u

/* A source of its own, over some minutes. */
static void *deliver(void *arg)
{
	struct model m = *(struct model *) arg;

	for (uint32_t i = 0; i < FRAMES; i++) {
		m.serial = i;
		send_from(&m, 0x1000 + i % STATIONS, SEC + i / 25.0, (struct sent){.source = (uint16_t) m.source});
	}
	tracker_source_end(m.t, (uint16_t) m.source);
	return NULL;
}

struct reading {
	struct model *m;
	_Atomic bool stop;
	uint64_t most; /* frames that a reader saw of a station: never one twice */
};

static uint64_t frames_of(struct model *m, uint32_t station)
{
	struct key key = key_of(station);
	struct sighting_walk walk = {.device = &key};
	struct sighting *open, some[16];
	uint64_t frames = 0;
	size_t n = tracker_open_sightings(m->t, &walk, &open);

	for (size_t i = 0; i < n; i++)
		frames += open[i].frames;
	free(open);
	while ((n = sightings_next(tracker_sightings(m->t), &walk, some, 16)) > 0)
		for (size_t i = 0; i < n; i++)
			frames += some[i].frames;
	return frames;
}

static void *read_all(void *arg)
{
	struct reading *r = arg;

	while (!atomic_load(&r->stop)) {
		uint64_t frames = frames_of(r->m, 0x1007);

		tracker_tick(r->m->t, SERVER_SEC);
		if (frames > r->most)
			r->most = frames;
	}
	return NULL;
}

/* Whatever others do meanwhile, each frame is in one sighting. */
static void threads_lose_none(void **state)
{
	struct model m = start(), of[2] = {m, m};
	struct reading r = {.m = &m};
	pthread_t reader, sources[2];

	(void) state;
	assert_int_equal(pthread_create(&reader, NULL, read_all, &r), 0);
	for (uint32_t i = 0; i < 2; i++) {
		of[i].source = i + 1;
		assert_int_equal(pthread_create(&sources[i], NULL, deliver, &of[i]), 0);
	}
	for (uint32_t i = 0; i < 2; i++)
		(void) pthread_join(sources[i], NULL);
	atomic_store(&r.stop, true);
	(void) pthread_join(reader, NULL);
	assert_int_equal(tracker_count_open_sightings(m.t), 0);
	for (uint32_t i = 0; i < STATIONS; i++)
		assert_in_range(frames_of(&m, 0x1000 + i), FRAMES / STATIONS, 2 * FRAMES / STATIONS);
	assert_true(r.most <= 2 * FRAMES / STATIONS);
	tracker_destroy(m.t);
}

static bool fits(const struct sighting *s, const struct tracker *t, const char *text)
{
	struct arena arena = {0};
	struct field_ctx ctx = {
		.arena = &arena, .context = tracker_context(t), .now_us = (SEC + 600) * UINT64_C(1000000)};
	struct query_error error;
	struct query_program *program = query_compile(&sighting_query, text, strlen(text), SEC + 600, &error);
	struct query_run *run;
	bool found;

	assert_non_null(program);
	run = query_run_create(program);
	found = query_matches(run, s, &ctx);
	query_run_destroy(run);
	query_program_destroy(program);
	arena_finish(&arena);
	return found;
}

static void expressions_select_them(void **state)
{
	static const char *const good[] = {"frames=2 sent:1..2",
					   "bssid:02:00:00:00:00:11",
					   "phy:ieee802",
					   "signal>-60 signal<-40",
					   "start<11m",
					   "freq:2412MHz",
					   "norn.sighting.seconds=60",
					   "02:00:00:00:00:22"};
	static const char *const bad[] = {
		"frames>2", "bssid:02:00:00:00:00:12", "phy:bluetooth", "signal_max<-60", "start<9m", "alerts>0"};
	struct model m = start();
	struct sighting s;

	(void) state;
	for (uint32_t i = 0; i < 2; i++)
		send_from(&m, STATION, SEC + i, (struct sent){.data = true, .dbm = -50, .khz = 2412000});
	s = only(&m, STATION);
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		if (!fits(&s, m.t, good[i]))
			fail_msg("%s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (fits(&s, m.t, bad[i]))
			fail_msg("%s", bad[i]);
	tracker_destroy(m.t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_minute_is_counted),
		cmocka_unit_test(who_is_named_is_sighted),
		cmocka_unit_test(the_next_minute_closes),
		cmocka_unit_test(a_minute_waits_for_late_frames),
		cmocka_unit_test(a_clock_that_jumps_closes),
		cmocka_unit_test(sources_are_apart),
		cmocka_unit_test(an_evicted_device_was_sighted),
		cmocka_unit_test(the_span_is_an_option),
		cmocka_unit_test(the_best_position_stays),
		cmocka_unit_test(an_alert_is_counted_of_its_source),
		cmocka_unit_test(a_seventh_frequency_replaces_the_rarest),
		cmocka_unit_test(memory_is_bounded),
		cmocka_unit_test(an_hour_is_kept),
		cmocka_unit_test(readers_see_what_is_open),
		cmocka_unit_test(expressions_select_them),
		cmocka_unit_test(threads_lose_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
