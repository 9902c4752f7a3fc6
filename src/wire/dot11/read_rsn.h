/* RSN, WPA, OSEN, WAPI and OWE. A reader, as readers.h says. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/mac.h"
#include "base/span.h"

/* 9.4.2.24, RSN, and the WPA element that came before it. A suite is its OUI, then its type in the last octet. Lists
 * before which the element ends have the standard's default; of one that is cut within a field they are what was
 * read. */
#define RSN_SUITES_MAX 32
#define RSN_PMKIDS_MAX 16
struct rsn {
	uint16_t version;
	uint32_t group, group_management;
	uint32_t pairwise[RSN_SUITES_MAX], akms[RSN_SUITES_MAX];
	uint8_t n_pairwise, n_akms, n_pmkids;
	bool has_group, has_group_management;
	uint16_t capabilities; /* enum rsn_capability */
	struct span pmkids;    /* n_pmkids of 16 octets each */
};
enum rsn_capability { RSN_MFP_REQUIRED = 0x40, RSN_MFP_CAPABLE = 0x80 };
/* False when it is not version 1. */
bool rsn_read(struct span data, struct rsn *ret);
/* 9.4.2.24.2: how many pairwise suites an RSN element claims to have. */
bool rsn_pairwise_count(struct span data, uint16_t *ret);
/* The WFA's WPA element: version, and suites as RSN has them, of Microsoft's OUI. */
bool wpa_read(struct span data, struct rsn *ret);
/* Hotspot 2.0 3.2.2, OSEN: suites as RSN has them, without a version. */
bool osen_read(struct span data, struct rsn *ret);
/* GB 15629.11-2003/XG1, WAPI. False for the access delay of the same number (9.4.2.43). */
bool wapi_read(struct span data, struct rsn *ret);
/* The set of CRYPT_BIT()s (frame.h) that an element of each kind says; never empty. */
uint64_t rsn_crypt(const struct rsn *r);
uint64_t wpa_crypt(const struct rsn *r);
uint64_t osen_crypt(const struct rsn *r);
uint64_t wapi_crypt(const struct rsn *r);
/* The names of suites; NULL for unknown ones (suites.h). */
const char *rsn_cipher_name(uint32_t suite);
const char *rsn_akm_name(uint32_t suite);
/* The name of a bit of the RSN extension element (9.4.2.241), NULL for those without one. */
const char *rsn_extension_name(unsigned bit);
/* The OWE transition element of the WFA. False when it is not whole. */
struct owe_transition {
	struct mac bssid;
	struct span ssid; /* at most 32 octets */
};
bool owe_transition_read(struct span data, struct owe_transition *ret);
/* 12.7.2, key data: a PMKID of 16 octets. */
bool pmkid_read(struct span data, struct span *ret);
