/* Names that a reader takes for "CorpNet 1", and names that he does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mem.h"
#include "phy/dot11/lookalike.h"

static struct ssid name_of(const char *octets, size_t n)
{
	struct ssid s = {.len = (uint8_t) n};

	memcpy(s.b, octets, n);
	return s;
}
#define NAME(text) name_of(text, sizeof(text) - 1)

#define SAME(text, marks)                                                                                              \
	{                                                                                                              \
		text, sizeof(text) - 1, marks                                                                          \
	}
static const struct {
	const char *octets;
	size_t n;
	uint8_t marks;
} alike[] = {
	SAME("CorpNet 1 ", MARK_EDGE_BLANK),
	SAME(" CorpNet 1", MARK_EDGE_BLANK),
	SAME("CorpNet  1", MARK_ODD_BLANK),
	SAME("CorpNet\xc2\xa0"
	     "1",
	     MARK_ODD_BLANK), /* U+00A0 */
	SAME("CorpNet\xe3\x80\x80"
	     "1",
	     MARK_ODD_BLANK),                                            /* U+3000 */
	SAME("CorpNet 1\xe2\xa0\x80", MARK_ODD_BLANK | MARK_EDGE_BLANK), /* U+2800 */
	SAME("Corp\xe2\x80\x8bNet 1", MARK_INVISIBLE),                   /* U+200B */
	SAME("CorpNet 1\xe2\x81\xa0", MARK_INVISIBLE),                   /* U+2060 */
	SAME("Corp\xc2\xadNet 1", MARK_INVISIBLE),                       /* U+00AD */
	SAME("CorpNet\xef\xbb\xbf 1", MARK_INVISIBLE),                   /* U+FEFF */
	SAME("CorpNet 1\xf3\xa0\x81\xa1", MARK_INVISIBLE),               /* U+E0061 */
	SAME("\xe3\x85\xa4"
	     "CorpNet 1",
	     MARK_INVISIBLE), /* U+3164 */
	SAME("\xe2\x80\xae"
	     "1 teNproC",
	     MARK_DIRECTION),                                                  /* U+202E */
	SAME("Corp\xe2\x80\xaeteN\xe2\x80\xac\xe2\x80\x8e 1", MARK_DIRECTION), /* U+202E, U+202C, U+200E */
	SAME("CorpNet\xe2\x80\x8e 1", MARK_DIRECTION),                         /* U+200E */
	SAME("CorpNet 1\0", MARK_NUL),
	SAME("\0CorpNet 1", MARK_NUL),
	SAME("Corp\0Net 1", MARK_NUL),
	SAME("Corp\7\x1b[31mNet 1", MARK_CONTROL),
	SAME("CorpNet\x7f 1", MARK_CONTROL),
	SAME("CorpNet\xc2\x85 1", MARK_CONTROL), /* U+0085 */
	SAME("CorpNet 1\n", MARK_CONTROL),
	SAME("C\xd0\xberpNet 1", MARK_SCRIPTS), /* Cyrillic o */
	SAME("C\xce\xbfrpNet 1", MARK_SCRIPTS), /* Greek omicron */
	SAME("CorpNet l", 0),
	SAME("CorpNet I", 0),
	SAME("CORPNET 1", 0),
	SAME("C0rpNet 1", 0),
	SAME("c0RPNET l", 0),
	SAME("\xef\xbc\xa3orp\xef\xbc\xae"
	     "et 1",
	     0), /* full width C, N */
};

static void names_that_look_alike_have_one_skeleton(void **state)
{
	const struct ssid own = NAME("CorpNet 1");
	struct lookalike look;

	(void) state;
	lookalike_of(&own, &look);
	assert_string_equal(look.skeleton, "CorpNet l");
	assert_int_equal(look.marks, 0);
	for (size_t i = 0; i < ARRAY_SIZE(alike); i++) {
		struct ssid s = name_of(alike[i].octets, alike[i].n);

		lookalike_of(&s, &look);
		if (!lookalike_equal(&own, &s) || look.marks != alike[i].marks)
			fail_msg("%zu: '%s' '%s', marks %x", i, look.skeleton, look.folded, look.marks);
	}
}

static void others_do_not(void **state)
{
	const struct ssid own = NAME("CorpNet 1");
	const struct ssid others[] = {NAME("CorpNet 1"),     NAME("CorpNet"),  NAME("CorpNet 2"),
				      NAME("CorpNet1"),      NAME(""),         NAME("\0\0\0"),
				      NAME("CorpNet 1\xff"), NAME("\xff\xfe"), NAME("1 teNproC")};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		assert_false(lookalike_equal(&own, &others[i]));
	assert_false(lookalike_equal(&others[4], &others[5])); /* a name that shows nothing looks like no other */
}

static void octets_that_are_no_text_have_a_look_too(void **state)
{
	const struct ssid a = NAME("\xff\x80"
				   "a"),
			  b = NAME("\xff\x81"
				   "a");
	struct lookalike look;

	(void) state;
	lookalike_of(&a, &look);
	assert_string_equal(look.skeleton, "\\xFF\\x8Oa");
	assert_int_equal(look.marks, MARK_NOT_UTF8);
	assert_false(lookalike_equal(&a, &b));
}

static void lines_show_what_is_not_seen(void **state)
{
	const struct ssid s = NAME(" a\xe2\x80\xae"
				   "b\0\x1b\xc2\x85 ");
	char text[LOOKALIKE_TEXT_SIZE], marks[LOOKALIKE_MARKS_SIZE];

	(void) state;
	lookalike_text(&s, text);
	assert_string_equal(text, "\\u{20}a\\u{202E}b\\u0000\\u001b\\u0085\\u{20}");
	lookalike_marks_text(0xff, marks);
	assert_string_equal(marks, "NUL, control character, blank at an end, odd blank, zero width, direction control, "
				   "not UTF-8, mixed scripts");
}

/* No two names are shown alike. */
static void texts_of_names_are_theirs_alone(void **state)
{
	const struct ssid names[] = {NAME("a"),        NAME("a\0"),       NAME("a\0b"),     NAME("a\0\0"),
				     NAME("a\\u0000"), NAME("\xff\\xB2"), NAME("\xff\xb2"), NAME("\\xFF\\xB2"),
				     NAME("a\x7f"),    NAME("a\xc2\x80"), NAME("a\\u007f"), NAME("a\""),
				     NAME("a\\\""),    NAME("\0a")};
	char text[ARRAY_SIZE(names)][SSID_TEXT_SIZE];

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		(void) ssid_text(&names[i], text[i]);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(text[i], text[j]);
	}
	assert_string_equal(text[2], "a\\u0000b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_that_look_alike_have_one_skeleton),
		cmocka_unit_test(others_do_not),
		cmocka_unit_test(octets_that_are_no_text_have_a_look_too),
		cmocka_unit_test(lines_show_what_is_not_seen),
		cmocka_unit_test(texts_of_names_are_theirs_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
