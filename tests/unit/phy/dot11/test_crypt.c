#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mem.h"
#include "phy/dot11/crypt.h"

/* Words and older bits that Kismet 2025-09 gives for these sets. */
static const struct {
	uint64_t bits, legacy;
	const char *text;
} known[] = {
	{0, 0, "Open"},
	{0x200400040a, 0x10000a40, "WPA2 WPA2-EAP AES-CCMP"},
	{0x400600020e, 0x180002e0, "WPA2 WPA2-PSK TKIP AES-CCMP"},
	{0x1400400040a, 0x100002c0, "WPA2 WPA2-PSK WPA2-PSK AES-CCMP"},
	{0x10000400041a, 0x30000240, "WPA3 WPA3-SAE AES-CCMP"},
	{0x10400400041a, 0x300002c0, "WPA3 WPA3-PSK WPA3-SAE AES-CCMP"},
	{0x400000400041a, 0x30000240, "WPA3 WPA3-FILS AES-CCMP"},
};

static void encryption_reads_as_kismet_puts_it(void **state)
{
	char text[CRYPT_TEXT_SIZE];

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		crypt_text(known[i].bits, text);
		assert_string_equal(text, known[i].text);
		assert_int_equal(crypt_legacy(known[i].bits), known[i].legacy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(encryption_reads_as_kismet_puts_it)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
