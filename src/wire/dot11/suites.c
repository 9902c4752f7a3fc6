/* The tables of suites: IEEE 802.11-2024 tables 9-188 and 9-190, and the known vendors'. */
#include "wire/dot11/suites.h"

#include "base/mem.h"
#include "wire/dot11/frame.h"

#define IEEE(n) (0x000fac00u + (n))
#define WPA(n) (0x0050f200u + (n))   /* Microsoft */
#define WFA(n) (0x506f9a00u + (n))   /* Wi-Fi Alliance */
#define CISCO(n) (0x00409600u + (n)) /* Cisco */
#define WAPI(n) (0x00147200u + (n))  /* GB 15629.11-2003/XG1 */

/* In the order of Kismet's words. */
/* clang-format off */
static const struct akm_suite akms[] = {
	{.selector = IEEE(2), .name = "PSK", .word = "PSK", .capability = "PSK", .legacy = 1 << 7,
	 .bit = CRYPT_AKM_PSK},
	{.selector = IEEE(4), .name = "FT-PSK", .word = "PSK-FT", .capability = "FT/PSK", .legacy = 1 << 7,
	 .bit = CRYPT_AKM_FT_PSK},
	{.selector = IEEE(6), .name = "PSK-SHA256", .word = "PSK-SHA256", .capability = "PSK-SHA256", .legacy = 1 << 7,
	 .bit = CRYPT_AKM_PSK_SHA256},
	{.selector = IEEE(19), .name = "FT-PSK-SHA384", .word = "PSK-FT-SHA384", .capability = "FT/PSK-SHA384",
	 .legacy = 1 << 7, .bit = CRYPT_AKM_FT_PSK_SHA384, .more = CRYPT_BIT(CRYPT_WPA3)},
	{.selector = IEEE(20), .name = "PSK-SHA384", .word = "PSK-SHA384", .capability = "PSK-SHA384",
	 .legacy = 1 << 7, .bit = CRYPT_AKM_PSK_SHA384, .more = CRYPT_BIT(CRYPT_WPA3)},
	{.selector = IEEE(8), .name = "SAE", .word = "SAE", .capability = "SAE", .bit = CRYPT_AKM_SAE,
	 .family = SUITE_WPA3, .more = CRYPT_BIT(CRYPT_WPA3)},
	{.selector = IEEE(9), .name = "FT-SAE", .word = "SAE-FT", .capability = "FT/SAE", .bit = CRYPT_AKM_FT_SAE,
	 .family = SUITE_WPA3, .more = CRYPT_BIT(CRYPT_WPA3)},
	{.selector = IEEE(24), .name = "SAE-EXT-KEY", .word = "SAE-EXT-KEY", .capability = "SAE_EXT_KEY",
	 .bit = CRYPT_AKM_SAE_EXT_KEY, .family = SUITE_WPA3, .more = CRYPT_BIT(CRYPT_WPA3)},
	{.selector = IEEE(25), .name = "FT-SAE-EXT-KEY", .bit = CRYPT_AKM_SAE_EXT_KEY, .family = SUITE_WPA3,
	 .more = CRYPT_BIT(CRYPT_WPA3) | CRYPT_BIT(CRYPT_AKM_FT_SAE)},
	{.selector = IEEE(7), .name = "TDLS", .word = "TDLS", .capability = "TDLS", .bit = CRYPT_AKM_TDLS},
	{.selector = IEEE(10), .name = "AP-PEER-KEY", .word = "AP-PEER", .capability = "AP_PEER",
	 .bit = CRYPT_AKM_AP_PEER, .family = SUITE_WPA3, .more = CRYPT_BIT(CRYPT_WPA3)},
	{.selector = IEEE(14), .name = "FILS-SHA256", .word = "FILS-SHA256", .capability = "FILS-SHA256",
	 .bit = CRYPT_AKM_FILS256, .family = SUITE_WPA3, .more = CRYPT_BIT(CRYPT_WPA3)},
	{.selector = IEEE(15), .name = "FILS-SHA384", .word = "FILS-SHA384", .capability = "FILS-SHA384",
	 .bit = CRYPT_AKM_FILS384, .family = SUITE_WPA3, .more = CRYPT_BIT(CRYPT_WPA3)},
	{.selector = IEEE(16), .name = "FT-FILS-SHA256", .word = "FILS-FT-SHA256", .capability = "FT/FILS-SHA256",
	 .bit = CRYPT_AKM_FT_FILS256, .family = SUITE_WPA3, .more = CRYPT_BIT(CRYPT_WPA3)},
	{.selector = IEEE(17), .name = "FT-FILS-SHA384", .word = "FILS-FT-SHA384", .capability = "FT/FILS-SHA384",
	 .bit = CRYPT_AKM_FT_FILS384, .family = SUITE_WPA3, .more = CRYPT_BIT(CRYPT_WPA3)},
	{.selector = IEEE(18), .name = "OWE", .word = "OWE", .capability = "OWE", .bit = CRYPT_AKM_OWE,
	 .family = SUITE_OWN, .more = CRYPT_BIT(CRYPT_WPA3)},
	{.selector = WFA(2), .name = "DPP", .word = "DPP", .capability = "DPP", .bit = CRYPT_AKM_DPP,
	 .family = SUITE_OWN},
	{.selector = WFA(1), .name = "OSEN", .word = "OSEN", .capability = "OSEN", .bit = CRYPT_AKM_OSEN,
	 .family = SUITE_OWN},
	{.selector = IEEE(21), .name = "PASN", .word = "PASN", .capability = "PASN", .bit = CRYPT_AKM_PASN,
	 .family = SUITE_OWN},
	{.selector = IEEE(1), .name = "802.1X", .word = "EAP", .capability = "EAP", .legacy = 1 << 11,
	 .bit = CRYPT_AKM_1X},
	{.selector = IEEE(3), .name = "FT-802.1X", .word = "EAP-FT", .capability = "FT/EAP", .legacy = 1 << 11,
	 .bit = CRYPT_AKM_FT_1X},
	{.selector = IEEE(5), .name = "802.1X-SHA256", .word = "EAP-SHA256", .capability = "EAP-SHA256",
	 .legacy = 1 << 11, .bit = CRYPT_AKM_1X_SHA256},
	{.selector = IEEE(23), .name = "802.1X-SHA384", .word = "EAP-SHA384", .capability = "EAP-SHA384",
	 .legacy = 1 << 11, .bit = CRYPT_AKM_1X_SHA384, .family = SUITE_WPA3, .more = CRYPT_BIT(CRYPT_WPA3)},
	{.selector = IEEE(11), .name = "802.1X-SUITE-B", .word = "EAP-SUITEB-SHA256", .capability = "EAP_SUITE_B",
	 .legacy = 1 << 11, .bit = CRYPT_AKM_SUITEB_SHA256, .family = SUITE_WPA3, .more = CRYPT_BIT(CRYPT_WPA3)},
	{.selector = IEEE(12), .name = "802.1X-SUITE-B-192", .word = "EAP-SUITEB-SHA384",
	 .capability = "EAP_SUITE_B_192", .legacy = 1 << 11, .bit = CRYPT_AKM_SUITEB_SHA384, .family = SUITE_WPA3,
	 .more = CRYPT_BIT(CRYPT_WPA3)},
	{.selector = IEEE(13), .name = "FT-802.1X-SHA384", .word = "EAP-FT-SHA384", .capability = "FT/EAP-SHA384",
	 .legacy = 1 << 11, .bit = CRYPT_AKM_FT_1X_SHA384, .family = SUITE_WPA3, .more = CRYPT_BIT(CRYPT_WPA3)},
	{.selector = IEEE(22), .name = "FT-802.1X-SHA384-UNRESTRICTED", .bit = CRYPT_AKM_FT_1X_SHA384,
	 .family = SUITE_WPA3, .more = CRYPT_BIT(CRYPT_WPA3)},
	{.selector = CISCO(0), .name = "CCKM", .word = "CCKM", .capability = "CCKM", .legacy = 1 << 11,
	 .bit = CRYPT_AKM_CCKM},
	{.selector = WPA(1), .name = "WPA-802.1X", .bit = CRYPT_AKM_1X},
	{.selector = WPA(2), .name = "WPA-PSK", .bit = CRYPT_AKM_PSK},
	{.selector = WAPI(1), .name = "WAPI-CERT", .bit = CRYPT_AKM_1X, .more = CRYPT_BIT(CRYPT_WAPI)},
	{.selector = WAPI(2), .name = "WAPI-PSK", .bit = CRYPT_AKM_PSK, .more = CRYPT_BIT(CRYPT_WAPI)},
};

static const struct cipher_suite ciphers[] = {
	{.selector = IEEE(1), .name = "WEP-40", .group = CRYPT_GROUP_WEP40, .pairwise = CRYPT_PAIR_WEP40,
	 .legacy = 1 << 3},
	{.selector = IEEE(5), .name = "WEP-104", .group = CRYPT_GROUP_WEP104, .pairwise = CRYPT_PAIR_WEP104,
	 .legacy = 1 << 4},
	{.selector = IEEE(2), .name = "TKIP", .word = "TKIP", .capability = "TKIP", .legacy = 1 << 5,
	 .group = CRYPT_GROUP_TKIP, .pairwise = CRYPT_PAIR_TKIP},
	{.selector = IEEE(3), .name = "AES-OCB", .word = "AES-OCB", .capability = "OCB", .legacy = 1 << 8,
	 .group = CRYPT_GROUP_OCB, .pairwise = CRYPT_PAIR_OCB},
	{.selector = IEEE(4), .name = "CCMP-128", .word = "AES-CCMP", .capability = "CCMP", .legacy = 1 << 9,
	 .group = CRYPT_GROUP_CCMP128, .pairwise = CRYPT_PAIR_CCMP128},
	{.selector = IEEE(6), .name = "BIP-CMAC-128", .word = "AES-BIP-CMAC128", .capability = "BIP-CMAC-128",
	 .group = CRYPT_GROUP_BIP_CMAC128, .pairwise = CRYPT_PAIR_BIP_CMAC128},
	{.selector = IEEE(8), .name = "GCMP-128", .word = "AES-GCMP128", .capability = "GCMP-128",
	 .group = CRYPT_GROUP_GCMP128, .pairwise = CRYPT_PAIR_GCMP128},
	{.selector = IEEE(9), .name = "GCMP-256", .word = "AES-GCMP256", .capability = "GCMP-256",
	 .group = CRYPT_GROUP_GCMP256, .pairwise = CRYPT_PAIR_GCMP256},
	{.selector = IEEE(10), .name = "CCMP-256", .word = "AES-CCMP256", .capability = "CCMP-256",
	 .group = CRYPT_GROUP_CCMP256, .pairwise = CRYPT_PAIR_CCMP256},
	{.selector = IEEE(11), .name = "BIP-GMAC-128", .word = "AES-BIP-GMAC128", .capability = "BIP-GMAC-128",
	 .group = CRYPT_GROUP_BIP_GMAC128, .pairwise = CRYPT_PAIR_BIP_GMAC128},
	{.selector = IEEE(12), .name = "BIP-GMAC-256", .word = "AES-BIP-GMAC256", .capability = "BIP-GMAC-256",
	 .group = CRYPT_GROUP_BIP_GMAC256, .pairwise = CRYPT_PAIR_BIP_GMAC256},
	{.selector = IEEE(13), .name = "BIP-CMAC-256", .word = "AES-BIP-CMAC256", .capability = "BIP-CMAC-256",
	 .group = CRYPT_GROUP_BIP_CMAC256, .pairwise = CRYPT_PAIR_BIP_CMAC256},
	{.selector = IEEE(0), .name = "use group cipher"},
	{.selector = IEEE(7), .name = "no group traffic"},
	{.selector = WPA(1), .name = "WEP-40", .group = CRYPT_GROUP_WEP40, .pairwise = CRYPT_PAIR_WEP40},
	{.selector = WPA(2), .name = "TKIP", .group = CRYPT_GROUP_TKIP, .pairwise = CRYPT_PAIR_TKIP},
	{.selector = WPA(3), .name = "AES-OCB", .group = CRYPT_GROUP_OCB, .pairwise = CRYPT_PAIR_OCB},
	{.selector = WPA(4), .name = "CCMP-128", .group = CRYPT_GROUP_CCMP128, .pairwise = CRYPT_PAIR_CCMP128},
	{.selector = WPA(5), .name = "WEP-104", .group = CRYPT_GROUP_WEP104, .pairwise = CRYPT_PAIR_WEP104},
	{.selector = WPA(0), .name = "use group cipher"},
	{.selector = WAPI(1), .name = "SMS4"}, /* the only one of WAPI */
};
/* clang-format on */

const struct akm_suite *akm_suites(size_t *ret_n)
{
	*ret_n = ARRAY_SIZE(akms);
	return akms;
}

const struct cipher_suite *cipher_suites(size_t *ret_n)
{
	*ret_n = ARRAY_SIZE(ciphers);
	return ciphers;
}

const struct akm_suite *akm_suite_find(uint32_t selector)
{
	for (size_t i = 0; i < ARRAY_SIZE(akms); i++)
		if (akms[i].selector == selector)
			return &akms[i];
	return NULL;
}

const struct cipher_suite *cipher_suite_find(uint32_t selector)
{
	for (size_t i = 0; i < ARRAY_SIZE(ciphers); i++)
		if (ciphers[i].selector == selector)
			return &ciphers[i];
	return NULL;
}
