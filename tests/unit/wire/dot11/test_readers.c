/* Elements that records keep: each reader with what it is for, and cut at every length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "wire/dot11/elements.h"
#include "wire/dot11/frame.h"
#include "wire/dot11/readers.h"

static const uint8_t multi_link[] = {0x10, 0, 8, 2, 0xaa, 0xbb, 0xcc, 0xdd, 1, 3, 0, 9, 0x21, 0, 7, 0, 0xe, 0, 0, 0, 3};
static const uint8_t near_by[] = {0, 16, 134,  37,   0xff, 0, 0xe, 0,    0, 0,  3, 4,    3,
				  2, 1,  0x40, 0x10, 0,    1, 0,   0x10, 1, 81, 6, 0xff, 0xfe};
static const uint8_t wps[] = {0x10, 0x4a, 0,   1,    0x10, 0x10, 0x44, 0, 1,    2,    0x10, 0x21, 0,
			      2,    'M',  'k', 0x10, 0x49, 0,    6,    0, 0x37, 0x2a, 0,    1,    0x20};
static const uint8_t list[] = {0, 1,   'a', 221, 5, 0,   0x50, 0xf2, 4, 9, 255,  3,    107, 1,
			       2, 221, 2,   1,   2, 255, 0,    150,  4, 0, 0x40, 0x96, 0};

static void cut_everywhere(const uint8_t *p, size_t n, void (*read)(struct span s))
{
	for (size_t i = 0; i <= n; i++) {
		uint8_t *exact = malloc(i ? i : 1);

		memcpy(exact, p, i);
		read(span_of(exact, i));
		free(exact);
	}
}

static void read_multi_link(struct span s)
{
	struct multi_link m;

	if (multi_link_read(s, &m))
		assert_true(m.n_links <= 1);
}

static void links_are_read(void **state)
{
	struct multi_link m;
	uint8_t reconfiguration[] = {2, 0, 1};

	(void) state;
	assert_true(multi_link_read(span_of(multi_link, sizeof(multi_link)), &m));
	assert_int_equal(m.mld.b[1], 0xaa);
	assert_int_equal(m.link_id, 3);
	assert_int_equal(m.mld_id, -1);
	assert_int_equal(m.n_links, 1);
	assert_int_equal(m.links[0].id, 1);
	assert_int_equal(m.links[0].mac.b[5], 3);
	assert_false(multi_link_read(span_of(reconfiguration, 3), &m));
	cut_everywhere(multi_link, sizeof(multi_link), read_multi_link);
}

static void read_near(struct span s)
{
	struct neighbor n[4];

	assert_true(neighbors_read(s, n, 4) <= 3);
	assert_true(neighbors_read(s, n, 1) <= 1);
}

static void neighbours_are_read(void **state)
{
	struct neighbor n[4];

	(void) state;
	assert_int_equal(neighbors_read(span_of(near_by, sizeof(near_by)), n, 4), 3);
	assert_int_equal(n[0].channel, 37);
	assert_int_equal(n[0].short_ssid, 0x01020304);
	assert_int_equal(n[0].link_id, 1);
	assert_int_equal(n[2].channel, 6);
	assert_false(n[2].has_bssid);
	cut_everywhere(near_by, sizeof(near_by), read_near);
}

/* Table 9-281 and 802.11be: what there is by the length of one neighbour's information. */
static void neighbours_are_known_by_length(void **state)
{
	static const struct {
		uint8_t length;
		bool bssid, ssid, parameters, mld;
	} rows[] = {{1, 0, 0, 0, 0},  {2, 0, 0, 1, 0},  {5, 0, 1, 0, 0}, {6, 0, 1, 1, 0},
		    {7, 1, 0, 0, 0},  {8, 1, 0, 1, 0},  {9, 1, 0, 1, 0}, {11, 1, 1, 0, 0},
		    {12, 1, 1, 1, 0}, {13, 1, 1, 1, 0}, {16, 1, 1, 1, 1}};
	uint8_t b[4 + 16] = {0, 0, 131, 5};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct neighbor n;

		b[1] = rows[i].length;
		assert_int_equal(neighbors_read(span_of(b, 4u + rows[i].length), &n, 1), 1);
		assert_int_equal(n.has_bssid, rows[i].bssid);
		assert_int_equal(n.has_short_ssid, rows[i].ssid);
		assert_int_equal(n.has_parameters, rows[i].parameters);
		assert_int_equal(n.has_mld, rows[i].mld);
	}
}

static void read_wps(struct span s)
{
	struct wps w = {0};

	wps_read(s, &w);
	assert_true(w.manufacturer.left <= 2);
}

static void attributes_are_read(void **state)
{
	struct wps w = {0};

	(void) state;
	wps_read(span_of(wps, sizeof(wps)), &w);
	assert_int_equal(w.version, 0x10);
	assert_int_equal(w.state, 1);
	assert_int_equal(w.version2, 0x20);
	assert_int_equal(w.manufacturer.left, 2);
	cut_everywhere(wps, sizeof(wps), read_wps);
}

static void read_rsn(struct span s)
{
	struct rsn r;

	if (rsn_read(s, &r)) {
		assert_true(r.n_pairwise <= 2 && r.n_akms <= 2 && r.n_pmkids <= 1);
		assert_int_equal(r.group_management, s.left < 50 ? 0x000fac06 : 0x000fac0c);
	}
}

static void suites_are_read(void **state)
{
	static const uint8_t rsn[] = {1, 0, 0,   0xf,  0xac, 9, 2,    0,    0,  0xf,  0xac, 9,  0, 0xf, 0xac, 4, 2,
				      0, 0, 0xf, 0xac, 8,    0, 0x50, 0xf2, 2,  0xc0, 0,    1,  0, 0,   1,    2, 3,
				      4, 5, 6,   7,    8,    9, 10,   11,   12, 13,   14,   15, 0, 0xf, 0xac, 12};
	struct rsn r;

	(void) state;
	assert_true(rsn_read(span_of(rsn, sizeof(rsn)), &r));
	assert_string_equal(rsn_cipher_name(r.group), "GCMP-256");
	assert_string_equal(rsn_cipher_name(r.pairwise[1]), "CCMP-128");
	assert_string_equal(rsn_akm_name(r.akms[0]), "SAE");
	assert_string_equal(rsn_akm_name(r.akms[1]), "WPA-PSK");
	assert_null(rsn_akm_name(0x000fac63));
	assert_int_equal(r.pmkids.p[15], 15);
	assert_string_equal(rsn_cipher_name(r.group_management), "BIP-GMAC-256");
	assert_int_equal(r.capabilities, 0xc0);
	assert_true(rsn_read(span_of(rsn, 2), &r));
	assert_string_equal(rsn_cipher_name(r.group), "CCMP-128");
	assert_false(rsn_read(span_of(rsn + 2, 4), &r));
	cut_everywhere(rsn, sizeof(rsn), read_rsn);
}

static void read_wmm(struct span s)
{
	struct wmm w;

	if (wmm_read(s, &w))
		assert_int_equal(w.n, s.left < 4 ? 0 : (s.left - 4) / 4);
}

static void multimedia_is_read(void **state)
{
	static const uint8_t wmm[] = {1, 1, 0x84, 0,    3,    0xa4, 0,    0,    0x27, 0xa4,
				      0, 0, 0x42, 0x43, 0x5e, 0,    0x72, 0x32, 0x2f, 0};
	struct wmm w;

	(void) state;
	assert_true(wmm_read(span_of(wmm, sizeof(wmm)), &w));
	assert_int_equal(w.n, 4);
	assert_int_equal(w.qos_info, 0x84);
	assert_int_equal(w.categories[0].ecw_max, 10);
	assert_int_equal(w.categories[2].txop_us, 3008);
	assert_int_equal(w.categories[3].number, 3);
	assert_true(w.categories[3].admission);
	assert_false(wmm_read(span_of(wmm + 4, 4), &w));
	cut_everywhere(wmm, sizeof(wmm), read_wmm);
}

static void read_list(struct span s)
{
	struct element e;
	size_t n = 0;

	while (element_next(&s, &e)) {
		assert_true(e.data.left <= e.body.left);
		n++;
	}
	assert_true(n <= 6);
}

static void a_list_is_walked_and_searched(void **state)
{
	struct span all = span_of(list, sizeof(list)), found;

	(void) state;
	assert_true(element_find(all, ELEMENT_WPS, &found));
	assert_int_equal(found.left, 1);
	assert_int_equal(found.p[0], 9);
	assert_true(element_find(all, ELEMENT_MULTI_LINK, &found));
	assert_int_equal(found.left, 2);
	assert_false(element_find(all, ELEMENT_EHT_CAPABILITIES, &found));
	assert_false(element_find(all, ELEMENT_OWE_TRANSITION, &found));
	cut_everywhere(list, sizeof(list), read_list);
}

static void the_rest(struct span s)
{
	struct interworking w;
	struct span oi[ROAMING_MAX];
	struct country_triplet range;
	struct owe_transition owe;

	(void) interworking_read(s, &w);
	assert_true(roaming_read(s, oi) <= ROAMING_MAX);
	assert_false(owe_transition_read(s, &owe) && owe.ssid.left > 32);
	while (country_next(&s, &range))
		assert_true(range.first < 201);
}

static void short_ones_are_cut(void **state)
{
	static const uint8_t b[] = {0x13, 0x53, 1, 2, 3, 4, 4, 5, 6, 7, 8, 201, 1, 1, 9, 9, 9};

	(void) state;
	cut_everywhere(b, sizeof(b), the_rest);
}

/* Readers that want a certain number of octets: they are false with fewer. */
#define READER(name, type)                                                                                             \
	static bool name(struct span data)                                                                             \
	{                                                                                                              \
		type x;                                                                                                \
                                                                                                                       \
		return name##_read(data, &x);                                                                          \
	}
READER(dsss, uint8_t)
READER(country, struct country)
READER(bss_load, struct bss_load)
READER(power_capability, struct power_capability)
READER(tpc_report, uint8_t)
READER(erp, uint8_t)
READER(channel_switch, uint8_t)
READER(extended_channel_switch, uint8_t)
READER(mobility_domain, uint16_t)
READER(rm_capabilities, struct rm_capabilities)
READER(neighbor_report, struct neighbor_report)
READER(mesh_configuration, struct mesh_configuration)
READER(ht_capabilities, uint32_t)
READER(ht_operation, struct ht_operation)
READER(vht_capabilities, uint32_t)
READER(vht_operation, struct vht_operation)
READER(he_capabilities, struct he_capabilities)
READER(he_operation, struct he_operation)
READER(eht_operation, uint16_t)
READER(pmkid, struct span)
READER(rsn, struct rsn)
READER(wpa, struct rsn)
READER(hotspot, struct hotspot_indication)
READER(cisco_power, uint8_t)
READER(cisco_mfp, bool)
READER(multiple_bssid, struct multiple_bssid)
READER(nontransmitted_capability, uint16_t)
READER(multiple_bssid_index, uint8_t)

static void each_wants_its_octets(void **state)
{
	static const struct {
		bool (*read)(struct span data);
		size_t least;
	} rows[] = {{dsss, 1},
		    {country, 3},
		    {bss_load, 3},
		    {power_capability, 2},
		    {tpc_report, 1},
		    {erp, 1},
		    {channel_switch, 2},
		    {extended_channel_switch, 3},
		    {mobility_domain, 2},
		    {rm_capabilities, 1},
		    {neighbor_report, 12},
		    {mesh_configuration, 7},
		    {ht_capabilities, 7},
		    {ht_operation, 2},
		    {vht_capabilities, 6},
		    {vht_operation, 3},
		    {he_capabilities, 19},
		    {he_operation, 6},
		    {eht_operation, 5},
		    {pmkid, 16},
		    {rsn, 2},
		    {wpa, 2},
		    {hotspot, 1},
		    {cisco_power, 1},
		    {cisco_mfp, 1},
		    {multiple_bssid, 1},
		    {nontransmitted_capability, 2},
		    {multiple_bssid_index, 1}};
	static const uint8_t octets[40] = {1};

	(void) state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (size_t n = 0; n <= sizeof(octets); n++) {
			uint8_t *exact = malloc(n ? n : 1);

			memcpy(exact, octets, n);
			assert_int_equal(rows[i].read(span_of(exact, n)), n >= rows[i].least);
			free(exact);
		}
}

#define OF(...) span_of((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void small_ones_are_read(void **state)
{
	struct mesh_configuration mesh;
	struct neighbor_report near;
	struct power_capability power;
	struct channel_range range;
	struct span channels = OF(1, 11, 36, 4, 9);
	struct country c;
	uint8_t channel;

	(void) state;
	assert_int_equal(rates_read(OF(0x82, 0x96, 0x6c, 0xff, 123)), 540);
	assert_true(country_read(OF('D', 'E', ' ', 1, 13, 20), &c));
	assert_string_equal(c.code, "DE");
	assert_int_equal(c.ranges.left, 3);
	assert_true(power_capability_read(OF(0xfe, 20), &power));
	assert_int_equal(power.min_dbm, -2);
	assert_true(channel_switch_read(OF(1, 11, 3), &channel));
	assert_int_equal(channel, 11);
	assert_true(extended_channel_switch_read(OF(1, 81, 6, 3), &channel));
	assert_int_equal(channel, 6);
	assert_true(neighbor_report_read(OF(2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 131, 37), &near));
	assert_int_equal(near.operating_class, 131);
	assert_int_equal(near.channel, 37);
	assert_true(mesh_configuration_read(OF(1, 1, 0, 1, 0, 0x07, 0x09), &mesh));
	assert_int_equal(mesh.peerings, 3);
	assert_true(mesh.gateway && mesh.forwarding);
	assert_true(supported_channels_next(&channels, &range));
	assert_int_equal(range.step, 1);
	assert_true(supported_channels_next(&channels, &range));
	assert_int_equal(range.step, 4);
	assert_false(supported_channels_next(&channels, &range));
}

static void names_of_vendors(void **state)
{
	struct span name;

	(void) state;
	assert_true(mist_name_read(OF('a', 'p', 0, 'x'), &name));
	assert_int_equal(name.left, 2);
	assert_false(mist_name_read(OF(0, 'x'), &name));
	assert_true(aruba_name_read(OF(3, 'a'), &name));
	assert_false(aruba_name_read(OF(1, 'a'), &name));
	assert_false(aruba_name_read(span_of(NULL, 0), &name));
	assert_true(cisco_name_read(OF(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'c', 'i'), &name));
	assert_int_equal(name.left, 2);
	assert_false(cisco_name_read(OF(0, 0, 0), &name));
}

/* A set of suites is what both elements make of it. */
static void suites_make_a_set(void **state)
{
	struct rsn r;

	(void) state;
	assert_true(rsn_read(OF(1, 0, 0, 0xf, 0xac, 2, 1, 0, 0, 0xf, 0xac, 4, 1, 0, 0, 0xf, 0xac, 8), &r));
	assert_int_equal(rsn_crypt(&r), CRYPT_BIT(CRYPT_WPA) | CRYPT_BIT(CRYPT_WPA2) | CRYPT_BIT(CRYPT_WPA3) |
						CRYPT_BIT(CRYPT_GROUP_TKIP) | CRYPT_BIT(CRYPT_PAIR_CCMP128) |
						CRYPT_BIT(CRYPT_AKM_SAE));
	assert_true(rsn_read(OF(1, 0), &r)); /* the standard's defaults */
	assert_int_equal(rsn_crypt(&r), CRYPT_BIT(CRYPT_WPA) | CRYPT_BIT(CRYPT_WPA2) | CRYPT_BIT(CRYPT_GROUP_CCMP128) |
						CRYPT_BIT(CRYPT_PAIR_CCMP128) | CRYPT_BIT(CRYPT_AKM_1X));
	assert_true(rsn_read(OF(1, 0, 0, 0xf, 0xac, 2), &r)); /* and behind what it says */
	assert_int_equal(rsn_crypt(&r), CRYPT_BIT(CRYPT_WPA) | CRYPT_BIT(CRYPT_WPA2) | CRYPT_BIT(CRYPT_GROUP_TKIP) |
						CRYPT_BIT(CRYPT_PAIR_CCMP128) | CRYPT_BIT(CRYPT_AKM_1X));
	assert_true(rsn_read(OF(1, 0, 0, 0xf, 0xac), &r)); /* cut within a suite: nothing but that it is RSN */
	assert_int_equal(rsn_crypt(&r), CRYPT_BIT(CRYPT_WPA) | CRYPT_BIT(CRYPT_WPA2));
	assert_true(rsn_read(OF(1, 0, 1, 2, 3, 4, 1, 0, 1, 2, 3, 4, 1, 0, 1, 2, 3, 4), &r)); /* unknown suites */
	assert_int_equal(rsn_crypt(&r), CRYPT_BIT(CRYPT_WPA) | CRYPT_BIT(CRYPT_WPA2));
	assert_true(wpa_read(OF(1, 0, 0, 0x50, 0xf2, 2, 1, 0, 0, 0x50, 0xf2, 2, 1, 0, 0, 0x50, 0xf2, 2), &r));
	assert_int_equal(wpa_crypt(&r), CRYPT_BIT(CRYPT_WPA) | CRYPT_BIT(CRYPT_WPA1) | CRYPT_BIT(CRYPT_GROUP_TKIP) |
						CRYPT_BIT(CRYPT_PAIR_TKIP) | CRYPT_BIT(CRYPT_AKM_PSK));
	assert_true(rsn_read(OF(1, 0, 0, 0xf, 0xac, 1, 0, 0), &r));
	assert_int_equal(rsn_crypt(&r), CRYPT_BIT(CRYPT_WPA) | CRYPT_BIT(CRYPT_WPA2) | CRYPT_BIT(CRYPT_WEP) |
						CRYPT_BIT(CRYPT_GROUP_WEP40) | CRYPT_BIT(CRYPT_AKM_1X));
	assert_true(osen_read(OF(0, 0xf, 0xac, 7, 1, 0, 0, 0xf, 0xac, 4, 1, 0, 0x50, 0x6f, 0x9a, 1), &r));
	assert_int_equal(osen_crypt(&r), CRYPT_BIT(CRYPT_AKM_OSEN) | CRYPT_BIT(CRYPT_PAIR_CCMP128));
	assert_true(wapi_read(OF(1, 0, 1, 0, 0, 0x14, 0x72, 2, 1, 0, 0, 0x14, 0x72, 1, 0, 0x14, 0x72, 1, 0, 0), &r));
	assert_int_equal(wapi_crypt(&r), CRYPT_BIT(CRYPT_WAPI) | CRYPT_BIT(CRYPT_AKM_PSK));
	assert_false(wapi_read(OF(1, 0, 0, 0), &r)); /* an access delay */
}

static void read_osen(struct span s)
{
	struct rsn r;

	assert_true(!osen_read(s, &r) || osen_crypt(&r));
}
static void read_wapi(struct span s)
{
	struct rsn r;

	assert_true(!wapi_read(s, &r) || wapi_crypt(&r));
}
static void suites_are_cut(void **state)
{
	static const uint8_t osen[] = {0, 0xf, 0xac, 7, 1, 0, 0, 0xf, 0xac, 4, 1, 0, 0x50, 0x6f, 0x9a, 1};
	static const uint8_t wapi[] = {1, 0, 1, 0, 0, 0x14, 0x72, 2, 1, 0, 0, 0x14, 0x72, 1, 0, 0x14, 0x72, 1, 0, 0};

	(void) state;
	cut_everywhere(osen, sizeof(osen), read_osen);
	cut_everywhere(wapi, sizeof(wapi), read_wapi);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_are_read),
		cmocka_unit_test(neighbours_are_read),
		cmocka_unit_test(neighbours_are_known_by_length),
		cmocka_unit_test(attributes_are_read),
		cmocka_unit_test(suites_are_read),
		cmocka_unit_test(multimedia_is_read),
		cmocka_unit_test(a_list_is_walked_and_searched),
		cmocka_unit_test(short_ones_are_cut),
		cmocka_unit_test(each_wants_its_octets),
		cmocka_unit_test(small_ones_are_read),
		cmocka_unit_test(names_of_vendors),
		cmocka_unit_test(suites_make_a_set),
		cmocka_unit_test(suites_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
