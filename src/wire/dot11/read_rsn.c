/* RSN and WPA: suites, their names, and the 64-bit encryption set of frame.h that they make. */
#include "wire/dot11/read_rsn.h"

#include "base/mem.h"
#include "wire/dot11/frame.h"

#define OUI_IEEE 0x000fac00u /* suites of the standard: OUI, then type */
#define OUI_WPA 0x0050f200u

/* Table 9-149. */
static const struct cipher {
	const char *name;
	uint8_t group, pairwise; /* enum crypt_bit; 0: none */
	uint64_t generation;     /* what the pairwise suite says of it, in RSN */
} ciphers[] = {
	[0] = {.name = "use group cipher"},
	[1] = {.name = "WEP-40",
	       .group = CRYPT_GROUP_WEP40,
	       .pairwise = CRYPT_PAIR_WEP40,
	       .generation = CRYPT_BIT(CRYPT_WEP)},
	[2] = {.name = "TKIP", .group = CRYPT_GROUP_TKIP, .pairwise = CRYPT_PAIR_TKIP},
	[3] = {.group = CRYPT_GROUP_OCB, .pairwise = CRYPT_PAIR_OCB, .generation = CRYPT_BIT(CRYPT_WPA2)},
	[4] = {.name = "CCMP-128",
	       .group = CRYPT_GROUP_CCMP128,
	       .pairwise = CRYPT_PAIR_CCMP128,
	       .generation = CRYPT_BIT(CRYPT_WPA2)},
	[5] = {.name = "WEP-104",
	       .group = CRYPT_GROUP_WEP104,
	       .pairwise = CRYPT_PAIR_WEP104,
	       .generation = CRYPT_BIT(CRYPT_WEP)},
	[6] = {.name = "BIP-CMAC-128",
	       .group = CRYPT_GROUP_BIP_CMAC128,
	       .pairwise = CRYPT_PAIR_BIP_CMAC128,
	       .generation = CRYPT_BIT(CRYPT_WPA3)},
	[7] = {.name = "no group traffic"},
	[8] = {.name = "GCMP-128",
	       .group = CRYPT_GROUP_GCMP128,
	       .pairwise = CRYPT_PAIR_GCMP128,
	       .generation = CRYPT_BIT(CRYPT_WPA2)},
	[9] = {.name = "GCMP-256",
	       .group = CRYPT_GROUP_GCMP256,
	       .pairwise = CRYPT_PAIR_GCMP256,
	       .generation = CRYPT_BIT(CRYPT_WPA2)},
	[10] = {.name = "CCMP-256",
		.group = CRYPT_GROUP_CCMP256,
		.pairwise = CRYPT_PAIR_CCMP256,
		.generation = CRYPT_BIT(CRYPT_WPA2)},
	[11] = {.name = "BIP-GMAC-128",
		.group = CRYPT_GROUP_BIP_GMAC128,
		.pairwise = CRYPT_PAIR_BIP_GMAC128,
		.generation = CRYPT_BIT(CRYPT_WPA3)},
	[12] = {.name = "BIP-GMAC-256",
		.group = CRYPT_GROUP_BIP_GMAC256,
		.pairwise = CRYPT_PAIR_BIP_GMAC256,
		.generation = CRYPT_BIT(CRYPT_WPA3)},
	[13] = {.name = "BIP-CMAC-256",
		.group = CRYPT_GROUP_BIP_CMAC256,
		.pairwise = CRYPT_PAIR_BIP_CMAC256,
		.generation = CRYPT_BIT(CRYPT_WPA3)},
};

/* Table 9-151, and IEEE 802.11-2024 for those from 21 on. */
static const struct akm {
	const char *name;
	uint8_t bit; /* enum crypt_bit; 0: none */
	bool wpa3;
} akms[] = {
	[1] = {.name = "802.1X", .bit = CRYPT_AKM_1X},
	[2] = {.name = "PSK", .bit = CRYPT_AKM_PSK},
	[3] = {.name = "FT-802.1X", .bit = CRYPT_AKM_FT_1X},
	[4] = {.name = "FT-PSK", .bit = CRYPT_AKM_FT_PSK},
	[5] = {.name = "802.1X-SHA256", .bit = CRYPT_AKM_1X_SHA256},
	[6] = {.name = "PSK-SHA256", .bit = CRYPT_AKM_PSK_SHA256},
	[7] = {.name = "TDLS", .bit = CRYPT_AKM_TDLS},
	[8] = {.name = "SAE", .bit = CRYPT_AKM_SAE, .wpa3 = true},
	[9] = {.name = "FT-SAE", .bit = CRYPT_AKM_FT_SAE, .wpa3 = true},
	[10] = {.name = "AP-PEER-KEY", .bit = CRYPT_AKM_AP_PEER, .wpa3 = true},
	[11] = {.name = "802.1X-SUITE-B", .bit = CRYPT_AKM_SUITEB_SHA256, .wpa3 = true},
	[12] = {.name = "802.1X-SUITE-B-192", .bit = CRYPT_AKM_SUITEB_SHA384, .wpa3 = true},
	[13] = {.name = "FT-802.1X-SHA384", .bit = CRYPT_AKM_FT_1X_SHA384, .wpa3 = true},
	[14] = {.name = "FILS-SHA256", .bit = CRYPT_AKM_FILS256, .wpa3 = true},
	[15] = {.name = "FILS-SHA384", .bit = CRYPT_AKM_FILS384, .wpa3 = true},
	[16] = {.name = "FT-FILS-SHA256", .bit = CRYPT_AKM_FT_FILS256, .wpa3 = true},
	[17] = {.name = "FT-FILS-SHA384", .bit = CRYPT_AKM_FT_FILS384, .wpa3 = true},
	[18] = {.name = "OWE", .bit = CRYPT_AKM_OWE, .wpa3 = true},
	[19] = {.name = "FT-PSK-SHA384", .bit = CRYPT_AKM_FT_PSK_SHA384, .wpa3 = true},
	[20] = {.name = "PSK-SHA384", .bit = CRYPT_AKM_PSK_SHA384, .wpa3 = true},
	[21] = {.name = "PASN"},
	[22] = {.name = "FT-802.1X-SHA384-UNRESTRICTED", .bit = CRYPT_AKM_FT_1X_SHA384, .wpa3 = true},
	[23] = {.name = "802.1X-SHA384", .bit = CRYPT_AKM_SUITEB_SHA384, .wpa3 = true},
	[24] = {.name = "SAE-EXT-KEY", .bit = CRYPT_AKM_SAE, .wpa3 = true},
	[25] = {.name = "FT-SAE-EXT-KEY", .bit = CRYPT_AKM_FT_SAE, .wpa3 = true},
};

/* A count, and so many suites; those that find no room are read and left out. */
static uint8_t take_suites(struct span *s, uint32_t ret[RSN_SUITES_MAX])
{
	uint16_t count = span_le16(s);
	uint8_t n = 0;

	for (unsigned i = 0; i < count && !s->bad; i++) {
		uint32_t suite = span_be32(s);

		if (!s->bad && n < RSN_SUITES_MAX)
			ret[n++] = suite;
	}
	return n;
}

static void take_pmkids(struct span *s, struct rsn *r)
{
	uint16_t count = span_le16(s);

	r->pmkids = span_up_to(s, 0);
	for (unsigned i = 0; i < count && !s->bad; i++) {
		span_skip(s, 16);
		if (!s->bad && r->n_pmkids < RSN_PMKIDS_MAX)
			r->n_pmkids++;
	}
	r->pmkids.left = r->n_pmkids * (size_t) 16;
}

/* Group suite, pairwise list, AKM list; every part may be missing. */
static void take_lists(struct span *s, struct rsn *r)
{
	uint32_t suite = span_be32(s);

	r->has_group = !s->bad;
	r->group = s->bad ? r->group : suite;
	r->n_pairwise = take_suites(s, r->pairwise);
	r->n_akms = take_suites(s, r->akms);
}

/* Not cleared whole: lists say themselves how much of them is set. */
static void begin(struct rsn *r, uint32_t oui, uint16_t version)
{
	r->version = version;
	r->group = oui | (oui == OUI_WPA ? 2 : 4);
	r->group_management = OUI_IEEE | 6;
	r->n_pairwise = r->n_akms = r->n_pmkids = 0;
	r->has_group = r->has_group_management = false;
	r->capabilities = 0;
	r->pmkids = (struct span){0};
}

bool rsn_read(struct span data, struct rsn *ret)
{
	uint16_t version = span_le16(&data), capabilities;
	uint32_t suite;

	if (data.bad || version != 1)
		return false;
	begin(ret, OUI_IEEE, version);
	take_lists(&data, ret);
	capabilities = span_le16(&data);
	ret->capabilities = data.bad ? 0 : capabilities;
	take_pmkids(&data, ret);
	suite = span_be32(&data);
	ret->has_group_management = !data.bad;
	ret->group_management = data.bad ? ret->group_management : suite;
	return true;
}

bool rsn_pairwise_count(struct span data, uint16_t *ret)
{
	span_skip(&data, 6); /* version, group suite */
	*ret = span_le16(&data);
	return !data.bad;
}

bool wpa_read(struct span data, struct rsn *ret)
{
	uint16_t version = span_le16(&data);

	if (data.bad)
		return false;
	begin(ret, OUI_WPA, version);
	take_lists(&data, ret);
	return true;
}

static const struct cipher *cipher_of(uint32_t suite, uint32_t oui)
{
	return (suite & ~0xffu) == oui && (suite & 0xff) < ARRAY_SIZE(ciphers) ? &ciphers[suite & 0xff] : NULL;
}

static const struct akm *akm_of(uint32_t suite, uint32_t oui)
{
	return (suite & ~0xffu) == oui && (suite & 0xff) < ARRAY_SIZE(akms) ? &akms[suite & 0xff] : NULL;
}

/* What a cipher's bit, of a group or of pairs, says with it: WEP, or WPA. */
static uint64_t cipher_bits(const struct cipher *c, uint8_t bit)
{
	bool is_wep = c->pairwise == CRYPT_PAIR_WEP40 || c->pairwise == CRYPT_PAIR_WEP104;

	return CRYPT_BIT(bit) | (is_wep ? CRYPT_BIT(CRYPT_WEP) : CRYPT_BIT(CRYPT_WPA));
}

static uint64_t suites_crypt(const struct rsn *r, uint32_t oui)
{
	const struct cipher *c = r->has_group ? cipher_of(r->group, oui) : NULL;
	uint64_t bits = c && c->group ? cipher_bits(c, c->group) : 0;

	for (uint8_t i = 0; i < r->n_pairwise; i++)
		if ((c = cipher_of(r->pairwise[i], oui)) != NULL && c->pairwise)
			bits |= cipher_bits(c, c->pairwise) | (oui == OUI_IEEE ? c->generation : 0);
	for (uint8_t i = 0; i < r->n_akms; i++) {
		const struct akm *a = akm_of(r->akms[i], oui);

		if (a && a->bit)
			bits |= CRYPT_BIT(CRYPT_WPA) | CRYPT_BIT(a->bit) | (a->wpa3 ? CRYPT_BIT(CRYPT_WPA3) : 0);
	}
	return bits;
}

uint64_t rsn_crypt(const struct rsn *r)
{
	return suites_crypt(r, OUI_IEEE);
}

uint64_t wpa_crypt(const struct rsn *r)
{
	uint64_t bits = suites_crypt(r, OUI_WPA);

	if (r->version >= 1 && r->version <= 3)
		bits |= CRYPT_BIT(CRYPT_WPA) | CRYPT_BIT(CRYPT_WPA1 + r->version - 1);
	return bits;
}

const char *rsn_cipher_name(uint32_t suite)
{
	const struct cipher *c = cipher_of(suite, OUI_IEEE);

	return c ? c->name : NULL;
}

const char *rsn_akm_name(uint32_t suite)
{
	const struct akm *a = akm_of(suite, OUI_IEEE);

	return a ? a->name : NULL;
}

/* Table 9-364 and what amendments added; bits 0 to 3 are the length. */
static const char *const extensions[] = {
	[4] = "protected TWT", [5] = "SAE hash-to-element", [6] = "SAE-PK",           [8] = "secure LTF",
	[9] = "secure RTT",    [10] = "range protection",   [21] = "SSID protection",
};

const char *rsn_extension_name(unsigned bit)
{
	return bit < ARRAY_SIZE(extensions) ? extensions[bit] : NULL;
}

bool owe_transition_read(struct span data, struct owe_transition *ret)
{
	const uint8_t *bssid = span_take(&data, 6);
	uint8_t n = span_u8(&data);
	struct span name = span_sub(&data, n);

	if (data.bad || n > 32)
		return false;
	*ret = (struct owe_transition){mac_from(bssid), name};
	return true;
}

bool pmkid_read(struct span data, struct span *ret)
{
	*ret = span_sub(&data, 16);
	return !data.bad;
}
