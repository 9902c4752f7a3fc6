/* RSN, WPA, OSEN and WAPI: suites, and the 64-bit encryption set of frame.h that they make. */
#include "wire/dot11/read_rsn.h"

#include "base/mem.h"
#include "wire/dot11/frame.h"
#include "wire/dot11/suites.h"

#define OUI_IEEE 0x000fac00u /* suites of the standard: OUI, then type */
#define OUI_WPA 0x0050f200u
#define OUI_WAPI 0x00147200u
#define WAPI_ACCESS_DELAY 4 /* octets */

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

/* Group suite, pairwise list, AKM list. An element may end before any of them: then the standard's defaults hold. One
 * that ends within a field is damaged: what it does not say is unknown. */
static void take_lists(struct span *s, struct rsn *r, uint32_t oui)
{
	bool ends = s->left == 0;
	uint32_t suite = span_be32(s);

	r->has_group = ends || !s->bad;
	r->group = s->bad ? r->group : suite;
	if (ends || s->left == 0) {
		r->pairwise[0] = oui | (oui == OUI_WPA ? 2 : 4);
		r->n_pairwise = r->has_group;
	} else {
		r->n_pairwise = take_suites(s, r->pairwise);
	}
	ends = ends || (!s->bad && s->left == 0);
	if (ends) {
		r->akms[0] = oui | 1;
		r->n_akms = 1;
	} else {
		r->n_akms = take_suites(s, r->akms);
	}
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
	take_lists(&data, ret, OUI_IEEE);
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
	take_lists(&data, ret, OUI_WPA);
	return true;
}

bool osen_read(struct span data, struct rsn *ret)
{
	bool whole = data.left >= 4; /* there is no version, and no default */

	begin(ret, OUI_IEEE, 1);
	take_lists(&data, ret, OUI_IEEE);
	return whole;
}

/* GB 15629.11-2003/XG1: version, AKMs, unicast ciphers, a multicast cipher, capabilities. An access delay, which has
 * the element's number in IEEE 802.11, is of four octets. */
bool wapi_read(struct span data, struct rsn *ret)
{
	struct span rest = data;
	uint16_t version = span_le16(&rest);

	if (rest.bad || version != 1 || data.left == WAPI_ACCESS_DELAY)
		return false;
	begin(ret, OUI_WAPI, version);
	ret->n_akms = take_suites(&rest, ret->akms);
	ret->n_pairwise = take_suites(&rest, ret->pairwise);
	return ret->n_akms == 0 || (ret->akms[0] & ~0xffu) == OUI_WAPI;
}

/* What a cipher's bit, of a group or of pairs, says with it: WEP, or WPA. */
static uint64_t cipher_bits(const struct cipher_suite *c, uint8_t bit)
{
	bool is_wep = c->pairwise == CRYPT_PAIR_WEP40 || c->pairwise == CRYPT_PAIR_WEP104;

	return bit ? CRYPT_BIT(bit) | (is_wep ? CRYPT_BIT(CRYPT_WEP) : CRYPT_BIT(CRYPT_WPA)) : 0;
}

/* Ciphers and keys; unknown suites add nothing. */
static uint64_t suites_crypt(const struct rsn *r)
{
	const struct cipher_suite *c = r->has_group ? cipher_suite_find(r->group) : NULL;
	uint64_t bits = c ? cipher_bits(c, c->group) : 0;

	for (uint8_t i = 0; i < r->n_pairwise; i++)
		if ((c = cipher_suite_find(r->pairwise[i])) != NULL)
			bits |= cipher_bits(c, c->pairwise);
	for (uint8_t i = 0; i < r->n_akms; i++) {
		const struct akm_suite *a = akm_suite_find(r->akms[i]);

		if (a)
			bits |= CRYPT_BIT(a->bit) | a->more;
	}
	return bits;
}

uint64_t rsn_crypt(const struct rsn *r)
{
	return suites_crypt(r) | CRYPT_BIT(CRYPT_WPA) | CRYPT_BIT(CRYPT_WPA2);
}

uint64_t wpa_crypt(const struct rsn *r)
{
	return suites_crypt(r) | CRYPT_BIT(CRYPT_WPA) | CRYPT_BIT(CRYPT_WPA1);
}

uint64_t osen_crypt(const struct rsn *r)
{
	return (suites_crypt(r) & ~CRYPT_BIT(CRYPT_WPA) & ~CRYPT_BIT(CRYPT_AKM_1X)) | CRYPT_BIT(CRYPT_AKM_OSEN);
}

uint64_t wapi_crypt(const struct rsn *r)
{
	return suites_crypt(r) | CRYPT_BIT(CRYPT_WAPI);
}

const char *rsn_cipher_name(uint32_t suite)
{
	const struct cipher_suite *c = cipher_suite_find(suite);

	return c ? c->name : NULL;
}

const char *rsn_akm_name(uint32_t suite)
{
	const struct akm_suite *a = akm_suite_find(suite);

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
