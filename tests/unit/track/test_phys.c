/* A phy from outside: a row of its own, its devices, and what becomes of link types that no phy takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/err.h"
#include "field/write.h"
#include "phy/dot11/dot11.h"
#include "phy/phys.h"
#include "track/model.h"
#include "track/packet_ctx.h"
#include "track/phys.h"
#include "track/read.h"
#include "track/tracker.h"
#include "track/views.h"

#define LINKTYPE_TOY 147 /* tcpdump.org's first number for private use */

/* Frames of the toy phy: the sender's address, then how loud it sings. */
struct toy_device {
	uint32_t loudness;
	char *song;
};
static const struct field toy_rows[] = {
	FIELD(struct toy_device, "toy.loudness", loudness, "How loud it sings."),
	FIELD(struct toy_device, "toy.song", song, "What it sings."),
};
static struct field_table toy_table = FIELD_TABLE(struct toy_device, "toy", toy_rows);

static int toy_dissect(struct packet *packet, void *space, void *of_source)
{
	struct span s = packet->mpdu;

	(void) of_source;
	packet->sender = mac_from(span_take(&s, 6));
	packet->transmitter = packet->sender;
	packet->bssid = packet->destination = (struct mac){{0}};
	packet->is_data = false;
	*(uint32_t *) space = span_u8(&s);
	return s.bad ? ERR_TRUNCATED : 0;
}

static void toy_apply(struct packet_ctx *p, struct packet *packet, void *space)
{
	struct toy_device *x;
	struct shard *s;
	uint32_t slot;
	struct device *d = device_lock(p, &packet->sender, UPDATE_PACKETS | UPDATE_SEENBY, &s, &slot);

	if (!d)
		return;
	x = device_part(d, p->phy->number);
	x->loudness = *(const uint32_t *) space;
	if (!x->song)
		x->song = strdup("la");
	device_unlock(p, s, slot);
}

static const struct phy toy = {.name = "Toybox",
			       .record_name = "toy.device",
			       .record_doc = "What the toy phy knows.",
			       .record = &toy_table,
			       .links = {LINKTYPE_TOY},
			       .repeats = true,
			       .dissect = toy_dissect,
			       .apply = toy_apply};

static struct tracker *start(void)
{
	struct track_conf conf = {.phys = built_in_phys};
	struct uuid u = {{1}};
	struct tracker *t;

	option_table_default(&track_options, &conf);
	t = tracker_create(&conf);
	assert_int_equal(tracker_add_phy(t, &toy), PHYS_BUILT_IN);
	tracker_source(t, 1, false, &u);
	return t;
}

static void feed(struct tracker *t, uint16_t linktype, const void *p, size_t n)
{
	struct packet packet = {.data = span_of(p, n),
				.length = (uint32_t) n,
				.linktype = linktype,
				.source = 1,
				.time_us = 1700000000000000};

	tracker_packet(t, &packet, 2000000000);
}

static void its_devices_have_its_record(void **state)
{
	struct tracker *t = start();
	struct arena arena = {0};
	struct field_ctx ctx = {.arena = &arena, .context = tracker_context(t)};
	struct key key = {key_phy_hash("Toybox"), {{2, 0, 0, 0, 0, 7}}};
	struct phy_counts phys[PHYS_MAX];
	struct tracker_counts counts;
	struct buf b = {0};
	struct device *d;

	(void) state;
	feed(t, LINKTYPE_TOY, "\2\0\0\0\0\7\11", 7);
	feed(t, LINKTYPE_TOY, "\2\0\0\0\0\7\11", 7); /* the same again is no duplicate */
	feed(t, LINKTYPE_TOY, "\2\0\0", 3);
	d = tracker_get(t, &key, &arena);
	assert_non_null(d);
	field_write(&b, &device_table, d, FIELD_FORMAT_JSON, &ctx);
	assert_non_null(strstr(buf_text(&b), "\"kismet.device.base.phyname\":\"Toybox\""));
	assert_non_null(strstr(buf_text(&b), "\"toy.device\":{\"toy.loudness\":9,\"toy.song\":\"la\"}"));
	assert_non_null(strstr(buf_text(&b), "\"kismet.device.base.packets.total\":2,"));
	assert_null(strstr(buf_text(&b), "dot11.device"));
	assert_true(tracker_view(t, "phy-Toybox") > 0);
	assert_int_equal(tracker_phys(t, phys, PHYS_MAX), PHYS_BUILT_IN + 1);
	assert_string_equal(phys[PHYS_BUILT_IN].name, "Toybox");
	assert_int_equal(phys[PHYS_BUILT_IN].devices, 1);
	assert_int_equal(phys[PHYS_BUILT_IN].packets, 2);
	assert_int_equal(phys[PHY_DOT11].packets, 0);
	tracker_count(t, &counts);
	assert_int_equal(counts.unreadable, 1);
	assert_int_equal(counts.duplicates, 0);
	buf_finish(&b);
	arena_finish(&arena);
	tracker_destroy(t);
}

static void names_and_link_types_are_taken_once(void **state)
{
	struct tracker *t = start();
	struct phy other = toy;

	(void) state;
	assert_int_equal(tracker_add_phy(t, &other), ERR_EXISTS);
	other.name = "Toybox 2";
	assert_int_equal(tracker_add_phy(t, &other), ERR_EXISTS);
	other.links[0] = LINKTYPE_IEEE802_11;
	assert_int_equal(tracker_add_phy(t, &other), ERR_EXISTS);
	other.links[0] = LINKTYPES;
	assert_int_equal(tracker_add_phy(t, &other), ERR_EXISTS);
	tracker_destroy(t);
}

static void other_link_types_are_counted(void **state)
{
	struct tracker *t = start();
	struct tracker_counts counts;

	(void) state;
	feed(t, LINKTYPES - 1, "abc", 3); /* no phy takes it, nor will a new one */
	feed(t, LINKTYPE_NONE, "abc", 3);
	tracker_count(t, &counts);
	assert_int_equal(counts.other_linktype, 2);
	assert_int_equal(counts.unreadable, 0);
	assert_int_equal(counts.devices, 0);
	tracker_destroy(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_devices_have_its_record),
		cmocka_unit_test(names_and_link_types_are_taken_once),
		cmocka_unit_test(other_link_types_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
