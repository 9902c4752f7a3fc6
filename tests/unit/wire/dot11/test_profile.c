/* Fragments, and what a frame says of others: networks that do not transmit themselves, and links. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "wire/dot11/profile.h"
#include "wire/dot11/summary.h"

static const uint8_t rsn_psk[] = {48, 20, 1, 0, 0, 0xf, 0xac, 4, 1, 0, 0, 0xf, 0xac, 4, 1, 0, 0, 0xf, 0xac, 2, 0, 0};

/* A beacon of one access point for three networks, as one was recorded. */
static const uint8_t beacon[] = {
	0x80, 0,   0,    0,    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0,   0x1d, 0xaa, 0,    0,    0x10, 0,    0x1d,
	0xaa, 0,   0,    0x10, 0x60, 0x1a, 0x40, 0xa2, 0xa2, 2,    0,   0,    0,    0,    0x64, 0,    0x11, 4,
	0,    8,   'm',  'a',  'i',  'n',  '-',  'n',  'e',  't',  1,   8,    0x82, 0x84, 0x8b, 0x96, 12,   18,
	24,   36,  3,    1,    6,    48,   20,   1,    0,    0,    0xf, 0xac, 4,    1,    0,    0,    0xf,  0xac,
	4,    1,   0,    0,    0xf,  0xac, 2,    0,    0,    71,   61,  3,    0,    18,   83,   2,    1,    4,
	0,    9,   'g',  'u',  'e',  's',  't',  '-',  'n',  'e',  't', 85,   1,    1,    0,    38,   83,   2,
	0x11, 4,   0,    7,    'i',  'o',  't',  '-',  'n',  'e',  't', 85,   1,    2,    48,   20,   1,    0,
	0,    0xf, 0xac, 4,    1,    0,    0,    0xf,  0xac, 4,    1,   0,    0,    0xf,  0xac, 8,    0xc0, 0};

/* A beacon with what b holds behind its fixed fields. */
struct made {
	uint8_t b[4096];
	size_t n;
	struct frame f;
};

static void begin(struct made *m, uint8_t frame_control)
{
	memset(m, 0, sizeof(*m));
	memcpy(m->b, beacon, 36);
	m->b[0] = frame_control;
	m->n = 36;
}

static void add(struct made *m, const void *p, size_t n)
{
	memcpy(m->b + m->n, p, n);
	m->n += n;
}

static const struct frame *dissect(struct made *m)
{
	assert_int_equal(frame_dissect(span_of(m->b, m->n), &m->f), 0);
	return &m->f;
}

static void is_named(const struct profile *p, const char *name)
{
	struct span ssid;

	assert_true(elements_find(&p->elements, ELEMENT_SSID, &ssid));
	assert_int_equal(ssid.left, strlen(name));
	assert_memory_equal(ssid.p, name, ssid.left);
}

static void networks_that_do_not_transmit(void **state)
{
	struct profiles_at at = {0};
	struct profile p;
	struct span data;
	struct frame f;
	struct rsn r;

	(void) state;
	assert_int_equal(frame_dissect(span_of(beacon, sizeof(beacon)), &f), 0);
	assert_true(profile_next_bss(&f, &at, &p));
	is_named(&p, "guest-net");
	assert_int_equal(p.number, 1);
	assert_int_equal(p.address.b[5], 0x11);
	assert_int_equal(p.capability, 0x401);
	assert_false(elements_have(&p.elements, ELEMENT_RSN)); /* open */
	assert_true(elements_find(&p.elements, ELEMENT_DSSS_PARAMETER_SET, &data));
	assert_int_equal(data.p[0], 6);
	assert_int_equal(p.elements.count, 3);
	assert_true(profile_next_bss(&f, &at, &p));
	is_named(&p, "iot-net");
	assert_int_equal(p.address.b[5], 0x12);
	assert_true(elements_find(&p.elements, ELEMENT_RSN, &data) && rsn_read(data, &r));
	assert_string_equal(rsn_akm_name(r.akms[0]), "SAE");
	assert_int_equal(p.elements.count, 4);
	assert_int_equal(p.elements.repeated, 0);
	assert_false(profile_next_bss(&f, &at, &p));
}

/* The same RSN as the one that transmits is not written again; what is named is not inherited. */
static void what_is_inherited(void **state)
{
	static const uint8_t set[] = {71, 25,  1, 0,  22, 83, 2, 0x11, 0,  0,  1, 'b', 85, 1,
				      1,  255, 6, 56, 1,  3,  2, 35,   36, 50, 1, 2,   0};
	static const uint8_t others[] = {3,    1,    6, 255, 2,   35, 9, 255, 2, 38, 7,  221, 5,  0,
					 0x50, 0xf2, 2, 1,   221, 4,  1, 2,   3, 4,  50, 1,   108};
	static const uint8_t vendor_set[] = {71, 19, 1, 0, 16, 83, 2, 1, 0, 0, 0, 85, 1, 1, 221, 5, 1, 2, 3, 4, 9};
	struct profiles_at at = {0};
	struct profile p;
	struct span data;
	struct made m;

	(void) state;
	begin(&m, 0x80);
	add(&m, (uint8_t[]){0, 1, 'a'}, 3);
	add(&m, rsn_psk, sizeof(rsn_psk));
	add(&m, others, sizeof(others));
	add(&m, set, sizeof(set));
	assert_true(profile_next_bss(dissect(&m), &at, &p));
	is_named(&p, "b");
	assert_true(elements_have(&p.elements, ELEMENT_RSN));
	assert_false(elements_have(&p.elements, ELEMENT_DSSS_PARAMETER_SET)); /* number 3 */
	assert_false(elements_have(&p.elements, ELEMENT_HE_CAPABILITIES));
	assert_true(elements_have(&p.elements, ELEMENT_MU_EDCA));
	assert_true(elements_have(&p.elements, ELEMENT_WMM));
	assert_true(elements_have(&p.elements, ELEMENT_VENDOR));
	assert_true(elements_find(&p.elements, ELEMENT_EXTENDED_RATES, &data));
	assert_int_equal(data.p[0], 2);
	assert_int_equal(p.elements.repeated, 0);

	begin(&m, 0x80);
	add(&m, rsn_psk, sizeof(rsn_psk));
	add(&m, others, sizeof(others));
	add(&m, vendor_set, sizeof(vendor_set));
	at = (struct profiles_at){0};
	assert_true(profile_next_bss(dissect(&m), &at, &p));
	assert_true(elements_find(&p.elements, ELEMENT_VENDOR, &data)); /* of the same OUI and type: its own */
	assert_int_equal(data.left, 5);
	assert_int_equal(p.elements.count, 7);
}

/* A profile that goes on in the next element, and one that does not say which it is. */
static void profiles_go_on(void **state)
{
	static const uint8_t sets[] = {71, 10, 2, 0, 7, 83, 2,  1, 0, 0, 1, 'x', 71, 13, 2, 0,
				       3,  85, 1, 2, 0, 5,  83, 2, 1, 0, 5, 71,  3,  9,  0, 0};
	struct profiles_at at = {0};
	struct profile p;
	struct made m;

	(void) state;
	begin(&m, 0x80);
	add(&m, sets, sizeof(sets));
	assert_true(profile_next_bss(dissect(&m), &at, &p));
	is_named(&p, "x");
	assert_int_equal(p.address.b[5], 0x12);
	assert_false(profile_next_bss(&m.f, &at, &p));
}

static void addresses_of_a_set(void **state)
{
	static const struct {
		uint8_t last, indicator, index, expected;
	} rows[] = {{0x10, 3, 1, 0x11}, {0x17, 3, 1, 0x10}, {0xfe, 8, 5, 3}, {0xff, 1, 1, 0xfe}, {0x35, 4, 15, 0x34}};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mac sends = {{2, 0, 0, 0, 0, rows[i].last}}, m;

		m = multiple_bssid_address(&sends, rows[i].indicator, rows[i].index);
		assert_int_equal(m.b[5], rows[i].expected);
		assert_int_equal(m.b[0], 2);
	}
}

/* Multi-link: a complete profile, one that is not, and one whose length no subelement has room for. */
static const uint8_t links[] = {255, 51, 107,  0x10, 0,  8, 2,    0xaa, 0xbb, 0xcc, 0xdd, 1,    3, /* common */
				0,   23, 0x31, 0,    7,  2, 0xaa, 0xbb, 0xcc, 0xdd, 2,    0x11, 0, 3,
				1,   11, 255,  4,    56, 1, 50,   0,    45,   1,    7,    0,    6, 2,
				0,   1,  3,    1,    36, 0, 9,    7,    0,    1,    0,    0};

static void links_have_elements(void **state)
{
	struct profile p;
	struct span data;
	struct links at;
	struct made m;

	(void) state;
	begin(&m, 0x50);
	add(&m, (uint8_t[]){0, 2, 'm', 'l', 3, 1, 6, 50, 1, 108}, 10);
	add(&m, rsn_psk, sizeof(rsn_psk));
	add(&m, links, sizeof(links));
	assert_true(profile_links(dissect(&m), &at));
	assert_true(profile_next_link(&m.f, &at, &p));
	is_named(&p, "ml");
	assert_int_equal(p.number, 1);
	assert_true(p.has_address && p.complete);
	assert_int_equal(p.address.b[5], 2);
	assert_int_equal(p.capability, 0x11);
	assert_true(elements_find(&p.elements, ELEMENT_DSSS_PARAMETER_SET, &data));
	assert_int_equal(data.p[0], 11);
	assert_true(elements_have(&p.elements, ELEMENT_RSN));
	assert_false(elements_have(&p.elements, ELEMENT_EXTENDED_RATES));
	assert_false(elements_have(&p.elements, ELEMENT_MULTI_LINK));
	assert_true(profile_next_link(&m.f, &at, &p));
	assert_int_equal(p.number, 2);
	assert_false(p.has_address || p.complete);
	assert_true(elements_have(&p.elements, ELEMENT_DSSS_PARAMETER_SET));
	assert_false(elements_have(&p.elements, ELEMENT_SSID));
	assert_false(profile_next_link(&m.f, &at, &p)); /* torn */
}

/* The element in two fragments, its profile in two of its own. */
static void fragments_are_joined(void **state)
{
	uint8_t info[1024] = {107, 0x10, 0, 8, 2, 0xaa, 0xbb, 0xcc, 0xdd, 1, 3, 0, 255, 0x11, 0, 1, 1, 0};
	size_t n = 18, octets = 5; /* octets of the subelement so far */
	struct profile p;
	struct span data;
	struct links at;
	struct made m;

	(void) state;
	/* A vendor's element of 255 octets: it fills the subelement and goes on in its fragment. */
	info[n++] = 221;
	info[n++] = 255;
	octets += 2;
	for (size_t i = 0; i < 255; i++, octets++) {
		if (octets == 255) {
			info[n++] = SUBELEMENT_FRAGMENT;
			info[n++] = (uint8_t) (255 - i + 3);
		}
		info[n++] = (uint8_t) i;
	}
	memcpy(info + n, (uint8_t[]){3, 1, 44}, 3);
	n += 3;
	begin(&m, 0x80);
	add(&m, (uint8_t[]){255, 255}, 2);
	add(&m, info, 255);
	add(&m, (uint8_t[]){ELEMENT_FRAGMENT, (uint8_t) (n - 255)}, 2);
	add(&m, info + 255, n - 255);
	add(&m, (uint8_t[]){50, 1, 108}, 3);
	assert_int_equal(dissect(&m)->elements.entries[0].flags, ELEMENT_CONTINUED);
	assert_true(profile_links(&m.f, &at));
	assert_true(profile_next_link(&m.f, &at, &p));
	assert_true(elements_find(&p.elements, ELEMENT_VENDOR, &data));
	assert_int_equal(data.left, 255);
	assert_int_equal(data.p[254], 254);
	assert_true(elements_find(&p.elements, ELEMENT_DSSS_PARAMETER_SET, &data));
	assert_int_equal(data.p[0], 44);
	assert_true(elements_have(&p.elements, ELEMENT_EXTENDED_RATES));
	assert_false(elements_have(&p.elements, ELEMENT_FRAGMENT));
	assert_false(profile_next_link(&m.f, &at, &p));
}

static void walk(const struct frame *f)
{
	struct profiles_at at = {0};
	struct profile p;
	struct links links_at;

	while (profile_next_bss(f, &at, &p))
		assert_ptr_equal(p.elements.list.p, p.octets);
	if (profile_links(f, &links_at))
		while (profile_next_link(f, &links_at, &p))
			assert_true(p.elements.list.left <= sizeof(p.octets));
}

static void every_cut(void **state)
{
	uint8_t whole[sizeof(beacon) + sizeof(links)];
	struct frame f;

	(void) state;
	memcpy(whole, beacon, sizeof(beacon));
	memcpy(whole + sizeof(beacon), links, sizeof(links));
	for (size_t n = 0; n <= sizeof(whole); n++) {
		uint8_t *exact = malloc(n ? n : 1);

		memcpy(exact, whole, n);
		if (frame_dissect(span_of(exact, n), &f) == 0)
			walk(&f);
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(networks_that_do_not_transmit),
		cmocka_unit_test(what_is_inherited),
		cmocka_unit_test(profiles_go_on),
		cmocka_unit_test(addresses_of_a_set),
		cmocka_unit_test(links_have_elements),
		cmocka_unit_test(fragments_are_joined),
		cmocka_unit_test(every_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
