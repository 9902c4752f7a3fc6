/* The index of a frame's elements: it finds what a walk finds, whatever the list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "wire/dot11/elements.h"

/* The index walks as element_next() does, and finds the first of each. */
static void agree(struct span list, const struct elements *index)
{
	struct elements_at at = {0};
	struct element one, other;
	struct span rest = list, first, found;
	uint32_t n = 0;

	while (n < ELEMENTS_WALKED && element_next(&rest, &one)) {
		assert_true(elements_next(index, &at, &other));
		assert_ptr_equal(one.body.p, other.body.p);
		assert_ptr_equal(one.data.p, other.data.p);
		assert_int_equal(one.data.left, other.data.left);
		assert_int_equal(one.id, other.id);
		assert_int_equal(one.number, other.number);
		assert_true(elements_have(index, one.id));
		assert_true(element_find(list, one.id, &first));
		assert_true(elements_find(index, one.id, &found));
		assert_ptr_equal(first.p, found.p);
		n++;
	}
	assert_false(elements_next(index, &at, &other));
	assert_int_equal(index->count, n);
	assert_int_equal(index->torn, rest.bad);
}

static void every_cut_is_indexed(void **state)
{
	static const uint8_t list[] = {0,   4, 'h', 'o', 'm',  'e',  3,    1,   6, 48,  0, 221, 5, 0, 0x50, 0xf2, 4, 9,
				       255, 3, 107, 1,   2,    221,  2,    1,   2, 255, 0, 150, 4, 0, 0x40, 0x96, 0, 3,
				       1,   7, 221, 3,   0x26, 0x37, 0x12, 255, 1, 35};

	(void) state;
	for (size_t n = 0; n <= sizeof(list); n++) {
		uint8_t *exact = malloc(n ? n : 1);
		struct elements index;

		memcpy(exact, list, n);
		elements_index(span_of(exact, n), &index);
		agree(span_of(exact, n), &index);
		assert_int_equal(index.torn, index.whole != n);
		free(exact);
	}
}

static void names_are_distinguished(void **state)
{
	static const uint8_t list[] = {221, 4, 0,   0x50, 0xf2, 1,   221, 4, 0,    0x50, 0xf2, 99,  221, 2, 0, 0x50,
				       255, 0, 255, 1,    255,  150, 4,   0, 0x40, 0x96, 0,    150, 1,   0, 0, 0};
	static const uint16_t ids[] = {ELEMENT_WPA,           ELEMENT_VENDOR,      ELEMENT_VENDOR, ELEMENT_EXTENSION,
				       ELEMENT_EXTENDED(255), ELEMENT_CISCO_POWER, ELEMENT_CISCO,  ELEMENT_SSID};
	struct elements index;
	uint32_t oui;
	struct element e;
	struct span rest = span_of(list, sizeof(list));

	(void) state;
	elements_index(rest, &index);
	assert_int_equal(index.n, sizeof(ids) / sizeof(ids[0]));
	for (size_t i = 0; i < index.n; i++)
		assert_int_equal(index.entries[i].id, ids[i]);
	assert_true(element_next(&rest, &e));
	assert_int_equal(element_subtype(&e, &oui), 1);
	assert_int_equal(oui, 0x0050f2);
}

static void repeats_are_marked(void **state)
{
	static const uint8_t list[] = {0, 0, 3, 1, 6, 0, 1, 'a', 3, 1};
	struct elements index;
	struct span data;

	(void) state;
	elements_index(span_of(list, sizeof(list)), &index);
	assert_int_equal(index.count, 3);
	assert_int_equal(index.repeated, 1);
	assert_int_equal(index.entries[0].flags, 0);
	assert_int_equal(index.entries[2].flags, ELEMENT_AGAIN);
	assert_true(index.torn);
	assert_int_equal(index.whole, 8);
	assert_true(elements_find(&index, ELEMENT_SSID, &data));
	assert_int_equal(data.left, 0);
}

/* What has no entry any more is counted and found. */
static void more_than_the_index_holds(void **state)
{
	uint8_t list[ELEMENTS_WALKED * 2 + 8] = {0};
	struct elements index;
	struct span data;

	(void) state;
	for (size_t i = 0; i < ELEMENTS_WALKED; i++)
		list[i * 2] = 200;
	list[ELEMENTS_INDEXED * 2 + 2] = ELEMENT_ERP;
	elements_index(span_of(list, sizeof(list)), &index);
	agree(span_of(list, sizeof(list)), &index);
	assert_int_equal(index.n, ELEMENTS_INDEXED);
	assert_int_equal(index.count, ELEMENTS_WALKED);
	assert_false(index.torn);
	assert_true(elements_find(&index, ELEMENT_ERP, &data));
	assert_ptr_equal(data.p, list + ELEMENTS_INDEXED * 2 + 4);
	assert_false(elements_have(&index, ELEMENT_SSID));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cut_is_indexed),
		cmocka_unit_test(names_are_distinguished),
		cmocka_unit_test(repeats_are_marked),
		cmocka_unit_test(more_than_the_index_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
