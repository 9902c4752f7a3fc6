#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mac.h"

static void test_text_both_ways(void **state)
{
	char text[MAC_TEXT_SIZE];
	struct mac m;

	(void) state;
	assert_int_equal(mac_parse("aA:bb-Cc:0d:1e:FF", 17, &m), 0);
	mac_format(&m, text);
	assert_string_equal(text, "AA:BB:CC:0D:1E:FF");
	assert_true(mac_u64(&m) == 0xaabbcc0d1eff);
}

static void test_refuses_what_is_no_address(void **state)
{
	static const char *const wrong[] = {
		"",
		"AA:BB:CC:DD:EE",
		"AA:BB:CC:DD:EE:F",
		"AA:BB:CC:DD:EE:FF:",
		"AA:BB:CC:DD:EE:FG",
		"AABB:CC:DD:EE:FF0",
		"AA BB:CC:DD:EE:FF",
	};
	struct mac m = mac_of_u64(42);

	(void) state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(mac_parse(wrong[i], strlen(wrong[i]), &m), ERR_MALFORMED);
	assert_true(mac_u64(&m) == 42);
}

static void test_masks(void **state)
{
	struct mac inside = mac_of_u64(0xaabbcc010203), outside = mac_of_u64(0xaabbcd010203);
	struct mac_mask k;

	(void) state;
	assert_int_equal(mac_mask_parse("AA:BB:CC:00:00:00/FF:FF:FF:00:00:00", 35, &k), 0);
	assert_true(mac_matches(&inside, &k));
	assert_false(mac_matches(&outside, &k));
	assert_int_equal(mac_mask_parse("AA:BB:CC:01:02:03", 17, &k), 0);
	assert_true(mac_matches(&inside, &k));
	assert_int_equal(mac_mask_parse("AA:BB:CC:01:02:03/", 18, &k), ERR_MALFORMED);
	assert_int_equal(mac_mask_parse("/FF:FF:FF:00:00:00", 18, &k), ERR_MALFORMED);
}

static void test_bits(void **state)
{
	struct mac group = mac_of_u64(0x01005e000001), local = mac_of_u64(0x020000000001);
	struct mac zero = mac_of_u64(0);

	(void) state;
	assert_true(mac_is_group(&group));
	assert_false(mac_is_local(&group));
	assert_true(mac_is_local(&local));
	assert_true(mac_is_zero(&zero));
	assert_false(mac_equal(&group, &local));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_both_ways),
		cmocka_unit_test(test_refuses_what_is_no_address),
		cmocka_unit_test(test_masks),
		cmocka_unit_test(test_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
