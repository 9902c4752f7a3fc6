#include "wire/dot11/summary.h"

#include <stdlib.h>

#include "base/mem.h"

/* An element that says that the network is protected, and how: that of a damaged one is not known. */
struct protection {
	enum element_id id;
	bool (*read)(struct span data, struct rsn *ret);
	uint64_t (*crypt)(const struct rsn *r);
	uint64_t damaged; /* CRYPT_BIT()s when it cannot be read; 0: then it is none */
	bool is_override; /* it stands beside RSN: what that requires of all holds */
	bool is_rsn;
};
static const struct protection protections[] = {
	{.id = ELEMENT_RSN,
	 .read = rsn_read,
	 .crypt = rsn_crypt,
	 .damaged = CRYPT_BIT(CRYPT_WPA) | CRYPT_BIT(CRYPT_WPA2),
	 .is_rsn = true},
	{.id = ELEMENT_WPA,
	 .read = wpa_read,
	 .crypt = wpa_crypt,
	 .damaged = CRYPT_BIT(CRYPT_WPA) | CRYPT_BIT(CRYPT_WPA1)},
	{.id = ELEMENT_RSN_OVERRIDE, .read = rsn_read, .crypt = rsn_crypt, .is_rsn = true, .is_override = true},
	{.id = ELEMENT_RSN_OVERRIDE_2, .read = rsn_read, .crypt = rsn_crypt, .is_rsn = true, .is_override = true},
	{.id = ELEMENT_OSEN, .read = osen_read, .crypt = osen_crypt, .damaged = CRYPT_BIT(CRYPT_AKM_OSEN)},
	{.id = ELEMENT_WAPI, .read = wapi_read, .crypt = wapi_crypt},
};

static void add_protection(struct frame_security *s, const struct protection *p, struct span data)
{
	bool first = !s->has_rsn;
	struct rsn r;

	if (!p->read(data, &r)) {
		s->crypt |= p->damaged;
		return;
	}
	s->crypt |= p->crypt(&r);
	if (!p->is_rsn)
		return;
	s->mfp_supported |= (r.capabilities & RSN_MFP_CAPABLE) != 0;
	if (!p->is_override || first)
		s->mfp_required |= (r.capabilities & RSN_MFP_REQUIRED) != 0;
	s->has_rsn = true;
}

bool frame_is_of_network(const struct frame *f)
{
	return f->type == FRAME_MANAGEMENT && (f->subtype == MGMT_BEACON || f->subtype == MGMT_PROBE_RESP);
}

/* The privacy bit alone is WEP; where elements were cut off it is unknown. */
struct frame_security frame_security(const struct frame *f)
{
	struct frame_security s = {.crypt = f->reported_crypt};

	for (size_t i = 0; i < ARRAY_SIZE(protections); i++) {
		const struct protection *p = &protections[i];
		struct elements_at at = {0};
		struct span data;

		while (elements_next_of(&f->elements, &at, p->id, &data))
			add_protection(&s, p, data);
	}
	if (!s.crypt && frame_is_of_network(f) && (f->capability & CAPABILITY_PRIVACY))
		s.crypt = CRYPT_BIT(f->have & FRAME_IES_TORN ? CRYPT_UNKNOWN : CRYPT_WEP);
	return s;
}

bool frame_wps(const struct frame *f, struct wps *ret)
{
	struct elements_at at = {0};
	struct span data;

	*ret = (struct wps){0};
	while (elements_next_of(&f->elements, &at, ELEMENT_WPS, &data))
		wps_read(data, ret);
	return frame_has(f, ELEMENT_WPS);
}

/* A station whose HE or EHT element is cut is of that generation all the same. */
uint8_t frame_generation(const struct frame *f)
{
	struct span data;
	uint32_t rate;

	if (frame_has(f, ELEMENT_EHT_CAPABILITIES) || frame_has(f, ELEMENT_EHT_OPERATION))
		return 7;
	if (frame_has(f, ELEMENT_HE_CAPABILITIES) || frame_has(f, ELEMENT_HE_OPERATION))
		return 6;
	if (frame_find(f, ELEMENT_VHT_CAPABILITIES, &data) && vht_capabilities_read(data, &rate))
		return 5;
	return frame_find(f, ELEMENT_HT_CAPABILITIES, &data) && ht_capabilities_read(data, &rate) ? 4 : 0;
}

static uint32_t faster(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

uint32_t frame_rate(const struct frame *f)
{
	struct elements_at at = {0}, at_more = {0};
	uint32_t best = 0, rate;
	struct span data;

	while (elements_next_of(&f->elements, &at, ELEMENT_SUPPORTED_RATES, &data))
		best = faster(best, rates_read(data));
	while (elements_next_of(&f->elements, &at_more, ELEMENT_EXTENDED_RATES, &data))
		best = faster(best, rates_read(data));
	if (frame_find(f, ELEMENT_HT_CAPABILITIES, &data) && ht_capabilities_read(data, &rate))
		best = faster(best, rate);
	if (frame_find(f, ELEMENT_VHT_CAPABILITIES, &data) && vht_capabilities_read(data, &rate))
		best = faster(best, rate);
	return best;
}

static bool is_of_access_point(const struct frame *f)
{
	return f->subtype == MGMT_BEACON || f->subtype == MGMT_PROBE_RESP || f->subtype == MGMT_ASSOC_RESP ||
	       f->subtype == MGMT_REASSOC_RESP;
}

uint32_t frame_he_rate(const struct frame *f)
{
	struct he_capabilities he = {0};
	struct span data;
	uint32_t rate;

	if (frame_find(f, ELEMENT_HE_CAPABILITIES, &data) && !he_capabilities_read(data, &he))
		he = (struct he_capabilities){0};
	if (frame_find(f, ELEMENT_EHT_CAPABILITIES, &data) &&
	    eht_capabilities_read(data, he.phy, is_of_access_point(f), &rate))
		return faster(he.rate, rate);
	return he.rate;
}

/* HE or EHT operation; 0: neither says. */
static uint16_t he_width_mhz(const struct frame *f)
{
	struct he_operation he = {0};
	uint16_t width = 0;
	struct span data;

	if (frame_find(f, ELEMENT_EHT_OPERATION, &data) && eht_operation_read(data, &width) && width)
		return width;
	return frame_find(f, ELEMENT_HE_OPERATION, &data) && he_operation_read(data, &he) ? he.width_mhz : 0;
}

uint16_t frame_width_mhz(const struct frame *f)
{
	uint16_t width = he_width_mhz(f);
	struct vht_operation vht;
	struct ht_operation ht;
	struct span data;

	if (width)
		return width;
	if (frame_find(f, ELEMENT_VHT_OPERATION, &data) && vht_operation_read(data, &vht) && vht.width) {
		unsigned apart = (unsigned) abs(vht.center1 - vht.center2);

		return vht.width > 1 || (vht.center2 && (apart == 8 || apart > 16)) ? 160 : 80;
	}
	return frame_find(f, ELEMENT_HT_OPERATION, &data) && ht_operation_read(data, &ht) && ht.is_40mhz && ht.offset
		       ? 40
		       : 20;
}

bool frame_ap_name(const struct frame *f, struct span *ret)
{
	struct span data;

	return (frame_find(f, ELEMENT_MIST_NAME, &data) && mist_name_read(data, ret)) ||
	       (frame_find(f, ELEMENT_ARUBA, &data) && aruba_name_read(data, ret)) ||
	       (frame_find(f, ELEMENT_CISCO_NAME, &data) && cisco_name_read(data, ret));
}
