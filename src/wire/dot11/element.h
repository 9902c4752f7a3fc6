/* Elements that records keep as they came and that are read when somebody asks: what one means is worked
 * out here, from its octets, without state. Each reader takes what was whole. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/mac.h"
#include "base/span.h"

enum element_id {
	ELEMENT_COUNTRY = 7,
	ELEMENT_ERP = 42,
	ELEMENT_RSN = 48,
	ELEMENT_SUPPORTED_CHANNELS = 36,
	ELEMENT_INTERWORKING = 107,
	ELEMENT_ROAMING = 111,
	ELEMENT_MESH_CONFIG = 113,
	ELEMENT_MESH_ID = 114,
	ELEMENT_EXT_CAP = 127,
	ELEMENT_NEIGHBORS = 201,
	ELEMENT_VENDOR = 221,
	ELEMENT_RSN_EXTENSION = 244,
	ELEMENT_EXTENSION = 255,
};
#define ELEMENT_MULTI_LINK 107 /* an extension's number */
/* What stands behind the head of a vendor's element: OUI, then type. */
#define VENDOR_WMM 0x0050f202u
#define VENDOR_WPS 0x0050f204u
#define VENDOR_HOTSPOT 0x506f9a10u
#define VENDOR_OSEN 0x506f9a12u
#define VENDOR_OWE 0x506f9a1cu

struct element {
	uint8_t id;
	uint32_t oui;     /* of 150 and 221, else 0 */
	int16_t subtag;   /* type behind the OUI, or the extension's number; -1: none */
	struct span body; /* all behind the head */
	struct span rest; /* behind OUI and type, or the extension's number */
};
/* The next element of a list; false at the end or where it is torn. */
bool element_next(struct span *list, struct element *ret);
/* The first element of that number, and of vendors of that OUI and type, of extensions of that number
 * (`which`, else 0): what is behind them. False when there is none. */
bool element_find(struct span list, uint8_t id, uint32_t which, struct span *ret_rest);

/* 9.4.2.8: one range of channels. */
struct element_range {
	uint8_t first, count;
	int8_t power_dbm;
};
/* body: of the country element, all of it. The next range; operating classes are left out. */
bool element_next_range(struct span *ranges, struct element_range *ret);

/* 9.4.2.169, reduced neighbour report: one access point near by. */
struct element_neighbor {
	uint8_t operating_class, channel;
	struct mac bssid;
	uint32_t short_ssid;
	uint8_t bss_parameters, mld_id, link_id;
	bool has_bssid, has_short_ssid, has_parameters, has_mld;
};
#define ELEMENT_NEIGHBORS_MAX 128
/* The neighbours of one element, at most max; how many. */
uint32_t element_neighbors(struct span body, struct element_neighbor *ret, uint32_t max);

/* 802.11be D5.0 9.4.2.312, basic multi-link element, behind the extension's number. */
#define ELEMENT_LINKS_MAX 15
struct element_multi_link {
	struct mac mld;
	int8_t link_id;  /* of the frame's own link, -1: not told */
	int8_t mld_id;   /* -1: not told */
	uint8_t n_links; /* others */
	struct {
		uint8_t id;
		bool has_mac;
		struct mac mac;
	} links[ELEMENT_LINKS_MAX];
};
bool element_multi_link(struct span body, struct element_multi_link *ret);

/* 9.4.2.91, interworking. */
struct element_interworking {
	uint8_t network_type; /* 0 private .. 15 wildcard */
	bool internet, asra, esr, uesa, has_venue, has_hessid;
	uint8_t venue_group, venue_type;
	struct mac hessid;
};
bool element_interworking(struct span body, struct element_interworking *ret);

/* 9.4.2.94: the organizations of a roaming consortium, at most three. */
#define ELEMENT_ROAMING_MAX 3
uint32_t element_roaming(struct span body, struct span ret[ELEMENT_ROAMING_MAX]);

/* 9.4.2.26: the name of a bit of the extended capabilities, NULL for those without one. */
const char *element_capability(unsigned bit);

/* The OWE transition element of the WFA, behind its type. False when it is not whole. */
bool element_owe(struct span rest, struct mac *ret_bssid, struct span *ret_ssid);

/* 9.4.2.24, RSN (element_rsn.c). A suite is its OUI, then its type in the last octet. What a cut element does not
 * tell has the standard's default. */
#define ELEMENT_SUITES_MAX 16
#define ELEMENT_PMKIDS_MAX 16
struct element_rsn {
	uint32_t group, group_management;
	uint32_t pairwise[ELEMENT_SUITES_MAX], akms[ELEMENT_SUITES_MAX];
	uint8_t n_pairwise, n_akms, n_pmkids;
	bool has_group_management;
	uint16_t capabilities;                  /* MFP required 0x40, MFP capable 0x80 */
	struct span pmkids[ELEMENT_PMKIDS_MAX]; /* 16 octets each */
};
/* False when it is not version 1. */
bool element_rsn(struct span body, struct element_rsn *ret);
/* The names of suites; NULL for those that are not of the standard. */
const char *element_cipher(uint32_t suite);
const char *element_akm(uint32_t suite);
/* The name of a bit of the RSN extension element (9.4.2.241), NULL for those without one. */
const char *element_rsn_extension(unsigned bit);

/* Wi-Fi Multimedia (element_wmm.c): behind OUI and type. Its information alone has no categories. */
#define ELEMENT_WMM_CATEGORIES 4
struct element_wmm_category {
	uint8_t number; /* best effort 0, background 1, video 2, voice 3 */
	uint8_t aifsn, ecw_min, ecw_max;
	bool admission;
	uint32_t txop_us;
};
struct element_wmm {
	uint8_t qos_info, n;
	struct element_wmm_category categories[ELEMENT_WMM_CATEGORIES];
};
bool element_wmm(struct span rest, struct element_wmm *ret);
