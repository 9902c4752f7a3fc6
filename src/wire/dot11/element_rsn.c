/* The RSN element as it stands (IEEE 802.11-2020 9.4.2.24), and the names of its suites. What it says of a
 * network in a few bits is worked out for every frame in ie_security.c. */
#include "wire/dot11/element.h"

#define OUI_IEEE 0x000fac00u /* suites of the standard: OUI, then type */

/* A count, and so many suites; those that find no room are read and left out. */
static uint8_t take_suites(struct span *s, uint32_t ret[ELEMENT_SUITES_MAX])
{
	uint16_t count = span_le16(s);
	uint8_t n = 0;

	for (unsigned i = 0; i < count && !s->bad; i++) {
		uint32_t suite = span_be32(s);

		if (!s->bad && n < ELEMENT_SUITES_MAX)
			ret[n++] = suite;
	}
	return n;
}

static void take_pmkids(struct span *s, struct element_rsn *r)
{
	uint16_t count = span_le16(s);

	for (unsigned i = 0; i < count && !s->bad; i++) {
		struct span pmkid = span_sub(s, 16);

		if (!s->bad && r->n_pmkids < ELEMENT_PMKIDS_MAX)
			r->pmkids[r->n_pmkids++] = pmkid;
	}
}

bool element_rsn(struct span body, struct element_rsn *ret)
{
	struct element_rsn r = {.group = OUI_IEEE | 4, .group_management = OUI_IEEE | 6};
	uint32_t suite;
	uint16_t capabilities;

	if (span_le16(&body) != 1 || body.bad)
		return false;
	suite = span_be32(&body);
	r.group = body.bad ? r.group : suite;
	r.n_pairwise = take_suites(&body, r.pairwise);
	r.n_akms = take_suites(&body, r.akms);
	capabilities = span_le16(&body);
	r.capabilities = body.bad ? 0 : capabilities;
	take_pmkids(&body, &r);
	suite = span_be32(&body);
	r.has_group_management = !body.bad;
	r.group_management = body.bad ? r.group_management : suite;
	*ret = r;
	return true;
}

/* Table 9-149. */
static const char *const ciphers[] = {
	[0] = "use group cipher", [1] = "WEP-40",           [2] = "TKIP",          [4] = "CCMP-128", [5] = "WEP-104",
	[6] = "BIP-CMAC-128",     [7] = "no group traffic", [8] = "GCMP-128",      [9] = "GCMP-256", [10] = "CCMP-256",
	[11] = "BIP-GMAC-128",    [12] = "BIP-GMAC-256",    [13] = "BIP-CMAC-256",
};

/* Table 9-151, and IEEE 802.11-2024 for those from 21 on. */
static const char *const akms[] = {
	[1] = "802.1X",
	[2] = "PSK",
	[3] = "FT-802.1X",
	[4] = "FT-PSK",
	[5] = "802.1X-SHA256",
	[6] = "PSK-SHA256",
	[7] = "TDLS",
	[8] = "SAE",
	[9] = "FT-SAE",
	[10] = "AP-PEER-KEY",
	[11] = "802.1X-SUITE-B",
	[12] = "802.1X-SUITE-B-192",
	[13] = "FT-802.1X-SHA384",
	[14] = "FILS-SHA256",
	[15] = "FILS-SHA384",
	[16] = "FT-FILS-SHA256",
	[17] = "FT-FILS-SHA384",
	[18] = "OWE",
	[19] = "FT-PSK-SHA384",
	[20] = "PSK-SHA384",
	[21] = "PASN",
	[22] = "FT-802.1X-SHA384-UNRESTRICTED",
	[23] = "802.1X-SHA384",
	[24] = "SAE-EXT-KEY",
	[25] = "FT-SAE-EXT-KEY",
};

static const char *name_of(const char *const *names, size_t n, uint32_t suite)
{
	return (suite & ~0xffu) == OUI_IEEE && (suite & 0xff) < n ? names[suite & 0xff] : NULL;
}

const char *element_cipher(uint32_t suite)
{
	return name_of(ciphers, sizeof(ciphers) / sizeof(ciphers[0]), suite);
}

const char *element_akm(uint32_t suite)
{
	return name_of(akms, sizeof(akms) / sizeof(akms[0]), suite);
}

/* Table 9-364 and what amendments added; bits 0 to 3 tell the length. */
static const char *const extensions[] = {
	[4] = "protected TWT", [5] = "SAE hash-to-element", [6] = "SAE-PK",           [8] = "secure LTF",
	[9] = "secure RTT",    [10] = "range protection",   [21] = "SSID protection",
};

const char *element_rsn_extension(unsigned bit)
{
	return bit < sizeof(extensions) / sizeof(extensions[0]) ? extensions[bit] : NULL;
}
