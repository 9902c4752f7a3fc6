#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/mem.h"
#include "phy/dot11/crypt.h"
#include "wire/dot11/frame.h"
#include "wire/dot11/read_rsn.h"
#include "wire/dot11/suites.h"

/* Older bits that Kismet 2025-09 gives for these sets, and its words where they are true: it has WPA2's name alone for
 * both, no word for fast transition, and gives the keys of WPA2 to WPA3. */
static const struct {
	uint64_t bits, legacy;
	const char *text;
} known[] = {
	{0, 0, "Open"},
	{0x200400040a, 0x10000a40, "WPA2 WPA2-EAP AES-CCMP"},
	{0x400600020e, 0x180002e0, "WPA1 WPA2 WPA2-PSK TKIP AES-CCMP"},
	{0x1400400040a, 0x100002c0, "WPA2 WPA2-PSK WPA2-PSK-FT AES-CCMP"},
	{0x10000400041a, 0x30000240, "WPA3 WPA3-SAE AES-CCMP"},
	{0x10400400041a, 0x300002c0, "WPA2 WPA3 WPA2-PSK WPA3-SAE AES-CCMP"},
	{0x400000400041a, 0x30000240, "WPA3 WPA3-FILS-SHA256 AES-CCMP"},
	{1, 2, "WEP"},
	{CRYPT_BIT(CRYPT_WPA), 1 << 6, "WPA"},
	{CRYPT_BIT(CRYPT_WPA) | CRYPT_BIT(CRYPT_WPA1), 1 << 6 | 1 << 27, "WPA1"},
	{CRYPT_BIT(CRYPT_WPA) | CRYPT_BIT(CRYPT_WPA2), 1 << 6 | 1 << 28, "WPA2"},
	{CRYPT_BIT(CRYPT_UNKNOWN), 1 << 24, "Encrypted"},
	{CRYPT_BIT(CRYPT_WAPI) | CRYPT_BIT(CRYPT_AKM_PSK), 1 << 25 | 1 << 7, "WAPI WAPI-PSK SMS4"},
	{CRYPT_BIT(CRYPT_WEP) | CRYPT_BIT(CRYPT_GROUP_WEP104) | CRYPT_BIT(CRYPT_WPA) | CRYPT_BIT(CRYPT_WPA1) |
		 CRYPT_BIT(CRYPT_PAIR_TKIP) | CRYPT_BIT(CRYPT_AKM_PSK),
	 0x80000f2, "WEP104 WPA1 WPA1-PSK TKIP"},
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

static const char *word_of(uint8_t bit)
{
	size_t n;
	const struct akm_suite *a = akm_suites(&n);

	for (size_t i = 0; i < n; i++)
		if (a[i].bit == bit && a[i].word)
			return a[i].word;
	fail();
	return NULL;
}

/* RSN with this suite alone: each row is found, has a name and a word, and the word is in no other row. */
static void every_key_has_its_words(void **state)
{
	size_t n;
	const struct akm_suite *a = akm_suites(&n);
	char text[CRYPT_TEXT_SIZE];

	(void) state;
	for (size_t i = 0; i < n; i++) {
		struct rsn r = {.version = 1, .akms = {a[i].selector}, .n_akms = 1};
		uint64_t bits = rsn_crypt(&r);

		assert_ptr_equal(akm_suite_find(a[i].selector), &a[i]);
		assert_ptr_equal(rsn_akm_name(a[i].selector), a[i].name);
		assert_true(bits & CRYPT_BIT(a[i].bit));
		crypt_text(bits, text);
		assert_string_not_equal(text, "Open");
		assert_non_null(strstr(text, a[i].word ? a[i].word : word_of(a[i].bit)));
		assert_int_equal(!strncmp(text, "WPA3", 4), a[i].family == SUITE_WPA3);
		assert_int_equal(a[i].word != NULL, a[i].capability != NULL);
		for (size_t k = 0; k < i; k++)
			assert_true(
				a[k].selector != a[i].selector &&
				(!a[i].word || !a[k].word || (strcmp(a[k].word, a[i].word) && a[k].bit != a[i].bit)));
	}
}

/* As a pairwise cipher, and as that of groups. */
static void every_cipher_has_its_words(void **state)
{
	size_t n;
	const struct cipher_suite *c = cipher_suites(&n);
	char text[CRYPT_TEXT_SIZE];

	(void) state;
	for (size_t i = 0; i < n; i++) {
		struct rsn r = {.version = 1, .pairwise = {c[i].selector}, .n_pairwise = 1};
		struct rsn g = {.version = 1, .group = c[i].selector, .has_group = true};

		assert_ptr_equal(cipher_suite_find(c[i].selector), &c[i]);
		assert_ptr_equal(rsn_cipher_name(c[i].selector), c[i].name);
		assert_true(!c[i].pairwise || (rsn_crypt(&r) & CRYPT_BIT(c[i].pairwise)));
		assert_true(!c[i].group || (rsn_crypt(&g) & CRYPT_BIT(c[i].group)));
		crypt_text(rsn_crypt(&r), text);
		assert_true(!c[i].word || strstr(text, c[i].word));
		assert_non_null(strstr(text, "WPA2"));
	}
}

/* What wigle.net takes: Android's words; and what a text alone says again. */
static void capabilities_are_androids(void **state)
{
	static const struct {
		const char *text, *capabilities;
	} rows[] = {
		{"Open", ""},
		{"", ""},
		{"WEP", "[WEP]"},
		{"WEP40", "[WEP]"},
		{"Encrypted", "[UNKNOWN]"},
		{"WPA1 WPA1-PSK TKIP", "[WPA-PSK-TKIP]"},
		{"WPA2 WPA2-PSK TKIP AES-CCMP", "[WPA2-PSK-CCMP+TKIP]"},
		{"WPA1 WPA2 WPA2-PSK TKIP AES-CCMP", "[WPA-PSK-CCMP+TKIP][WPA2-PSK-CCMP+TKIP]"},
		{"WPA2 WPA2-EAP WPA2-EAP-FT AES-CCMP", "[WPA2-EAP+FT/EAP-CCMP]"},
		{"WPA2 WPA2-EAP-SHA256 AES-CCMP", "[WPA2-EAP-SHA256-CCMP]"},
		{"WPA3 WPA3-SAE AES-CCMP", "[WPA3-SAE-CCMP]"},
		{"WPA2 WPA3 WPA2-PSK WPA3-SAE AES-CCMP", "[WPA2-PSK-CCMP][WPA3-SAE-CCMP]"},
		{"WPA3 WPA3-PSK WPA3-SAE AES-CCMP", "[WPA2-PSK-CCMP][WPA3-SAE-CCMP]"}, /* as Kismet has it */
		{"WPA3 WPA3-EAP-SUITEB-SHA384 AES-GCMP256", "[WPA3-EAP_SUITE_B_192-GCMP-256]"},
		{"OWE AES-CCMP", "[RSN-OWE-CCMP]"},
		{"DPP AES-CCMP", "[RSN-DPP-CCMP]"},
		{"WAPI WAPI-PSK SMS4", "[WAPI-WAPI-PSK-SMS4]"},
		{"WAPI WAPI-CERT SMS4", "[WAPI-WAPI-CERT-SMS4]"},
		{"WPA2 AES-CCMP", "[WPA2-CCMP]"},
	};
	char text[CRYPT_TEXT_SIZE];

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		crypt_capabilities(crypt_of_text(rows[i].text), text);
		assert_string_equal(text, rows[i].capabilities);
	}
}

/* Whatever a set is, one that is not empty is never called open. */
static void only_nothing_is_open(void **state)
{
	char text[CRYPT_TEXT_SIZE];

	(void) state;
	for (unsigned bit = 0; bit < 64; bit++) {
		crypt_text(CRYPT_BIT(bit), text);
		assert_null(strstr(text, "Open"));
	}
	crypt_text(UINT64_MAX, text);
	assert_true(strlen(text) < CRYPT_TEXT_SIZE - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(encryption_reads_as_kismet_puts_it),
		cmocka_unit_test(every_key_has_its_words),
		cmocka_unit_test(every_cipher_has_its_words),
		cmocka_unit_test(capabilities_are_androids),
		cmocka_unit_test(only_nothing_is_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
