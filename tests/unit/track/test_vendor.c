/* Vendors of addresses: the longest prefix decides in every format of the list, and a damaged list does no harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "track/vendor.h"

static struct vendors *load(const char *text, size_t n)
{
	char path[] = "/tmp/norn-vendors-XXXXXX";
	struct vendors *v;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, n), n);
	(void) close(fd);
	assert_int_equal(vendors_load(path, &v), 0);
	(void) unlink(path);
	return v;
}

static const char *of(const struct vendors *v, const char *mac)
{
	struct mac m;

	assert_int_equal(mac_parse(mac, strlen(mac), &m), 0);
	return vendor_name(v, vendor_find(v, &m));
}

static void the_longest_prefix_decides(void **state)
{
	static const char text[] =
		"# udev's\n\nOUI:70B3D5*\n ID_OUI_FROM_DATABASE=Registry\n\n"
		"OUI:70B3D5123*\n ID_OUI_FROM_DATABASE=Small, Inc. \n\n"
		"OUI:70B3D51*\n ID_OUI_FROM_DATABASE=Middle\n\n"
		"OUI:FFFFFFFFF*\n ID_OUI_FROM_DATABASE=Last\n\nOUI:000000*\n ID_OUI_FROM_DATABASE=First\n";
	struct vendors *v = load(text, strlen(text));

	(void) state;
	assert_string_equal(of(v, "70:B3:D5:12:3F:FF"), "Small, Inc.");
	assert_string_equal(of(v, "70:B3:D5:12:40:00"), "Middle");
	assert_string_equal(of(v, "70:B3:D5:20:00:00"), "Registry");
	assert_string_equal(of(v, "70:B3:D6:12:30:00"), "Unknown");
	assert_string_equal(of(v, "00:00:00:00:00:00"), "First");
	assert_string_equal(of(v, "FF:FF:FF:FF:F0:00"), "Last");
	assert_string_equal(of(v, "FF:FF:FF:FF:E0:00"), "Unknown");
	vendors_destroy(v);
}

static void other_lists_are_read(void **state)
{
	static const char text[] = "28-6F-B9   (hex)\t\tOf the IEEE\r\n286FB9     (base 16)\t\tOf the IEEE\r\n"
				   "28:6F:BA\tOf Kismet\n28:6F:BB\n28";
	struct vendors *v = load(text, strlen(text));

	(void) state;
	assert_string_equal(of(v, "28:6F:B9:00:00:00"), "Of the IEEE");
	assert_string_equal(of(v, "28:6F:BA:00:00:00"), "Of Kismet");
	assert_string_equal(of(v, "28:6F:BB:00:00:00"), "Unknown");
	vendors_destroy(v);
}

static void a_damaged_list_names_no_vendor(void **state)
{
	static const char *const texts[] = {
		"",
		" ID_OUI_FROM_DATABASE=x\n",
		"OUI:28EF0*\n ID_OUI_FROM_DATABASE=x\n",
		"OUI:28EF01234567890123*\n ID_OUI_FROM_DATABASE=x\n",
		"OUI:28EFG1*\n ID_OUI_FROM_DATABASE=x\n",
		"OUI:*\n ID_OUI_FROM_DATABASE=x\n",
		"OUI:28EF01*\n ID_OUI_FROM_DATABASE=\n",
		"OUI:28EF01*\nOUI:\n ID_OUI_FROM_DATABASE=x\n",
		"\x1f\x8b\x08\x00garbage",
	};

	(void) state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct vendors *v = load(texts[i], strlen(texts[i]));

		assert_string_equal(of(v, "28:EF:01:23:45:67"), "Unknown");
		vendors_destroy(v);
	}
}

static void lines_that_are_too_long_end_with_themselves(void **state)
{
	char text[4000] = "OUI:28EF01*\n ID_OUI_FROM_DATABASE=";
	struct vendors *v;

	(void) state;
	memset(text + strlen(text), 'x', sizeof(text) - strlen(text) - 80);
	strcat(text, "\nOUI:28EF02*\n ID_OUI_FROM_DATABASE=next\n");
	v = load(text, strlen(text));
	assert_true(strlen(of(v, "28:EF:01:00:00:00")) < 512);
	assert_string_equal(of(v, "28:EF:02:00:00:00"), "next");
	vendors_destroy(v);
}

static void a_missing_file_is_reported(void **state)
{
	struct vendors *v;

	(void) state;
	assert_true(vendors_load("/nonexistent/list", &v) < 0);
	assert_string_equal(of(v, "28:EF:01:00:00:00"), "Unknown");
	vendors_destroy(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_prefix_decides),
		cmocka_unit_test(other_lists_are_read),
		cmocka_unit_test(a_damaged_list_names_no_vendor),
		cmocka_unit_test(lines_that_are_too_long_end_with_themselves),
		cmocka_unit_test(a_missing_file_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
