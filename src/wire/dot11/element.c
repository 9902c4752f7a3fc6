#include "wire/dot11/element.h"

bool element_next(struct span *list, struct element *ret)
{
	struct span body, rest;
	uint8_t id;

	if (!span_next_ie(list, &id, &body))
		return false;
	*ret = (struct element){.id = id, .subtag = -1, .body = body, .rest = body};
	rest = body;
	if (id == ELEMENT_VENDOR || id == 150) {
		ret->oui = span_be24(&rest);
		ret->oui = rest.bad ? 0 : ret->oui;
		ret->rest = rest;
	}
	if (id == ELEMENT_VENDOR || id == 150 || id == ELEMENT_EXTENSION) {
		uint8_t type = span_u8(&rest);

		ret->subtag = rest.bad ? -1 : type;
		ret->rest = rest.bad ? ret->rest : rest;
	}
	return true;
}

bool element_find(struct span list, uint8_t id, uint32_t which, struct span *ret_rest)
{
	struct element e;

	while (element_next(&list, &e)) {
		if (e.id != id)
			continue;
		if (id == ELEMENT_VENDOR && (e.subtag < 0 || (e.oui << 8 | (uint8_t) e.subtag) != which))
			continue;
		if (id == ELEMENT_EXTENSION && e.subtag != (int16_t) which)
			continue;
		*ret_rest = e.rest;
		return true;
	}
	return false;
}

bool element_next_range(struct span *ranges, struct element_range *ret)
{
	while (ranges->left >= 3) {
		uint8_t first = span_u8(ranges), count = span_u8(ranges);
		int8_t power = span_i8(ranges);

		if (first >= 201) /* an operating triplet */
			continue;
		*ret = (struct element_range){first, count, power};
		return true;
	}
	return false;
}

/* TBTT information (table 9-281): its length says what there is. Offset 1, BSSID 6, short SSID 4,
 * BSS parameters 1, power 1, MLD parameters 3. */
static void take_neighbor(struct span s, struct element_neighbor *n)
{
	size_t length = s.left;

	span_skip(&s, 1);
	if (length >= 7) {
		n->bssid = mac_from(span_take(&s, 6));
		n->has_bssid = true;
	}
	if (length == 5 || length == 6 || length >= 11) {
		n->short_ssid = span_le32(&s);
		n->has_short_ssid = true;
	}
	if (length == 2 || length == 6 || length == 8 || length == 9 || length >= 12) {
		n->bss_parameters = span_u8(&s);
		n->has_parameters = true;
	}
	if (length >= 16) {
		span_skip(&s, 1);
		n->mld_id = span_u8(&s);
		n->link_id = span_u8(&s) & 15;
		n->has_mld = true;
	}
}

uint32_t element_neighbors(struct span body, struct element_neighbor *ret, uint32_t max)
{
	uint32_t n = 0;

	while (body.left >= 4) {
		uint16_t head = span_le16(&body);
		uint8_t operating_class = span_u8(&body), channel = span_u8(&body);
		unsigned count = (head >> 4 & 15u) + 1, length = head >> 8;

		for (unsigned i = 0; i < count; i++) {
			struct span one = span_sub(&body, length);

			if (body.bad || n == max)
				return n;
			ret[n] = (struct element_neighbor){.operating_class = operating_class, .channel = channel};
			if ((head & 3) == 0 && length > 0)
				take_neighbor(one, &ret[n++]);
		}
	}
	return n;
}

/* Control of a station profile: link 0-3, complete 4, address there 5. */
static void take_profile(struct span s, struct element_multi_link *m)
{
	uint16_t control = span_le16(&s);
	const uint8_t *mac = NULL;

	span_skip(&s, 1); /* length of the station's information */
	if (control & 0x20)
		mac = span_take(&s, 6);
	if (s.bad || m->n_links == ELEMENT_LINKS_MAX)
		return;
	m->links[m->n_links].id = control & 15;
	m->links[m->n_links].has_mac = mac != NULL;
	m->links[m->n_links++].mac = mac ? mac_from(mac) : (struct mac){{0}};
}

/* Control 2: type 0-2, what is there from bit 4 on. Common information: length, MLD address, then link 1,
 * changes 1, synchronization 2, EML 2, MLD capabilities 2, MLD identifier 1. */
bool element_multi_link(struct span body, struct element_multi_link *ret)
{
	struct element_multi_link m = {.link_id = -1, .mld_id = -1};
	uint16_t control = span_le16(&body);
	uint8_t length = span_u8(&body), id;
	struct span common, profile;

	if (body.bad || (control & 7) != 0 || length == 0)
		return false;
	common = span_sub(&body, length - 1u);
	m.mld = mac_from(span_take(&common, 6));
	if (common.bad)
		return false;
	if (control & 0x10) {
		uint8_t link = span_u8(&common) & 15;

		m.link_id = common.bad ? -1 : (int8_t) link;
	}
	span_skip(&common,
		  (control >> 5 & 1u) + (control >> 6 & 1u) * 2 + (control >> 7 & 1u) * 2 + (control >> 8 & 1u) * 2);
	if (control & 0x200) {
		uint8_t mld = span_u8(&common);

		m.mld_id = common.bad ? -1 : (int8_t) (mld & 127);
	}
	while (span_next_ie(&body, &id, &profile))
		if (id == 0)
			take_profile(profile, &m);
	*ret = m;
	return true;
}

bool element_interworking(struct span body, struct element_interworking *ret)
{
	size_t length = body.left;
	uint8_t options = span_u8(&body);
	struct element_interworking w = {.network_type = options & 15,
					 .internet = options & 0x10,
					 .asra = options & 0x20,
					 .esr = options & 0x40,
					 .uesa = options & 0x80};

	if (body.bad)
		return false;
	if (length == 3 || length == 9) {
		w.venue_group = span_u8(&body);
		w.venue_type = span_u8(&body);
		w.has_venue = true;
	}
	if (length == 7 || length == 9) {
		w.hessid = mac_from(span_take(&body, 6));
		w.has_hessid = true;
	}
	*ret = w;
	return true;
}

uint32_t element_roaming(struct span body, struct span ret[ELEMENT_ROAMING_MAX])
{
	uint8_t lengths;
	size_t n[2];
	uint32_t count = 0;

	span_skip(&body, 1); /* how many more can be asked for */
	lengths = span_u8(&body);
	n[0] = lengths & 15;
	n[1] = lengths >> 4;
	for (size_t i = 0; i < 2 && n[i] && !body.bad; i++) {
		ret[count] = span_sub(&body, n[i]);
		count += !body.bad;
	}
	if (!body.bad && body.left && count == 2)
		ret[count++] = body;
	return count;
}

/* IEEE 802.11-2020 table 9-153, and 802.11ax-2021 for those from 77 on. */
static const char *const capabilities[] = {
	[0] = "20/40 BSS coexistence management",
	[1] = "general link (GLK)",
	[2] = "extended channel switching",
	[3] = "GLK-GCR",
	[4] = "PSMP",
	[6] = "S-PSMP",
	[7] = "event",
	[8] = "diagnostics",
	[9] = "multicast diagnostics",
	[10] = "location tracking",
	[11] = "FMS",
	[12] = "proxy ARP",
	[13] = "collocated interference reporting",
	[14] = "civic location",
	[15] = "geospatial location",
	[16] = "TFS",
	[17] = "WNM sleep mode",
	[18] = "TIM broadcast",
	[19] = "BSS transition",
	[20] = "QoS traffic capability",
	[21] = "AC station count",
	[22] = "multiple BSSID",
	[23] = "timing measurement",
	[24] = "channel usage",
	[25] = "SSID list",
	[26] = "DMS",
	[27] = "UTC TSF offset",
	[28] = "TPU buffer STA",
	[29] = "TDLS peer PSM",
	[30] = "TDLS channel switching",
	[31] = "interworking",
	[32] = "QoS map",
	[33] = "EBR",
	[34] = "SSPN interface",
	[36] = "MSGCF capability",
	[37] = "TDLS",
	[38] = "TDLS prohibited",
	[39] = "TDLS channel switching prohibited",
	[40] = "reject unadmitted frame",
	[44] = "identifier location",
	[45] = "U-APSD coexistence",
	[46] = "WNM notification",
	[47] = "QAB capability",
	[48] = "UTF-8 SSID",
	[49] = "QMF activated",
	[50] = "QMF reconfiguration activated",
	[51] = "robust AV streaming",
	[52] = "advanced GCR",
	[53] = "mesh GCR",
	[54] = "SCS",
	[55] = "queue load report",
	[56] = "alternate EDCA",
	[57] = "unprotected TXOP negotiation",
	[58] = "protected TXOP negotiation",
	[60] = "protected QLoad report",
	[61] = "TDLS wider bandwidth",
	[62] = "operating mode notification",
	[65] = "channel schedule management",
	[66] = "geodatabase inband enabling signal",
	[67] = "network channel control",
	[68] = "white space map",
	[69] = "channel availability query",
	[70] = "fine timing measurement responder",
	[71] = "fine timing measurement initiator",
	[72] = "FILS",
	[73] = "extended spectrum management",
	[74] = "future channel guidance",
	[75] = "PAD",
	[77] = "TWT requester",
	[78] = "TWT responder",
	[79] = "OBSS narrow bandwidth RU in UL OFDMA tolerance",
	[80] = "complete list of nontransmitted BSSID profiles",
	[81] = "SAE password identifiers in use",
	[82] = "SAE password identifiers used exclusively",
	[83] = "enhanced multi-BSSID advertisement",
	[84] = "beacon protection",
	[85] = "mirrored SCS",
	[87] = "local MAC address policy",
};

const char *element_capability(unsigned bit)
{
	return bit < sizeof(capabilities) / sizeof(capabilities[0]) ? capabilities[bit] : NULL;
}

bool element_owe(struct span rest, struct mac *ret_bssid, struct span *ret_ssid)
{
	const uint8_t *bssid = span_take(&rest, 6);
	uint8_t n = span_u8(&rest);
	struct span name = span_sub(&rest, n);

	if (rest.bad || n > 32)
		return false;
	*ret_bssid = mac_from(bssid);
	*ret_ssid = name;
	return true;
}
