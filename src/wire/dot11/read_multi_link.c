/* The basic multi-link element: the links of an 802.11be device. */
#include "wire/dot11/read_multi_link.h"

#include "wire/dot11/elements.h"

/* Control of a station profile: link 0-3, complete 4, address there 5. */
static void take_profile(struct span s, struct multi_link *m)
{
	uint16_t control = span_le16(&s);
	const uint8_t *mac = NULL;

	span_skip(&s, 1); /* length of the station's information */
	if (control & 0x20)
		mac = span_take(&s, 6);
	if (s.bad || m->n_links == MULTI_LINKS_MAX)
		return;
	m->links[m->n_links].id = control & 15;
	m->links[m->n_links].has_mac = mac != NULL;
	m->links[m->n_links++].mac = mac ? mac_from(mac) : (struct mac){{0}};
}

/* Control 2: type 0-2, what is there from bit 4 on. Common information: length, MLD address, then link 1,
 * changes 1, synchronization 2, EML 2, MLD capabilities 2, MLD identifier 1. */
bool multi_link_read(struct span data, struct multi_link *ret)
{
	struct multi_link m = {.link_id = -1, .mld_id = -1};
	uint16_t control = span_le16(&data);
	uint8_t length = span_u8(&data), id;
	struct span common, profile;

	if (data.bad || (control & 7) != 0 || length == 0)
		return false;
	common = span_sub(&data, length - 1u);
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
	while (subelement_next(&data, &id, &profile))
		if (id == 0)
			take_profile(profile, &m);
	*ret = m;
	return true;
}
