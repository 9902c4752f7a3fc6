/* The basic multi-link element: the links of an 802.11be device. */
#include "wire/dot11/read_multi_link.h"

#include "wire/dot11/elements.h"

enum {
	CONTROL_TYPE = 7, /* 0: basic */
	CONTROL_LINK = 0x10,
	CONTROL_MLD_ID = 0x200,
	LINK_COMPLETE = 0x10,
	LINK_ADDRESS = 0x20,
	SUBELEMENT_LINK = 0,
};

/* Control 2, common information, whose length counts itself; then link information. */
static bool take_common(struct span *data, uint16_t *ret_control, struct span *ret)
{
	uint8_t length;

	*ret_control = span_le16(data);
	length = span_u8(data);
	if (data->bad || (*ret_control & CONTROL_TYPE) != 0 || length == 0)
		return false;
	*ret = span_sub(data, length - 1u);
	return !data->bad;
}

bool multi_link_profiles(struct span data, struct span *ret)
{
	struct span common;
	uint16_t control;

	if (!take_common(&data, &control, &common))
		return false;
	*ret = data;
	return true;
}

/* Control 2 (link, complete, address there), station information, whose length counts itself, then the profile. */
bool link_profile_read(struct span body, struct link_profile *ret)
{
	uint16_t control = span_le16(&body);
	uint8_t length = span_u8(&body);
	struct span info;

	if (body.bad || length == 0)
		return false;
	info = span_sub(&body, length - 1u);
	*ret = (struct link_profile){.id = control & 15,
				     .complete = control & LINK_COMPLETE,
				     .has_mac = control & LINK_ADDRESS,
				     .profile = body};
	if (ret->has_mac)
		ret->mac = mac_from(span_take(&info, 6));
	return !info.bad;
}

static void take_link(struct span body, struct multi_link *m)
{
	struct link_profile link;

	if (m->n_links == MULTI_LINKS_MAX || !link_profile_read(body, &link))
		return;
	m->links[m->n_links].id = link.id;
	m->links[m->n_links].has_mac = link.has_mac;
	m->links[m->n_links++].mac = link.mac;
}

/* Common information: MLD address, then link 1, changes 1, synchronization 2, EML 2, MLD capabilities 2, MLD
 * identifier 1, as control says from bit 4 on. */
bool multi_link_read(struct span data, struct multi_link *ret)
{
	struct multi_link m = {.link_id = -1, .mld_id = -1};
	struct span common, body;
	uint16_t control;
	uint8_t number;

	if (!take_common(&data, &control, &common))
		return false;
	m.mld = mac_from(span_take(&common, 6));
	if (common.bad)
		return false;
	if (control & CONTROL_LINK) {
		uint8_t link = span_u8(&common) & 15;

		m.link_id = common.bad ? -1 : (int8_t) link;
	}
	span_skip(&common,
		  (control >> 5 & 1u) + (control >> 6 & 1u) * 2 + (control >> 7 & 1u) * 2 + (control >> 8 & 1u) * 2);
	if (control & CONTROL_MLD_ID) {
		uint8_t mld = span_u8(&common);

		m.mld_id = common.bad ? -1 : (int8_t) (mld & 127);
	}
	while (subelement_next(&data, &number, &body))
		if (number == SUBELEMENT_LINK)
			take_link(body, &m);
	*ret = m;
	return true;
}
