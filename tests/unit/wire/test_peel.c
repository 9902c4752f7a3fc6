/* What a radio's header says of the frame behind it, and what stands behind that: octets of each kind of header, beside
 * which Wireshark says the same (tests/slow/test_tshark.py). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/crc.h"
#include "base/err.h"
#include "wire/dot11/tail.h"
#include "wire/link/geo.h"
#include "wire/packet.h"

#define SPACE 256

static const uint8_t beacon[] = {
	0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0,    13,   0,    0, 0, 1,   0,
	13,   0, 0, 0, 1,    0x10, 0,    1,    2,    3,    4,    5,    6,    7, 8, 100, 0,
	1,    0, 0, 3, 'n',  'e',  't',  1,    4,    0x82, 0x84, 0x8b, 0x96, 3, 1, 6,
};

/* A header, the beacon, and what stands behind it. */
struct made {
	uint8_t octets[SPACE];
	size_t n;
};

static void add(struct made *m, const void *p, size_t n)
{
	assert_true(m->n + n <= sizeof(m->octets));
	memcpy(m->octets + m->n, p, n);
	m->n += n;
}

static void add_fcs(struct made *m, bool right)
{
	uint32_t sum = crc_32(beacon, sizeof(beacon)) ^ (right ? 0 : 0x5a5a5a5a);
	uint8_t fcs[4] = {(uint8_t) sum, (uint8_t) (sum >> 8), (uint8_t) (sum >> 16), (uint8_t) (sum >> 24)};

	add(m, fcs, sizeof(fcs));
}

static struct packet packet_of(struct made *m, uint16_t linktype)
{
	return (struct packet){
		.data = span_of(m->octets, m->n), .length = (uint32_t) m->n, .linktype = linktype, .shown = 0};
}

enum behind { NOTHING, RIGHT, WRONG };
struct header {
	const char *what;
	uint16_t linktype;
	size_t n;
	uint8_t octets[48];
	enum behind behind;
	bool bad, good;
};

static const struct header headers[] = {
	{"radiotap, no flags", LINKTYPE_RADIOTAP, 8, {0, 0, 8}, NOTHING, false, false},
	{"radiotap 0x10", LINKTYPE_RADIOTAP, 9, {0, 0, 9, 0, 2, 0, 0, 0, 0x10}, RIGHT, false, true},
	{"radiotap 0x10, FCS wrong", LINKTYPE_RADIOTAP, 9, {0, 0, 9, 0, 2, 0, 0, 0, 0x10}, WRONG, true, false},
	{"radiotap 0x40", LINKTYPE_RADIOTAP, 9, {0, 0, 9, 0, 2, 0, 0, 0, 0x40}, NOTHING, true, false},
	{"radiotap 0x50, FCS right", LINKTYPE_RADIOTAP, 9, {0, 0, 9, 0, 2, 0, 0, 0, 0x50}, RIGHT, true, false},
	{"radiotap, FCS not claimed", LINKTYPE_RADIOTAP, 8, {0, 0, 8}, RIGHT, false, true},
	{"radiotap RX flags, PLCP bad", LINKTYPE_RADIOTAP, 10, {0, 0, 10, 0, 0, 0x40, 0, 0, 2}, NOTHING, true, false},
	{"radiotap RX flags, another bit",
	 LINKTYPE_RADIOTAP,
	 10,
	 {0, 0, 10, 0, 0, 0x40, 0, 0, 4},
	 NOTHING,
	 false,
	 false},
	{"radiotap, flags of a second antenna",
	 LINKTYPE_RADIOTAP,
	 14,
	 {0, 0, 14, 0, 2, 0, 0, 0xa0, 2, 0, 0, 0, 0, 0x40},
	 NOTHING,
	 true,
	 false},
	{"radiotap, a vendor's bits are not ours",
	 LINKTYPE_RADIOTAP,
	 20,
	 {0, 0, 20, 0, 0, 0, 0, 0xc0, 2, 0, 0, 0, 1, 2, 3, 0, 2, 0, 0x40, 0x40},
	 NOTHING,
	 false,
	 false},
	{"radiotap, ours behind a vendor's",
	 LINKTYPE_RADIOTAP,
	 26,
	 {0, 0, 26, 0, 0, 0, 0, 0xc0, 2, 0, 0, 0xa0, 2, 0, 0, 0, 1, 2, 3, 0, 2, 0, 0, 0, 0x40, 0},
	 NOTHING,
	 true,
	 false},
	{"radiotap, flags cut off", LINKTYPE_RADIOTAP, 8, {0, 0, 8, 0, 2}, NOTHING, false, false},
	{"PPI, FCS there", LINKTYPE_PPI, 32, {0, 0, 32, 0, 105, 0, 0, 0, 2, 0, 20, 0, [20] = 1}, RIGHT, false, true},
	{"PPI, FCS there and wrong",
	 LINKTYPE_PPI,
	 32,
	 {0, 0, 32, 0, 105, 0, 0, 0, 2, 0, 20, 0, [20] = 1},
	 WRONG,
	 true,
	 false},
	{"PPI, FCS invalid",
	 LINKTYPE_PPI,
	 32,
	 {0, 0, 32, 0, 105, 0, 0, 0, 2, 0, 20, 0, [20] = 4},
	 NOTHING,
	 true,
	 false},
	{"PPI, both", LINKTYPE_PPI, 32, {0, 0, 32, 0, 105, 0, 0, 0, 2, 0, 20, 0, [20] = 5}, WRONG, true, false},
	{"PPI, PHY error", LINKTYPE_PPI, 32, {0, 0, 32, 0, 105, 0, 0, 0, 2, 0, 20, 0, [20] = 8}, NOTHING, true, false},
	{"bare", LINKTYPE_IEEE802_11, 0, {0}, NOTHING, false, false},
	{"bare, FCS not announced", LINKTYPE_IEEE802_11, 0, {0}, RIGHT, false, true},
};

static struct made made_of(const struct header *h)
{
	struct made m = {.n = 0};

	add(&m, h->octets, h->n);
	add(&m, beacon, sizeof(beacon));
	if (h->behind != NOTHING)
		add_fcs(&m, h->behind == RIGHT);
	return m;
}

static void test_headers(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		const struct header *h = &headers[i];
		struct made m = made_of(h);
		struct packet p = packet_of(&m, h->linktype);

		print_message("%s\n", h->what);
		assert_int_equal(packet_peel(&p), 0);
		assert_int_equal(p.link, LINKTYPE_IEEE802_11);
		assert_int_equal(p.fcs_bad, h->bad);
		assert_int_equal(p.fcs_good, h->good);
		assert_int_equal(p.mpdu.left, sizeof(beacon));
	}
}

static void test_headers_that_are_not_read(void **state)
{
	static const struct {
		uint16_t linktype;
		uint8_t octets[12];
	} rows[] = {
		{LINKTYPE_RADIOTAP, {1, 0, 8}},     {LINKTYPE_RADIOTAP, {0x11, 0, 8}},
		{LINKTYPE_RADIOTAP, {0, 0, 7}},     {LINKTYPE_RADIOTAP, {0, 0, 0xff, 0xff}},
		{LINKTYPE_PPI, {1, 0, 8}},          {LINKTYPE_PPI, {0, 0, 7}},
		{LINKTYPE_PPI, {0, 0, 0xff, 0xff}},
	};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct made m = {.n = 0};
		struct packet p;

		add(&m, rows[i].octets, 8);
		add(&m, beacon, sizeof(beacon));
		p = packet_of(&m, rows[i].linktype);
		assert_true(packet_peel(&p) < 0);
	}
}

/* Present bits that go on and on. */
static void test_chain_of_bitmaps(void **state)
{
	struct made m = {.n = 0};
	struct packet p;

	(void) state;
	memset(m.octets, 0xff, sizeof(m.octets));
	memcpy(m.octets, (const uint8_t[]){0, 0, SPACE - 1, 0}, 4);
	m.n = SPACE;
	p = packet_of(&m, LINKTYPE_RADIOTAP);
	assert_int_equal(packet_peel(&p), ERR_LIMIT);
	m.octets[2] = 20; /* the chain is longer than the header */
	p = packet_of(&m, LINKTYPE_RADIOTAP);
	assert_int_equal(packet_peel(&p), 0);
	assert_int_equal(p.mpdu.left, SPACE - 20);
}

static void test_a_cut_frame_has_part_of_its_fcs(void **state)
{
	(void) state;
	for (size_t cut = 1; cut < 8; cut++) {
		struct made m = made_of(&headers[1]);
		struct packet p = packet_of(&m, LINKTYPE_RADIOTAP);

		p.data.left -= cut;
		assert_int_equal(packet_peel(&p), 0);
		assert_false(p.fcs_bad || p.fcs_good);
		assert_int_equal(p.mpdu.left, sizeof(beacon) - (cut > 4 ? cut - 4 : 0));
	}
}

static void peel_known(struct made *m, struct packet_trailer t, size_t left, bool bad, bool good)
{
	struct packet p = packet_of(m, LINKTYPE_RADIOTAP);

	t.known = true;
	p.trailer[0] = p.trailer[1] = t;
	assert_int_equal(packet_peel(&p), 0);
	assert_int_equal(p.mpdu.left, left);
	assert_int_equal(p.fcs_bad, bad);
	assert_int_equal(p.fcs_good, good);
}

static void test_what_is_known_of_a_source(void **state)
{
	static const uint8_t garbage[8] = {0x44, 0x20, 0x82, 0x3c, 0xfd, 0xe6, 0xf1, 0xc2};
	struct header h = headers[1];
	struct made m;

	(void) state;
	h.behind = NOTHING; /* claimed, and not there */
	m = made_of(&h);
	peel_known(&m, (struct packet_trailer){.octets = 0}, sizeof(beacon), false, false);
	h.behind = WRONG; /* claimed and wrong */
	m = made_of(&h);
	peel_known(&m, (struct packet_trailer){.octets = 4, .is_fcs = true}, sizeof(beacon), true, false);
	h = headers[0]; /* not claimed, there, and wrong */
	h.behind = WRONG;
	m = made_of(&h);
	peel_known(&m, (struct packet_trailer){.octets = 4, .is_fcs = true}, sizeof(beacon), true, false);
	peel_known(&m, (struct packet_trailer){.octets = 4}, sizeof(beacon), false, false);
	m = made_of(&headers[0]); /* unknown octets, with an FCS before them or without */
	add(&m, garbage, sizeof(garbage));
	peel_known(&m, (struct packet_trailer){.octets = 8}, sizeof(beacon), false, false);
	h.behind = RIGHT;
	m = made_of(&h);
	add(&m, garbage, 4);
	peel_known(&m, (struct packet_trailer){.octets = 8}, sizeof(beacon), false, true);
	m = made_of(&headers[0]); /* among such a frame without */
	peel_known(&m, (struct packet_trailer){.octets = 8}, sizeof(beacon), false, false);
}

static void test_fcs_of_other_lengths(void **state)
{
	struct made m = {.n = 0};

	(void) state;
	add(&m, beacon, sizeof(beacon));
	add(&m, "\1\2", 2);
	for (int ignored = 0; ignored < 2; ignored++) {
		struct packet p = packet_of(&m, LINKTYPE_IEEE802_11);

		p.fcs_octets = 2;
		p.fcs_ignored = ignored;
		assert_int_equal(packet_peel(&p), 0);
		assert_int_equal(p.mpdu.left, sizeof(beacon));
		assert_false(p.fcs_bad || p.fcs_good);
	}
}

static void test_where_frames_end(void **state)
{
	static const struct {
		uint8_t octets[40];
		size_t n;
		uint32_t ends;
	} rows[] = {
		{{0xd4, 0}, 10, 1},
		{{0xd4, 0}, 14, 1 << 4},
		{{0xb4, 0}, 16, 1},
		{{0xb4, 0}, 10, 0},
		{{0x48, 1}, 24, 1},
		{{0xc8, 1}, 30, 1 << 4},
		{{0xc8, 3}, 32, 1},
		{{0xc8, 0x81}, 30, 1},
		{{0x08, 1}, 30, 0},
		{{0xc0, 0}, 26, 1},
		{{0xc0, 0}, 30, 1 << 4 | 1 << 2},
		{{0xd0, 0}, 30, 0},
		{{0x40, 0}, 24, 1},
		{{0x40, 0}, 25, 1 << 1},
		{{0x40, 0}, 26, 1 << 2 | 1},
		{{0x40, 0}, 28, 1 << 4 | 1 << 2},
		{{0x40, 0x40}, 30, 0},
		{{0x41, 0}, 30, 0},
		{{0x40, 0}, 9, 0},
	};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(dot11_tail(span_of(rows[i].octets, rows[i].n)), rows[i].ends);
	assert_int_equal(dot11_tail(span_of(beacon, sizeof(beacon))) & 0xf, 1 | 1 << 3);
}

static void test_kismets_position(void **state)
{
	uint8_t option[] = {0x72, 0xda, 0,    0,    0x47, 1,    12,   0,    14,   0,    0,    0,
			    0x40, 0xaf, 0x94, 0x8a, 0x80, 0x7f, 0x46, 0x73, 0x30, 0x29, 0x4f, 0x6b};
	struct position p = {0};

	(void) state;
	assert_true(geo_kismet_read(span_of(option, sizeof(option)), false, &p));
	assert_true(p.lon > 52.4999999 && p.lon < 52.5000001 && p.lat > 13.3999999 && p.lat < 13.4000001);
	assert_int_equal(p.fix, POSITION_FIX_3D);
	assert_false(geo_kismet_read(span_of(option, sizeof(option)), true, &p));
	for (size_t n = 0; n < 20; n++) /* cut */
		assert_false(geo_kismet_read(span_of(option, n), false, &p));
	option[6] = 200; /* longer than it is */
	assert_false(geo_kismet_read(span_of(option, sizeof(option)), false, &p));
	option[6] = 4; /* shorter */
	assert_false(geo_kismet_read(span_of(option, sizeof(option)), false, &p));
	option[6] = 12;
	option[15] = 0xff; /* no such longitude */
	assert_false(geo_kismet_read(span_of(option, sizeof(option)), false, &p));
	assert_int_equal(geo_fixed_degrees(52.5), 2325000000u);
	assert_int_equal(geo_fixed_metres(34.04), 1800340400u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_headers_that_are_not_read),
		cmocka_unit_test(test_chain_of_bitmaps),
		cmocka_unit_test(test_a_cut_frame_has_part_of_its_fcs),
		cmocka_unit_test(test_what_is_known_of_a_source),
		cmocka_unit_test(test_fcs_of_other_lengths),
		cmocka_unit_test(test_where_frames_end),
		cmocka_unit_test(test_kismets_position),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
