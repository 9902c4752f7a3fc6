/* Any octets as a list of elements: every reader of what records keep reads no octet beyond them. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/dot11/elements.h"
#include "wire/dot11/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define READER(name, type)                                                                                             \
	static void name(struct span data)                                                                             \
	{                                                                                                              \
		type x;                                                                                                \
                                                                                                                       \
		(void) name##_read(data, &x);                                                                          \
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
READER(interworking, struct interworking)
READER(hotspot, struct hotspot_indication)
READER(cisco_name, struct span)
READER(cisco_power, uint8_t)
READER(cisco_mfp, bool)
READER(aruba_name, struct span)
READER(mist_name, struct span)
READER(multiple_bssid, struct multiple_bssid)
READER(nontransmitted_capability, uint16_t)
READER(multiple_bssid_index, uint8_t)

static void eht_capabilities(struct span data)
{
	uint32_t rate;

	for (unsigned phy = 0; phy < 32; phy++)
		(void) eht_capabilities_read(data, (uint8_t) phy, phy & 1, &rate);
}

static void security(struct span data)
{
	struct owe_transition owe;
	struct rsn r;
	uint16_t n;

	if (rsn_read(data, &r) &&
	    (r.n_pairwise > RSN_SUITES_MAX || r.n_akms > RSN_SUITES_MAX || r.n_pmkids > RSN_PMKIDS_MAX ||
	     r.pmkids.left != r.n_pmkids * 16u || (rsn_crypt(&r), 0)))
		abort();
	if (wpa_read(data, &r))
		(void) wpa_crypt(&r);
	if ((osen_read(data, &r) && !osen_crypt(&r)) || (wapi_read(data, &r) && !wapi_crypt(&r)))
		abort();
	(void) rsn_pairwise_count(data, &n);
	if (owe_transition_read(data, &owe) && owe.ssid.left > 32)
		abort();
}

static void lists(struct span data)
{
	struct span oi[ROAMING_MAX], at = data;
	struct neighbor near[NEIGHBORS_MAX];
	struct country_triplet triplet;
	struct channel_range range;

	if (neighbors_read(data, near, NEIGHBORS_MAX) > NEIGHBORS_MAX || neighbors_read(data, near, 1) > 1 ||
	    roaming_read(data, oi) > ROAMING_MAX)
		abort();
	(void) rates_read(data);
	while (country_next(&at, &triplet))
		;
	while (supported_channels_next(&data, &range))
		;
}

static void attributes(struct span data)
{
	struct wps wps = {0};
	struct span value;
	struct wmm wmm;
	uint16_t type;
	size_t all = data.left;

	if (wmm_read(data, &wmm) && wmm.n > WMM_CATEGORIES)
		abort();
	wps_read(data, &wps);
	while (wps_next(&data, &type, &value))
		if (value.left > all)
			abort();
}

static void links(struct span data)
{
	struct link_profile link;
	struct multi_link m;
	struct span rest;

	if (multi_link_read(data, &m) && m.n_links > MULTI_LINKS_MAX)
		abort();
	(void) multi_link_profiles(data, &rest);
	(void) link_profile_read(data, &link);
	for (unsigned id = 0; id < ELEMENT_IDS; id++)
		(void) non_inheritance_names(data, id < 256 ? (uint8_t) id : ELEMENT_EXTENSION, id);
}

static void (*const readers[])(struct span) = {
	dsss,
	country,
	bss_load,
	power_capability,
	tpc_report,
	erp,
	channel_switch,
	extended_channel_switch,
	mobility_domain,
	rm_capabilities,
	neighbor_report,
	mesh_configuration,
	ht_capabilities,
	ht_operation,
	vht_capabilities,
	vht_operation,
	he_capabilities,
	he_operation,
	eht_operation,
	eht_capabilities,
	pmkid,
	interworking,
	hotspot,
	cisco_name,
	cisco_power,
	cisco_mfp,
	aruba_name,
	mist_name,
	multiple_bssid,
	nontransmitted_capability,
	multiple_bssid_index,
	security,
	lists,
	attributes,
	links,
};

static void read_as_all(struct span data)
{
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		readers[i](data);
}

/* The index has what a walk finds. */
static void compare(struct span list)
{
	struct elements_at at = {0};
	struct elements index;
	struct element one, same;

	elements_index(list, &index);
	for (unsigned i = 0; i < ELEMENTS_WALKED && element_next(&list, &one); i++)
		if (!elements_next(&index, &at, &same) || one.id != same.id || one.data.p != same.data.p ||
		    one.data.left != same.data.left)
			abort();
	if (elements_next(&index, &at, &same))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *exact = malloc(size ? size : 1);
	struct element_joined joined;
	struct span list, found;
	struct element e;

	if (size)
		memcpy(exact, data, size);
	read_as_all(span_of(exact, size));
	list = span_of(exact, size);
	while (element_next(&list, &e)) {
		read_as_all(e.body);
		read_as_all(element_whole(span_of(exact, size), &e, &joined));
		if (element_extent(span_of(exact, size), &e).left > size)
			abort();
	}
	compare(span_of(exact, size));
	(void) element_find(span_of(exact, size), ELEMENT_WPS, &found);
	(void) element_find(span_of(exact, size), ELEMENT_MULTI_LINK, &found);
	free(exact);
	return 0;
}
