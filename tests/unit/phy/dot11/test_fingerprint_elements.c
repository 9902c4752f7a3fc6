/* Fingerprints: lists of elements, and known hashes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "phy/dot11/fingerprint.h"

static void lists(void **state)
{
	static const char *const bad[] = {
		"256", "x", "1,", ",1", "1,,2", "221-", "221-0050F2", "221-0050F2-", "221-1000000-1", "221-0050F2-256",
		"1 2", "-1"};
	struct fingerprint_list l;

	(void) state;
	assert_true(fingerprint_list_parse("", &l));
	assert_int_equal(l.n, 0);
	assert_true(fingerprint_list_parse("0, 1,221-0050f2-2,221-506F9A-28", &l));
	assert_int_equal(l.n, 4);
	assert_false(l.elements[1].of_vendor);
	assert_int_equal(l.elements[3].oui, 0x506f9a);
	assert_int_equal(l.elements[3].type, 28);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(fingerprint_list_parse(bad[i], &l));
}

static void counts_what_is_listed(void **state)
{
	static const uint8_t a[] = {0, 1, 'a', 1, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 221, 5, 0, 0x50, 0xf2, 2, 7};
	static const uint8_t b[] = {0, 1, 'b', 5, 1, 9, 221, 5, 0, 0x50, 0xf2, 2, 7, 1, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9};
	struct fingerprint_list l;
	uint32_t sum;

	(void) state;
	assert_true(fingerprint_list_parse("1,221-0050F2-2", &l));
	sum = fingerprint_of(&l, span_of(a, sizeof(a)));
	assert_int_not_equal(sum, 0);
	assert_int_equal(fingerprint_of(&l, span_of(b, sizeof(b))), sum);
	assert_int_not_equal(fingerprint_of(&l, span_of(a, sizeof(a) - 7)), sum);
	assert_int_equal(fingerprint_of(&l, span_of(a, 3)), 0);
	assert_true(fingerprint_list_parse("1,221-0050F2-3", &l));
	assert_int_equal(fingerprint_of(&l, span_of(a, sizeof(a))), fingerprint_of(&l, span_of(a, 14)));
}

/* Worked out by hand from the definitions of both hashes. */
static void known_hashes(void **state)
{
	static const uint8_t all[] = {0, 3, 'n', 'e', 't', 1, 4, 0x82, 0x84, 0x8b, 0x96};
	struct fingerprint_list l;

	(void) state;
	assert_true(fingerprint_list_parse("0,1", &l));
	assert_int_equal(fingerprint_of(&l, span_of(all, sizeof(all))), 2822839245u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists),
		cmocka_unit_test(counts_what_is_listed),
		cmocka_unit_test(known_hashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
