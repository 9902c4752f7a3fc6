#include "phy/dot11/crypt.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "wire/dot11/frame.h"

/* The words that follow the version; '-' stands for "version-". */
static const struct crypt_word {
	uint64_t bits;
	const char *word;
	uint64_t legacy;
} akm_words[] = {
	{CRYPT_BIT(CRYPT_AKM_PSK), "-PSK", 1 << 7},
	{CRYPT_BIT(CRYPT_AKM_FT_PSK), "-PSK", 1 << 7},
	{CRYPT_BIT(CRYPT_AKM_PSK_SHA256), "-PSK", 1 << 7},
	{CRYPT_BIT(CRYPT_AKM_FT_PSK_SHA384), "-PSK", 1 << 7},
	{CRYPT_BIT(CRYPT_AKM_PSK_SHA384), "-PSK", 1 << 7},
	{CRYPT_BIT(CRYPT_AKM_SAE), "-SAE", 0},
	{CRYPT_BIT(CRYPT_AKM_FT_SAE), "-SAE", 0},
	{CRYPT_BIT(CRYPT_AKM_TDLS), "-TDLS", 0},
	{CRYPT_BIT(CRYPT_AKM_AP_PEER), "-AP-PEER", 0},
	{CRYPT_BIT(CRYPT_AKM_FILS256), "-FILS", 0},
	{CRYPT_BIT(CRYPT_AKM_FILS384), "-FILS", 0},
	{CRYPT_BIT(CRYPT_AKM_FT_FILS256), "-FILS", 0},
	{CRYPT_BIT(CRYPT_AKM_FT_FILS384), "-FILS", 0},
	{CRYPT_BIT(CRYPT_AKM_OWE), "-SAE", 0},
	{CRYPT_BIT(CRYPT_AKM_1X), "-EAP", 1 << 11},
	{CRYPT_BIT(CRYPT_AKM_FT_1X), "-EAP-FT", 1 << 11},
	{CRYPT_BIT(CRYPT_AKM_SUITEB_SHA256), "-EAP-SUITEB-SHA256", 1 << 11},
	{CRYPT_BIT(CRYPT_AKM_SUITEB_SHA384), "-EAP-SUITEB-SHA384", 1 << 11},
	{CRYPT_BIT(CRYPT_EAP_PEAP), "-PEAP", 1 << 15},
	{CRYPT_BIT(CRYPT_EAP_LEAP), "-LEAP", 1 << 12},
	{CRYPT_BIT(CRYPT_EAP_TTLS), "-TTLS", 1 << 13},
	{CRYPT_BIT(CRYPT_EAP_TLS), "-TLS", 1 << 14},
};

#define BOTH(name) (CRYPT_BIT(CRYPT_GROUP_##name) | CRYPT_BIT(CRYPT_PAIR_##name))
static const struct crypt_word cipher_words[] = {
	{BOTH(TKIP), "TKIP", 1 << 5},
	{BOTH(OCB), "AES-OCB", 1 << 8},
	{BOTH(CCMP128), "AES-CCMP", 1 << 9},
	{BOTH(BIP_CMAC128), "AES-BIP-CMAC128", 0},
	{BOTH(GCMP128), "AES-GCMP128", 0},
	{BOTH(GCMP256), "AES-GCMP256", 0},
	{BOTH(CCMP256), "AES-CCMP256", 0},
	{BOTH(BIP_GMAC128), "AES-BIP-GMAC128", 0},
	{BOTH(BIP_GMAC256), "AES-BIP-GMAC256", 0},
	{BOTH(BIP_CMAC256), "AES-BIP-CMAC256", 0},
};

static const struct crypt_word version_words[] = {
	{CRYPT_BIT(CRYPT_WPA3), "WPA3", 1 << 29},
	{CRYPT_BIT(CRYPT_WPA2), "WPA2", 1 << 28},
	{CRYPT_BIT(CRYPT_WPA1), "WPA1", 1 << 27},
	{CRYPT_BIT(CRYPT_WPA), "WPA", 1 << 6},
};

static void add(char *text, const char *prefix, const char *word)
{
	size_t n = strlen(text);

	(void) snprintf(text + n, CRYPT_TEXT_SIZE - n, "%s%s%s", n ? " " : "", prefix, word);
}

static const char *version(uint64_t bits)
{
	for (size_t i = 0; i < ARRAY_SIZE(version_words); i++)
		if (bits & version_words[i].bits)
			return version_words[i].word;
	return "WPA";
}

static bool wep(uint64_t bits, char *text)
{
	if (!(bits & CRYPT_BIT(CRYPT_WEP)))
		return false;
	if (bits & BOTH(WEP40))
		add(text, "", "WEP40");
	else
		add(text, "", bits & BOTH(WEP104) ? "WEP104" : "WEP");
	return true;
}

void crypt_text(uint64_t bits, char ret_text[CRYPT_TEXT_SIZE])
{
	const char *v = version(bits);

	*ret_text = '\0';
	if (bits == 0)
		add(ret_text, "", "Open");
	if (bits == 0 || wep(bits, ret_text))
		return;
	if (bits & CRYPT_BIT(CRYPT_WPA))
		add(ret_text, "", v);
	for (size_t i = 0; i < ARRAY_SIZE(akm_words); i++)
		if (bits & akm_words[i].bits)
			add(ret_text, v, akm_words[i].word);
	for (size_t i = 0; i < ARRAY_SIZE(cipher_words); i++)
		if (bits & cipher_words[i].bits)
			add(ret_text, "", cipher_words[i].word);
}

static uint64_t legacy_of(const struct crypt_word *words, size_t n, uint64_t bits)
{
	uint64_t set = 0;

	for (size_t i = 0; i < n; i++)
		if (bits & words[i].bits)
			set |= words[i].legacy;
	return set;
}

uint64_t crypt_legacy(uint64_t bits)
{
	uint64_t set = legacy_of(akm_words, ARRAY_SIZE(akm_words), bits) |
		       legacy_of(cipher_words, ARRAY_SIZE(cipher_words), bits) |
		       legacy_of(version_words, ARRAY_SIZE(version_words), bits);

	if (bits & CRYPT_BIT(CRYPT_WEP))
		set |= 1 << 1;
	if (bits & BOTH(WEP40))
		set |= 1 << 3;
	if (bits & BOTH(WEP104))
		set |= 1 << 4;
	if (bits & CRYPT_BIT(CRYPT_WPS))
		set |= 1 << 26;
	return set;
}
