#include "phy/dot11/crypt.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "wire/dot11/frame.h"
#include "wire/dot11/suites.h"

/* A bit that no suite has, and its word. */
struct crypt_word {
	uint8_t bit;
	const char *word;
	uint64_t legacy;
};

/* What EAP shows in clear. */
static const struct crypt_word eap_words[] = {
	{.bit = CRYPT_EAP_PEAP, .word = "PEAP", .legacy = 1 << 15},
	{.bit = CRYPT_EAP_LEAP, .word = "LEAP", .legacy = 1 << 12},
	{.bit = CRYPT_EAP_TTLS, .word = "TTLS", .legacy = 1 << 13},
	{.bit = CRYPT_EAP_TLS, .word = "TLS", .legacy = 1 << 14},
};

/* Bits of the older set that no suite has. */
static const struct crypt_word legacy_bits[] = {
	{.bit = CRYPT_WEP, .legacy = 1 << 1},      {.bit = CRYPT_WPA, .legacy = 1 << 6},
	{.bit = CRYPT_UNKNOWN, .legacy = 1 << 24}, {.bit = CRYPT_WAPI, .legacy = 1 << 25},
	{.bit = CRYPT_WPS, .legacy = 1 << 26},     {.bit = CRYPT_WPA1, .legacy = 1 << 27},
	{.bit = CRYPT_WPA2, .legacy = 1 << 28},    {.bit = CRYPT_WPA3, .legacy = 1 << 29},
};

static bool has(uint64_t bits, uint8_t bit)
{
	return bits >> bit & 1;
}

/* A row's bit, 0 where it has none. */
static bool has_row(uint64_t bits, uint8_t bit)
{
	return bit && has(bits, bit);
}

static void add(char *text, const char *prefix, const char *word)
{
	size_t n = strlen(text);

	(void) snprintf(text + n, CRYPT_TEXT_SIZE - n, "%s%s%s%s", n ? " " : "", prefix, *prefix ? "-" : "", word);
}

/* Whether there is any suite of the family. */
static bool has_family(uint64_t bits, enum suite_family family)
{
	size_t n;
	const struct akm_suite *a = akm_suites(&n);

	for (size_t i = 0; i < n; i++)
		if (a[i].family == family && has(bits, a[i].bit))
			return true;
	return false;
}

struct crypt_versions crypt_versions(uint64_t bits)
{
	bool wpa = has_family(bits, SUITE_WPA), wpa3 = has_family(bits, SUITE_WPA3);
	struct crypt_versions v = {.wpa1 = has(bits, CRYPT_WPA1), .wpa3 = wpa3, .wapi = has(bits, CRYPT_WAPI)};

	v.wpa2 = has(bits, CRYPT_WPA2) && (wpa || !(wpa3 || has_family(bits, SUITE_OWN)));
	v.other = has(bits, CRYPT_WPA) && !v.wpa1 && !v.wpa2 && !v.wpa3 && !has_family(bits, SUITE_OWN);
	return v;
}

/* What stands before the word of a key that every version has. */
static const char *prefix_of(const struct crypt_versions *v)
{
	if (v->wpa2)
		return "WPA2";
	if (v->wpa1)
		return "WPA1";
	if (v->wpa3)
		return "WPA3";
	return v->wapi ? "WAPI" : "WPA";
}

static void add_versions(const struct crypt_versions *v, char *text)
{
	if (v->wpa1)
		add(text, "", "WPA1");
	if (v->wpa2)
		add(text, "", "WPA2");
	if (v->wpa3)
		add(text, "", "WPA3");
	if (v->wapi)
		add(text, "", "WAPI");
	if (v->other)
		add(text, "", "WPA");
}

static void add_wep(uint64_t bits, char *text)
{
	if (!has(bits, CRYPT_WEP))
		return;
	if (has(bits, CRYPT_GROUP_WEP40) || has(bits, CRYPT_PAIR_WEP40))
		add(text, "", "WEP40");
	else if (has(bits, CRYPT_GROUP_WEP104) || has(bits, CRYPT_PAIR_WEP104))
		add(text, "", "WEP104");
	else
		add(text, "", "WEP");
}

/* WAPI's keys have the bits of WPA's: they are WAPI's where there is no WPA. */
static bool wapi_keys(uint64_t bits)
{
	return has(bits, CRYPT_WAPI) && !has(bits, CRYPT_WPA);
}

static void add_keys(uint64_t bits, const char *prefix, char *text)
{
	size_t n;
	const struct akm_suite *a = akm_suites(&n);

	if (wapi_keys(bits)) {
		if (has(bits, CRYPT_AKM_PSK))
			add(text, "WAPI", "PSK");
		if (has(bits, CRYPT_AKM_1X))
			add(text, "WAPI", "CERT");
		return;
	}
	for (size_t i = 0; i < n; i++)
		if (a[i].word && has(bits, a[i].bit))
			add(text,
			    a[i].family == SUITE_OWN    ? ""
			    : a[i].family == SUITE_WPA3 ? "WPA3"
							: prefix,
			    a[i].word);
	for (size_t i = 0; i < ARRAY_SIZE(eap_words); i++)
		if (has(bits, eap_words[i].bit))
			add(text, prefix, eap_words[i].word);
}

static void add_ciphers(uint64_t bits, char *text)
{
	size_t n;
	const struct cipher_suite *c = cipher_suites(&n);

	for (size_t i = 0; i < n; i++)
		if (c[i].word && (has_row(bits, c[i].group) || has_row(bits, c[i].pairwise)))
			add(text, "", c[i].word);
	if (has(bits, CRYPT_WAPI))
		add(text, "", "SMS4");
}

void crypt_text(uint64_t bits, char ret_text[CRYPT_TEXT_SIZE])
{
	const struct crypt_versions v = crypt_versions(bits);

	*ret_text = '\0';
	if (bits == 0)
		add(ret_text, "", "Open");
	if (has(bits, CRYPT_UNKNOWN))
		add(ret_text, "", "Encrypted");
	add_wep(bits, ret_text);
	add_versions(&v, ret_text);
	add_keys(bits, prefix_of(&v), ret_text);
	add_ciphers(bits, ret_text);
}

static uint64_t legacy_of(const struct crypt_word *words, size_t n, uint64_t bits)
{
	uint64_t set = 0;

	for (size_t i = 0; i < n; i++)
		if (has(bits, words[i].bit))
			set |= words[i].legacy;
	return set;
}

uint64_t crypt_legacy(uint64_t bits)
{
	uint64_t set = legacy_of(eap_words, ARRAY_SIZE(eap_words), bits) |
		       legacy_of(legacy_bits, ARRAY_SIZE(legacy_bits), bits);
	size_t n;
	const struct akm_suite *a = akm_suites(&n);
	const struct cipher_suite *c;

	for (size_t i = 0; i < n; i++)
		set |= has(bits, a[i].bit) ? a[i].legacy : 0;
	c = cipher_suites(&n);
	for (size_t i = 0; i < n; i++)
		set |= has_row(bits, c[i].group) || has_row(bits, c[i].pairwise) ? c[i].legacy : 0;
	return set;
}

/* The words of Android's capabilities are joined as it joins them: "[WPA2-PSK+FT/PSK-CCMP]". */
static void join(char *text, size_t size, const char *word)
{
	size_t n = strlen(text);

	(void) snprintf(text + n, size - n, "%s%s", n ? "+" : "", word);
}

/* CCMP before TKIP, as Android's lists mostly have them. */
static void join_ciphers(uint64_t bits, char *text, size_t size)
{
	size_t n;
	const struct cipher_suite *c = cipher_suites(&n);
	bool pairs = false;

	for (size_t i = 0; i < n; i++)
		pairs |= c[i].capability && has_row(bits, c[i].pairwise);
	for (size_t tkip = 0; tkip < 2; tkip++)
		for (size_t i = 0; i < n; i++)
			if (c[i].capability && (c[i].pairwise == CRYPT_PAIR_TKIP) == tkip &&
			    has_row(bits, pairs ? c[i].pairwise : c[i].group))
				join(text, size, c[i].capability);
}

/* One protocol in brackets, with the keys of a family. */
static void add_group(char *text, const char *protocol, uint64_t bits, enum suite_family family)
{
	char keys[CRYPT_TEXT_SIZE / 4] = "", ciphers[CRYPT_TEXT_SIZE / 4] = "";
	size_t n, used = strlen(text);
	const struct akm_suite *a = akm_suites(&n);

	for (size_t i = 0; i < n; i++)
		if (a[i].capability && a[i].family == family && has(bits, a[i].bit))
			join(keys, sizeof(keys), a[i].capability);
	join_ciphers(bits, ciphers, sizeof(ciphers));
	(void) snprintf(text + used, CRYPT_TEXT_SIZE - used, "[%s%s%s%s%s]", protocol, *keys ? "-" : "", keys,
			*ciphers ? "-" : "", ciphers);
}

void crypt_capabilities(uint64_t bits, char ret_text[CRYPT_TEXT_SIZE])
{
	const struct crypt_versions v = crypt_versions(bits);
	size_t used;

	*ret_text = '\0';
	if (has(bits, CRYPT_WEP))
		(void) snprintf(ret_text, CRYPT_TEXT_SIZE, "[WEP]");
	if (v.wpa1 || v.other)
		add_group(ret_text, "WPA", bits, SUITE_WPA);
	if (v.wpa2)
		add_group(ret_text, "WPA2", bits, SUITE_WPA);
	if (v.wpa3)
		add_group(ret_text, "WPA3", bits, SUITE_WPA3);
	if (has_family(bits, SUITE_OWN))
		add_group(ret_text, "RSN", bits, SUITE_OWN);
	used = strlen(ret_text);
	if (v.wapi)
		(void) snprintf(ret_text + used, CRYPT_TEXT_SIZE - used, "[WAPI%s%s-SMS4]",
				wapi_keys(bits) && has(bits, CRYPT_AKM_PSK) ? "-WAPI-PSK" : "",
				wapi_keys(bits) && has(bits, CRYPT_AKM_1X) ? "-WAPI-CERT" : "");
	if (bits && !*ret_text)
		(void) snprintf(ret_text, CRYPT_TEXT_SIZE, "[UNKNOWN]");
}

/* The bit of a word of crypt_text(); 0: none. */
static uint64_t bit_of_word(const char *word, size_t length)
{
	static const struct crypt_word words[] = {
		{.bit = CRYPT_WEP, .word = "WEP"},           {.bit = CRYPT_WPA, .word = "WPA"},
		{.bit = CRYPT_WPA1, .word = "WPA1"},         {.bit = CRYPT_WPA2, .word = "WPA2"},
		{.bit = CRYPT_WPA3, .word = "WPA3"},         {.bit = CRYPT_WAPI, .word = "WAPI"},
		{.bit = CRYPT_UNKNOWN, .word = "Encrypted"},
	};
	static const char cert[] = "WAPI-CERT";
	size_t n;
	const struct akm_suite *a = akm_suites(&n);
	const char *dash = memchr(word, '-', length), *key = dash ? dash + 1 : word;
	size_t key_length = (size_t) (word + length - key);
	const struct cipher_suite *c;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strlen(words[i].word) == length && memcmp(words[i].word, word, length) == 0)
			return CRYPT_BIT(words[i].bit);
	if (length == sizeof(cert) - 1 && memcmp(word, cert, length) == 0)
		return CRYPT_BIT(CRYPT_AKM_1X);
	for (size_t i = 0; i < n; i++)
		if (a[i].word && strlen(a[i].word) == key_length && memcmp(a[i].word, key, key_length) == 0)
			return CRYPT_BIT(a[i].bit);
	c = cipher_suites(&n);
	for (size_t i = 0; i < n; i++)
		if (c[i].word && strlen(c[i].word) == length && memcmp(c[i].word, word, length) == 0)
			return CRYPT_BIT(c[i].pairwise);
	return length >= 3 && memcmp(word, "WEP", 3) == 0 ? CRYPT_BIT(CRYPT_WEP) : 0;
}

uint64_t crypt_of_text(const char *text)
{
	uint64_t bits = 0;

	for (size_t n; *text; text += n + (text[n] == ' ')) {
		n = strcspn(text, " ");
		bits |= n ? bit_of_word(text, n) : 0;
	}
	if (bits & (CRYPT_BIT(CRYPT_WPA1) | CRYPT_BIT(CRYPT_WPA2) | CRYPT_BIT(CRYPT_WPA3)))
		bits |= CRYPT_BIT(CRYPT_WPA);
	/* Kismet's words for both name only the newer one. */
	if ((bits & CRYPT_BIT(CRYPT_WPA3)) && (bits & CRYPT_ANY_PSK))
		bits |= CRYPT_BIT(CRYPT_WPA2);
	return bits;
}
