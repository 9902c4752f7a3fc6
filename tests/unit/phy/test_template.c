/* The phy that examples/phy teaches: its frames cut everywhere, its devices, its view, and a device that comes back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "field/write.h"
#include "phy/phys.h"
#include "phy/template/template.h"
#include "track/read.h"
#include "track/restore.h"
#include "track/tracker.h"
#include "track/views.h"
#include "wire/template/template_frame.h"

static const uint8_t answer[] = {2,  2,    0,    0,   0,   0,   7,  2, 0, 0, 0, 0, 9, /* of 7, to 9 */
				 15, 0xe9, 0xff, 'b', 'u', 'o', 'y'};
#define NAME_AT 16

static struct tracker *start(void)
{
	static const struct phy *const all[] = {&template_phy, NULL};
	struct track_conf track = {.phys = all};
	struct tracker *t;

	option_table_default(&track_options, &track);
	track.oui_file = "/nowhere";
	t = tracker_create(&track);
	tracker_source(t, 1, false, &(struct uuid){{1}});
	return t;
}

static void feed(struct tracker *t, const uint8_t *p, size_t n)
{
	struct packet packet = {.data = span_of(p, n),
				.length = (uint32_t) n,
				.linktype = 148,
				.source = 1,
				.time_us = 1700000000000000};

	tracker_packet(t, &packet, 2000000000);
}

static uint32_t in_view(struct tracker *t, const char *id)
{
	struct view_counts views[8];
	uint32_t n = tracker_views(t, views, 8);

	for (uint32_t i = 0; i < n; i++)
		if (strcmp(views[i].id, id) == 0)
			return (uint32_t) views[i].devices;
	fail();
	return 0;
}

static void write(struct tracker *t, uint8_t last, struct buf *ret)
{
	struct arena arena = {0};
	struct field_ctx ctx = {.arena = &arena, .context = tracker_context(t), .state = true};
	struct key key = {key_phy_hash("Template"), {{2, 0, 0, 0, 0, last}}};
	struct device *d = tracker_get(t, &key, &arena);

	assert_non_null(d);
	field_write(ret, &device_table, d, FIELD_FORMAT_JSON, &ctx);
	arena_finish(&arena);
}

static void frames_are_read_to_their_end(void **state)
{
	struct template_frame f;

	(void) state;
	assert_int_equal(template_read(span_of(answer, sizeof(answer)), &f), 0);
	assert_int_equal(f.battery, 15);
	assert_true(f.celsius > -2.31 && f.celsius < -2.29);
	assert_int_equal(f.name.left, 4);
	for (size_t n = 0; n < sizeof(answer); n++) {
		uint8_t *cut = malloc(n ? n : 1);

		memcpy(cut, answer, n);
		assert_int_equal(template_read(span_of(cut, n), &f) < 0, n < NAME_AT);
		free(cut);
	}
	assert_int_equal(template_read(span_of("\x03", 1), &f), ERR_MALFORMED);
}

static void a_frame_makes_its_devices(void **state)
{
	struct tracker *t = start();
	struct buf buoy = {0}, asker = {0};

	(void) state;
	feed(t, answer, sizeof(answer));
	feed(t, answer, sizeof(answer)); /* repeats */
	feed(t, answer, 5);
	write(t, 7, &buoy);
	write(t, 9, &asker);
	assert_non_null(strstr(buf_text(&buoy), "\"kismet.device.base.type\":\"Buoy\""));
	assert_non_null(strstr(buf_text(&buoy), "\"norn.template.answers\":2"));
	assert_non_null(strstr(buf_text(&buoy), "\"norn.template.name\":\"buoy\""));
	assert_non_null(strstr(buf_text(&buoy), "norn_template_answers"));
	assert_non_null(strstr(buf_text(&asker), "\"kismet.device.base.type\":\"Asker\""));
	assert_int_equal(in_view(t, "phy-Template"), 2);
	assert_int_equal(in_view(t, "phytemplate_low"), 1);
	buf_finish(&buoy);
	buf_finish(&asker);
	tracker_destroy(t);
}

static void a_device_comes_back(void **state)
{
	struct tracker *t = start(), *again = start();
	struct buf before = {0}, after = {0};

	(void) state;
	feed(t, answer, sizeof(answer));
	write(t, 7, &before);
	assert_int_equal(tracker_restore(again, before.p, before.len, 2000000000), 0);
	write(again, 7, &after);
	assert_string_equal(strstr(buf_text(&after), "norn.template.device"),
			    strstr(buf_text(&before), "norn.template.device"));
	assert_int_equal(in_view(again, "phytemplate_low"), 1);
	buf_finish(&before);
	buf_finish(&after);
	tracker_destroy(t);
	tracker_destroy(again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_are_read_to_their_end),
		cmocka_unit_test(a_frame_makes_its_devices),
		cmocka_unit_test(a_device_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
