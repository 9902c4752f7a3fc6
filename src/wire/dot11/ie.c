/* Information elements (IEEE 802.11-2020 9.4.2): one table by element ID, one by extension, one by
 * vendor. A new element is a function and a row. Of elements that stand twice the first SSID wins;
 * for the others the later one. */
#include "base/err.h"
#include "wire/dot11/element.h"
#include "wire/dot11/parse.h"

/* What records keep to be read when somebody asks (element.h); body is all behind the element's head. */
static void keep(struct span body, struct frame *f)
{
	if (f->n_keep < FRAME_KEEP_MAX)
		f->keep[f->n_keep++] = span_of(body.p - 2, body.left + 2);
}

static void ie_ssid(struct span s, struct frame *f)
{
	if ((f->have & FRAME_HAS_SSID) || s.left > 32)
		return;
	f->ssid = s;
	f->have |= FRAME_HAS_SSID;
}

static void rate_at_least(struct frame *f, uint32_t rate_100kbps)
{
	if (rate_100kbps > f->max_rate_100kbps)
		f->max_rate_100kbps = rate_100kbps;
}

/* Rates in units of 500 kbit/s; the top bit marks basic ones and values from 123 up are selectors. */
static void ie_rates(struct span s, struct frame *f)
{
	uint8_t best = 0;

	for (size_t i = 0; i < s.left; i++) {
		uint8_t rate = s.p[i] & 0x7f;

		if (rate < 123 && rate > best)
			best = rate;
	}
	rate_at_least(f, best * 5u);
}

static void ie_ds(struct span s, struct frame *f)
{
	uint8_t channel = span_u8(&s);

	if (s.bad)
		return;
	f->channel = channel;
	f->ds_channel = true;
	f->have |= FRAME_HAS_CHANNEL;
}

static void ie_tim(struct span s, struct frame *f)
{
	f->tim = s;
	f->have |= FRAME_HAS_TIM;
}

static void ie_country(struct span s, struct frame *f)
{
	uint8_t a = span_u8(&s), b = span_u8(&s);

	span_skip(&s, 1); /* environment */
	if (s.bad)
		return;
	f->country[0] = (char) a;
	f->country[1] = (char) b;
	f->country[2] = f->country[3] = '\0';
	f->country_ranges = s;
	f->have |= FRAME_HAS_COUNTRY;
}

static void ie_qbss(struct span s, struct frame *f)
{
	uint16_t stations = span_le16(&s);
	uint8_t utilisation = span_u8(&s);

	if (s.bad)
		return;
	f->qbss_stations = stations;
	f->qbss_utilisation = utilisation;
	f->have |= FRAME_HAS_QBSS;
}

static void ie_power(struct span s, struct frame *f)
{
	int8_t min = span_i8(&s), max = span_i8(&s);

	if (s.bad)
		return;
	f->min_tx_power = min;
	f->max_tx_power = max;
	f->have |= FRAME_HAS_POWER_CAP;
}

static void ie_tpc(struct span s, struct frame *f)
{
	uint8_t power = span_u8(&s);

	if (s.bad)
		return;
	f->tpc_power = power;
	f->have |= FRAME_HAS_TPC;
}

/* 9.4.2.55: capability information 2, A-MPDU 1, supported MCS set 16. */
static void ie_ht_cap(struct span s, struct frame *f)
{
	static const uint32_t mcs7[2][2] = {{65000, 72222}, {135000, 150000}}; /* kbit/s */
	uint16_t cap = span_le16(&s);
	unsigned streams = 0;
	bool wide = cap & 2, short_guard = cap & (wide ? 0x40 : 0x20);

	span_skip(&s, 1);
	for (unsigned i = 0; i < 4; i++)
		streams += span_u8(&s) == 0xff;
	if (s.bad)
		return;
	f->have |= FRAME_HAS_HT_CAP;
	rate_at_least(f, (mcs7[wide][short_guard] * streams + 50) / 100);
}

/* 9.4.2.56: primary channel 1, then secondary offset (2 bits), width. */
static void ie_ht_op(struct span s, struct frame *f)
{
	uint8_t channel = span_u8(&s), info = span_u8(&s);

	if (s.bad)
		return;
	f->channel = f->ds_channel ? f->channel : channel;
	f->ht_offset = info & 3;
	f->ht_40 = info & 4;
	f->have |= FRAME_HAS_HT_OP | FRAME_HAS_CHANNEL;
}

/* 9.4.2.157: capabilities 4, then the receive MCS map, two bits a stream. */
static void ie_vht_cap(struct span s, struct frame *f)
{
	/* 80 MHz, one stream, in kbit/s: MCS 7, 8 and 9. */
	static const uint32_t mcs[3] = {292500, 351000, 390000};
	uint32_t cap = span_le32(&s);
	uint16_t map = span_le16(&s);
	uint32_t best = 0;

	if (s.bad)
		return;
	f->have |= FRAME_HAS_VHT_CAP;
	for (unsigned i = 0; i < 8; i++) {
		unsigned m = map >> (i * 2) & 3;

		if (m < 3)
			best = mcs[m] * (i + 1);
	}
	if (cap >> 2 & 3) /* 160 MHz */
		best = best * 2;
	rate_at_least(f, ((cap >> 5 & 1 ? best * 10 / 9 : best) + 50) / 100);
}

static void ie_vht_op(struct span s, struct frame *f)
{
	uint8_t width = span_u8(&s), center1 = span_u8(&s), center2 = span_u8(&s);

	if (s.bad)
		return;
	f->vht_width = width;
	f->vht_center1 = center1;
	f->vht_center2 = center2;
	f->have |= FRAME_HAS_VHT_OP;
}

static void ie_mobility(struct span s, struct frame *f)
{
	uint16_t domain = span_le16(&s);

	if (s.bad)
		return;
	f->mobility_domain = domain;
	f->have |= FRAME_HAS_MOBILITY;
}

static void ie_rm(struct span s, struct frame *f)
{
	uint8_t bits = span_u8(&s);

	if (s.bad)
		return;
	f->rm_link_measurement = bits & 1;
	f->rm_neighbor_report = bits & 2;
	f->have |= FRAME_HAS_RM_CAP;
}

/* 9.4.2.97: five octets of identifiers, formation info, capability. */
static void ie_mesh_config(struct span s, struct frame *f)
{
	uint8_t formation, capability;
	struct span whole = s;

	span_skip(&s, 5);
	formation = span_u8(&s);
	capability = span_u8(&s);
	if (s.bad)
		return;
	f->mesh_config = whole;
	f->mesh_gateway = formation & 1;
	f->mesh_peerings = formation >> 1 & 63;
	f->mesh_forwarding = capability & 8;
	f->have |= FRAME_HAS_MESH_CONFIG;
}

static void ie_mesh_id(struct span s, struct frame *f)
{
	if (s.left > 32)
		return;
	f->mesh_id = s;
	f->have |= FRAME_HAS_MESH_ID;
}

static void ie_ext_cap(struct span s, struct frame *f)
{
	f->ext_cap = s;
	f->have |= FRAME_HAS_EXT_CAP;
}

/* Cisco CCX, element 133: the AP's name in 16 octets from the eleventh on. */
static void ie_ccx_name(struct span s, struct frame *f)
{
	struct span name;

	span_skip(&s, 10);
	name = span_up_to(&s, 16);
	if (s.bad || name.left == 0)
		return;
	for (size_t i = 0; i < name.left; i++)
		if (name.p[i] == 0)
			name.left = i;
	f->beacon_name = name;
	f->have |= FRAME_HAS_BEACON_NAME;
}

/* Cisco, element 150: OUI, type 0, then the power in dBm. */
static void ie_ccx_power(struct span s, struct frame *f)
{
	uint32_t oui = span_be24(&s);
	uint8_t type = span_u8(&s), power = span_u8(&s);

	if (s.bad || oui != 0x004096 || type != 0)
		return;
	f->ccx_power = power;
	f->have |= FRAME_HAS_CCX_POWER;
}

static void vendor_owe(struct span s, struct frame *f)
{
	if (element_owe(s, &f->owe_bssid, &f->owe_ssid))
		f->have |= FRAME_HAS_OWE;
}

static void vendor_droneid(struct span s, struct frame *f)
{
	f->droneid = s;
	f->have |= FRAME_HAS_DRONEID;
}

static void vendor_remote_id(struct span s, struct frame *f)
{
	(void) s;
	f->have |= FRAME_HAS_REMOTE_ID;
}

static void vendor_ccx_mfp(struct span s, struct frame *f)
{
	uint8_t bits = span_u8(&s);

	if (s.bad)
		return;
	f->ccx_mfp = bits & 1;
	f->have |= FRAME_HAS_CCX_MFP;
}

/* Names of access points that vendors put in their beacons. */
static void vendor_name(struct span s, struct frame *f)
{
	for (size_t i = 0; i < s.left; i++)
		if (s.p[i] == 0)
			s.left = i;
	if (s.left == 0)
		return;
	f->beacon_name = s;
	f->have |= FRAME_HAS_BEACON_NAME;
}

static void vendor_aruba(struct span s, struct frame *f)
{
	if (span_u8(&s) == 3 && !s.bad)
		vendor_name(s, f);
}

#define ANY_TYPE 256
/* clang-format off */
static const struct vendor_rule {
	uint32_t oui;
	unsigned type;                                 /* octet behind the OUI, which is not handed on */
	void (*parse)(struct span s, struct frame *f); /* NULL: none */
	bool keep;
} vendor_rules[] = {
	{.oui = 0x0050f2, .type = 1, .parse = parse_wpa},
	{.oui = 0x0050f2, .type = 2, .keep = true},
	/* WMM */
	{.oui = 0x0050f2, .type = 4, .parse = parse_wps, .keep = true},
	{.oui = 0x506f9a, .type = 16, .keep = true},
	/* Hotspot 2.0 indication */
	{.oui = 0x506f9a, .type = 18, .keep = true},
	/* OSEN */
	{.oui = 0x506f9a, .type = 28, .parse = vendor_owe, .keep = true},
	{.oui = 0x263712, .type = ANY_TYPE, .parse = vendor_droneid},
	{.oui = 0xfa0bbc, .type = 13, .parse = vendor_remote_id},
	{.oui = 0x004096, .type = 20, .parse = vendor_ccx_mfp},
	{.oui = 0x000b86, .type = 1, .parse = vendor_aruba},
	{.oui = 0x5c5b35, .type = 1, .parse = vendor_name},
	/* Mist */
};
/* clang-format on */

static void ie_vendor(struct span s, struct frame *f)
{
	struct span whole = s, typed;
	uint32_t oui = span_be24(&s);
	uint8_t type;

	typed = s;
	type = span_u8(&typed);
	if (s.bad)
		return;
	for (size_t i = 0; i < sizeof(vendor_rules) / sizeof(vendor_rules[0]); i++) {
		const struct vendor_rule *r = &vendor_rules[i];

		if (r->oui != oui || (r->type != ANY_TYPE && (typed.bad || r->type != type)))
			continue;
		if (r->keep)
			keep(whole, f);
		if (r->parse)
			r->parse(r->type == ANY_TYPE ? s : typed, f);
		return;
	}
}

static const struct extension_rule {
	uint8_t id;
	void (*parse)(struct span s, struct frame *f); /* NULL: none */
	bool keep;
} extension_rules[] = {
	{35, parse_he_cap, false},   {36, parse_he_op, false},
	{106, parse_eht_op, false},  {107, NULL, true}, /* multi-link */
	{108, parse_eht_cap, false},
};

static void ie_extension(struct span s, struct frame *f)
{
	struct span whole = s;
	uint8_t id = span_u8(&s);

	for (size_t i = 0; !s.bad && i < sizeof(extension_rules) / sizeof(extension_rules[0]); i++) {
		if (extension_rules[i].id != id)
			continue;
		if (extension_rules[i].keep)
			keep(whole, f);
		if (extension_rules[i].parse)
			extension_rules[i].parse(s, f);
	}
}

static const struct ie_rule {
	const char *name;
	void (*parse)(struct span s, struct frame *f); /* NULL: none */
	bool keep;
} ie_rules[256] = {
	[0] = {"SSID", ie_ssid},
	[1] = {"supported rates", ie_rates},
	[3] = {"DS parameter set", ie_ds},
	[5] = {"TIM", ie_tim},
	[7] = {"country", ie_country, true},
	[11] = {"BSS load", ie_qbss},
	[33] = {"power capability", ie_power},
	[35] = {"TPC report", ie_tpc},
	[36] = {"supported channels", NULL, true},
	[42] = {"ERP", NULL, true},
	[45] = {"HT capabilities", ie_ht_cap},
	[48] = {"RSN", parse_rsn, true},
	[50] = {"extended supported rates", ie_rates},
	[54] = {"mobility domain", ie_mobility},
	[61] = {"HT operation", ie_ht_op},
	[70] = {"RM enabled capabilities", ie_rm},
	[107] = {"interworking", NULL, true},
	[111] = {"roaming consortium", NULL, true},
	[113] = {"mesh configuration", ie_mesh_config, true},
	[114] = {"mesh ID", ie_mesh_id, true},
	[127] = {"extended capabilities", ie_ext_cap, true},
	[133] = {"Cisco CCX", ie_ccx_name},
	[150] = {"Cisco CCX power", ie_ccx_power},
	[191] = {"VHT capabilities", ie_vht_cap},
	[192] = {"VHT operation", ie_vht_op},
	[201] = {"reduced neighbor report", NULL, true},
	[221] = {"vendor specific", ie_vendor},
	[244] = {"RSN extension", NULL, true},
	[255] = {"element ID extension", ie_extension},
};

void parse_elements(struct span ies, struct frame *f)
{
	struct span body;
	uint8_t id;

	while (f->ie_count < IES_MAX && span_next_ie(&ies, &id, &body)) {
		f->ie_count++;
		f->ie_ids[id / 64] |= UINT64_C(1) << id % 64;
		if (ie_rules[id].keep)
			keep(body, f);
		if (ie_rules[id].parse)
			ie_rules[id].parse(body, f);
	}
	if (ies.bad)
		f->have |= FRAME_IES_TORN;
}
