/* What the model holds of a capture, through its JSON, into a model of its own: nothing may be lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "capture/pcapfile.h"
#include "field/write.h"
#include "phy/dot11/dot11.h"
#include "phy/dot11/options.h"
#include "phy/phys.h"
#include "track/read.h"
#include "track/restore.h"
#include "track/tracker.h"
#include "track/views.h"

#define SERVER_SEC 2000000000u
#define SOURCE 3

/* A model that keeps all that there is. */
static struct tracker *start_with(bool (*source_uuid)(void *ctx, uint16_t source, struct uuid *ret_uuid))
{
	struct dot11_conf dot11 = {0};
	struct track_conf conf = {
		.source_uuid = source_uuid, .phys = built_in_phys, .phy_conf = {[PHY_DOT11] = &dot11}};
	struct tracker *t;

	option_table_default(&track_options, &conf);
	option_table_default(&dot11_options, &dot11);
	dot11.keep_elements = dot11.country_full = true;
	t = tracker_create(&conf);
	option_table_clear(&dot11_options, &dot11);
	return t;
}

static struct tracker *start(void)
{
	return start_with(NULL);
}

static bool placed = true;

/* A packet's position moves, and some have none. */
static void position(struct packet *p, unsigned n)
{
	if (!placed)
		return;
	p->position = (struct position){.lat = 52.5 + n / 1e5,
					.lon = -13.25 - n / 3e5,
					.alt_m = (float) n / 7,
					.speed_kmh = 3.25f,
					.fix = (uint8_t) (n % 5),
					.time_us = p->time_us};
	if (p->position.fix > POSITION_FIX_3D)
		p->position.fix = POSITION_FIX_NONE;
}

static unsigned read_capture(struct tracker *t, const char *path, unsigned skip, unsigned most)
{
	char error[PCAPFILE_ERROR_SIZE];
	struct packet p = {0};
	struct pcapfile *f;
	unsigned n = 0;

	if (pcapfile_open(path, &f, error) < 0)
		return 0;
	while (n < (uint64_t) skip + most && pcapfile_next(f, &p) == 1) {
		p.source = SOURCE;
		p.number = ++n;
		position(&p, n);
		if (n > skip)
			tracker_packet(t, &p, SERVER_SEC + n / 10);
		p = (struct packet){0};
	}
	pcapfile_close(f);
	return n;
}

/* A device as JSON; of time both models know the same. */
static void write(struct tracker *t, const struct device *d, bool state, uint32_t now, struct buf *out)
{
	struct arena arena = {0};
	struct field_ctx ctx = {.now_us = SERVER_SEC * UINT64_C(1000000),
				.model_now = now,
				.arena = &arena,
				.context = tracker_context(t),
				.state = state};

	buf_clear(out);
	field_write(out, &device_table, d, FIELD_FORMAT_JSON, &ctx);
	buf_char(out, '\0');
	arena_finish(&arena);
}

/* From one field's name on, where they part. */
static void show_difference(const char *a, const char *b, const char *path)
{
	size_t i = 0, from;

	while (a[i] && a[i] == b[i])
		i++;
	from = i > 120 ? i - 120 : 0;
	fail_msg("%s:\n%.240s\n%.240s", path, a + from, b + from);
}

/* Restores every device of `from` in `to` and compares; how many. */
static unsigned carry_over(struct tracker *from, struct tracker *to, const char *path)
{
	struct arena arena = {0};
	struct tracker_walk walk = {.view = -1, .arena = &arena};
	struct device *devices[TRACK_SLICE];
	struct device_handle handles[TRACK_SLICE];
	struct buf text = {0}, was = {0}, is = {0};
	uint32_t now = tracker_now(from) + 7, n;
	unsigned all = 0;

	while ((n = tracker_next(from, &walk, devices, handles)) > 0) {
		for (uint32_t i = 0; i < n; i++, all++) {
			struct arena copy = {0};

			write(from, devices[i], true, now, &text);
			write(from, devices[i], false, now, &was);
			assert_int_equal(tracker_restore(to, text.p, text.len - 1, SERVER_SEC + 100000000), 0);
			assert_int_equal(tracker_restore(to, text.p, text.len - 1, SERVER_SEC), ERR_EXISTS);
			write(to, tracker_get(to, &devices[i]->key, &copy), false, now, &is);
			if (strcmp(was.p, is.p) != 0)
				show_difference(was.p, is.p, path);
			arena_finish(&copy);
		}
		arena_reset(&arena);
	}
	assert_int_equal(tracker_restore_refused(to), 0);
	tracker_restore_now(to, tracker_now(from));
	buf_finish(&text);
	buf_finish(&was);
	buf_finish(&is);
	arena_finish(&arena);
	return all;
}

/* Two models hold the same. */
static void compare(struct tracker *a, struct tracker *b, const char *path)
{
	struct arena arena = {0};
	struct tracker_walk walk = {.view = -1, .arena = &arena};
	struct device *devices[TRACK_SLICE];
	struct device_handle handles[TRACK_SLICE];
	struct buf was = {0}, is = {0};
	struct tracker_counts of_a, of_b;
	uint32_t n;

	while ((n = tracker_next(a, &walk, devices, handles)) > 0) {
		for (uint32_t i = 0; i < n; i++) {
			const struct device *d = tracker_get(b, &devices[i]->key, &arena);

			if (!d) {
				write(a, devices[i], false, tracker_now(a), &was);
				fail_msg("%s", was.p);
			}
			write(a, devices[i], false, tracker_now(a), &was);
			write(b, d, false, tracker_now(a), &is);
			if (strcmp(was.p, is.p) != 0)
				show_difference(was.p, is.p, path);
		}
		arena_reset(&arena);
	}
	tracker_count(a, &of_a);
	tracker_count(b, &of_b);
	assert_int_equal(of_a.devices, of_b.devices);
	buf_finish(&was);
	buf_finish(&is);
	arena_finish(&arena);
}

static bool source_uuid(void *ctx, uint16_t source, struct uuid *ret)
{
	(void) ctx;
	*ret = (struct uuid){{9, (uint8_t) source}};
	return source == SOURCE;
}

static struct tracker *start_with_source(void)
{
	return start_with(source_uuid);
}

static void open_source(struct tracker *t)
{
	struct uuid u = {{9, SOURCE}};

	tracker_source(t, SOURCE, false, &u);
}

static unsigned round_trip(const char *path)
{
	struct tracker *t = start_with_source(), *other = start();
	unsigned n;

	open_source(t);
	(void) read_capture(t, path, 0, UINT32_MAX);
	n = carry_over(t, other, path);
	assert_int_equal(tracker_view(t, "seenby-09030000-0000-0000-0000-000000000000") >= 0, 1);
	if (n)
		assert_true(tracker_view(other, "seenby-09030000-0000-0000-0000-000000000000") >= 0);
	tracker_destroy(t);
	tracker_destroy(other);
	return n;
}

static unsigned each_capture(const char *folder, unsigned (*test)(const char *path))
{
	DIR *dir = opendir(folder);
	const struct dirent *e;
	unsigned n = 0;
	char path[4096];

	while (dir && (e = readdir(dir)) != NULL) {
		(void) snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
		if (e->d_name[0] != '.')
			n += test(path);
	}
	if (dir)
		(void) closedir(dir);
	return n;
}

static unsigned all_captures(unsigned (*test)(const char *path))
{
	const char *root = getenv("SOURCE_ROOT");
	char path[4000];
	unsigned n;

	(void) snprintf(path, sizeof(path), "%s/tests/captures", root ? root : ".");
	n = each_capture(path, test);
	(void) snprintf(path, sizeof(path), "%s/../shared/captures", root ? root : ".");
	return n + each_capture(path, test);
}

static void devices_come_back_as_they_were(void **state)
{
	(void) state;
	assert_true(all_captures(round_trip) > 10);
}

/* A model that was restored halfway ends as one that saw everything. Positions are written to a millionth of a degree,
 * so that means of many may end elsewhere by as much: without them. */
static unsigned go_on(const char *path)
{
	struct tracker *whole = start_with_source(), *first = start_with_source(), *second = start_with_source();
	unsigned n, half;

	open_source(whole);
	open_source(first);
	n = read_capture(whole, path, 0, UINT32_MAX);
	half = n / 2;
	(void) read_capture(first, path, 0, half);
	(void) carry_over(first, second, path);
	open_source(second);
	(void) read_capture(second, path, half, UINT32_MAX);
	compare(whole, second, path);
	tracker_destroy(whole);
	tracker_destroy(first);
	tracker_destroy(second);
	return n;
}

static void frames_go_on_with_them(void **state)
{
	const char *root = getenv("SOURCE_ROOT");
	char path[4000];

	(void) state;
	placed = false;
	(void) snprintf(path, sizeof(path), "%s/tests/captures/sample.pcap", root ? root : ".");
	assert_true(go_on(path) > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(devices_come_back_as_they_were),
		cmocka_unit_test(frames_go_on_with_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
