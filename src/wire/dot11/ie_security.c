/* RSN and WPA elements: suites to the 64-bit encryption set of frame.h. */
#include "wire/dot11/parse.h"

#define SUITES_MAX 32
#define OUI_RSN 0x000fac
#define OUI_WPA 0x0050f2

/* Table 9-149: cipher suites by number. */
static const struct cipher {
	uint8_t group, pairwise; /* bit numbers; 0: none */
	uint64_t version;        /* what the pairwise suite says of the generation */
} ciphers[] = {
	[1] = {CRYPT_GROUP_WEP40, CRYPT_PAIR_WEP40, CRYPT_BIT(CRYPT_WEP)},
	[2] = {CRYPT_GROUP_TKIP, CRYPT_PAIR_TKIP, 0},
	[3] = {CRYPT_GROUP_OCB, CRYPT_PAIR_OCB, CRYPT_BIT(CRYPT_WPA2)},
	[4] = {CRYPT_GROUP_CCMP128, CRYPT_PAIR_CCMP128, CRYPT_BIT(CRYPT_WPA2)},
	[5] = {CRYPT_GROUP_WEP104, CRYPT_PAIR_WEP104, CRYPT_BIT(CRYPT_WEP)},
	[6] = {CRYPT_GROUP_BIP_CMAC128, CRYPT_PAIR_BIP_CMAC128, CRYPT_BIT(CRYPT_WPA3)},
	[8] = {CRYPT_GROUP_GCMP128, CRYPT_PAIR_GCMP128, CRYPT_BIT(CRYPT_WPA2)},
	[9] = {CRYPT_GROUP_GCMP256, CRYPT_PAIR_GCMP256, CRYPT_BIT(CRYPT_WPA2)},
	[10] = {CRYPT_GROUP_CCMP256, CRYPT_PAIR_CCMP256, CRYPT_BIT(CRYPT_WPA2)},
	[11] = {CRYPT_GROUP_BIP_GMAC128, CRYPT_PAIR_BIP_GMAC128, CRYPT_BIT(CRYPT_WPA3)},
	[12] = {CRYPT_GROUP_BIP_GMAC256, CRYPT_PAIR_BIP_GMAC256, CRYPT_BIT(CRYPT_WPA3)},
	[13] = {CRYPT_GROUP_BIP_CMAC256, CRYPT_PAIR_BIP_CMAC256, CRYPT_BIT(CRYPT_WPA3)},
};

/* Table 9-151: AKM suites by number. */
static const struct akm {
	uint8_t bit;
	bool wpa3;
} akms[] = {
	[1] = {CRYPT_AKM_1X, false},
	[2] = {CRYPT_AKM_PSK, false},
	[3] = {CRYPT_AKM_FT_1X, false},
	[4] = {CRYPT_AKM_FT_PSK, false},
	[5] = {CRYPT_AKM_1X_SHA256, false},
	[6] = {CRYPT_AKM_PSK_SHA256, false},
	[7] = {CRYPT_AKM_TDLS, false},
	[8] = {CRYPT_AKM_SAE, true},
	[9] = {CRYPT_AKM_FT_SAE, true},
	[10] = {CRYPT_AKM_AP_PEER, true},
	[11] = {CRYPT_AKM_SUITEB_SHA256, true},
	[12] = {CRYPT_AKM_SUITEB_SHA384, true},
	[13] = {CRYPT_AKM_FT_1X_SHA384, true},
	[14] = {CRYPT_AKM_FILS256, true},
	[15] = {CRYPT_AKM_FILS384, true},
	[16] = {CRYPT_AKM_FT_FILS256, true},
	[17] = {CRYPT_AKM_FT_FILS384, true},
	[18] = {CRYPT_AKM_OWE, true},
	[19] = {CRYPT_AKM_FT_PSK_SHA384, true},
	[20] = {CRYPT_AKM_PSK_SHA384, true},
	[22] = {CRYPT_AKM_FT_1X_SHA384, true},
	[23] = {CRYPT_AKM_SUITEB_SHA384, true},
	[24] = {CRYPT_AKM_SAE, true},
	[25] = {CRYPT_AKM_FT_SAE, true},
};

static const struct cipher *cipher_of(uint8_t n)
{
	return n < sizeof(ciphers) / sizeof(ciphers[0]) && ciphers[n].pairwise ? &ciphers[n] : NULL;
}

static uint64_t group_bits(uint8_t n)
{
	const struct cipher *c = cipher_of(n);

	if (!c)
		return 0;
	if (n == 1 || n == 5)
		return CRYPT_BIT(CRYPT_WEP) | CRYPT_BIT(c->group);
	return CRYPT_BIT(CRYPT_WPA) | CRYPT_BIT(c->group);
}

static uint64_t pair_bits(uint8_t n, bool rsn)
{
	const struct cipher *c = cipher_of(n);

	if (!c)
		return 0;
	if (n == 1 || n == 5)
		return CRYPT_BIT(CRYPT_WEP) | CRYPT_BIT(c->pairwise);
	return CRYPT_BIT(CRYPT_WPA) | CRYPT_BIT(c->pairwise) | (rsn ? c->version : 0);
}

static uint64_t akm_bits(uint8_t n)
{
	if (n >= sizeof(akms) / sizeof(akms[0]) || akms[n].bit == 0)
		return 0;
	return CRYPT_BIT(CRYPT_WPA) | CRYPT_BIT(akms[n].bit) | (akms[n].wpa3 ? CRYPT_BIT(CRYPT_WPA3) : 0);
}

/* One suite selector: its number when the OUI is the expected one, else 0. */
static uint8_t take_suite(struct span *s, uint32_t oui)
{
	uint32_t o = span_be24(s);
	uint8_t n = span_u8(s);

	return o == oui ? n : 0;
}

/* Group suite, pairwise list, AKM list; every part may be missing (9.4.2.24.1). */
static uint64_t take_suites(struct span *s, uint32_t oui)
{
	bool rsn = oui == OUI_RSN;
	uint64_t bits = 0;
	uint16_t n;

	if (s->left < 4)
		return bits;
	bits |= group_bits(take_suite(s, oui));
	if (s->left < 2)
		return bits;
	n = span_le16(s);
	for (uint16_t i = 0; i < n && i < SUITES_MAX && !s->bad; i++)
		bits |= pair_bits(take_suite(s, oui), rsn);
	if (s->bad || s->left < 2)
		return bits;
	n = span_le16(s);
	for (uint16_t i = 0; i < n && i < SUITES_MAX && !s->bad; i++)
		bits |= akm_bits(take_suite(s, oui));
	return bits;
}

void parse_rsn(struct span s, struct frame *f)
{
	uint16_t capability;

	if (span_le16(&s) != 1 || s.bad)
		return;
	f->have |= FRAME_HAS_RSN;
	f->crypt |= take_suites(&s, OUI_RSN);
	if (s.bad || s.left < 2)
		return;
	capability = span_le16(&s);
	f->mfp_required = capability & 0x40;
	f->mfp_supported = capability & 0x80;
}

void parse_wpa(struct span s, struct frame *f)
{
	uint16_t version = span_le16(&s);

	if (s.bad)
		return;
	f->have |= FRAME_HAS_WPA;
	f->crypt |= take_suites(&s, OUI_WPA);
	if (version >= 1 && version <= 3)
		f->crypt |= CRYPT_BIT(CRYPT_WPA) | CRYPT_BIT(CRYPT_WPA1 + version - 1);
}
