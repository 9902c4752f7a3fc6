/* Elements that no honest station sends: exploits of those who read them. */
#include <string.h>

#include "base/mem.h"
#include "base/ssid.h"
#include "detect/rules/elements.h"
#include "detect/rules/functions.h"

static const uint8_t rates_sign[] = {0x75, 0xeb, 0x49};

enum { WMM = 0x0050f202, P2P = 0x506f9a09 };

static bool vendor_is_odd(struct span body)
{
	size_t length = body.left;
	uint32_t oui_type = span_be32(&body);

	return oui_type == P2P || (oui_type == WMM && length > WMM_OCTETS);
}

static bool is_odd(uint8_t id, struct span body)
{
	switch (id) {
	case 0: return body.left > SSID_MAX;
	case 1:
	case 50: return body.left && memchr(body.p, rates_sign[0], body.left);
	case 3: return body.left > DS_OCTETS;
	case 48: return body.left >= 8 && (body.p[7] << 8 | body.p[6]) > PAIRWISE_CIPHERS;
	case 127: return body.left > EXT_CAP_OCTETS;
	case 221: return vendor_is_odd(body);
	default: return false;
	}
}

bool elements_are_odd(const struct frame *f)
{
	struct span at = f->ies, body;
	uint8_t id;

	for (size_t i = 0; i < ELEMENTS_MAX && span_next_ie(&at, &id, &body); i++)
		if (is_odd(id, body))
			return true;
	return f->have & FRAME_IES_TORN;
}

static bool element_longer(const struct look *l, uint8_t id, uint64_t *ret_length)
{
	struct span at = l->f->ies, body;

	while (frame_has_element(l->f, id) && next_element(&at, id, &body)) {
		*ret_length = body.left;
		if (body.left > l->numbers->most)
			return true;
	}
	return false;
}

RULE(long_ssid)
{
	return element_longer(l, 0, &e->a);
}

RULE(long_ds)
{
	return element_longer(l, 3, &e->a);
}

RULE(long_ext_cap)
{
	return element_longer(l, 127, &e->a);
}

RULE(rates_exploit)
{
	static const uint8_t ids[] = {1, 50};

	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		struct span at = l->f->ies, body;

		while (frame_has_element(l->f, ids[i]) && next_element(&at, ids[i], &body))
			if (body.left && memmem(body.p, body.left, rates_sign, sizeof(rates_sign)))
				return true;
	}
	return false;
}

RULE(rsn_loop)
{
	struct span at = l->f->ies, body;

	while (frame_has_element(l->f, 48) && next_element(&at, 48, &body)) {
		uint16_t count;

		span_skip(&body, 6); /* version, group cipher */
		count = span_le16(&body);
		e->a = count;
		if (!body.bad && count > l->numbers->most)
			return true;
	}
	return false;
}

RULE(wmm_overflow)
{
	struct span at = l->f->ies, body;

	while (frame_has_element(l->f, 221) && next_vendor(&at, WMM, &body)) {
		e->a = body.left + 4;
		if (e->a > l->numbers->most)
			return true;
	}
	return false;
}

RULE(wmm_tspec)
{
	struct span at = l->f->ies, body;

	while (frame_has_element(l->f, 221) && next_vendor(&at, WMM, &body))
		e->a += span_u8(&body) == 2 && !body.bad;
	return e->a > l->numbers->most;
}

/* Wi-Fi P2P: attribute 12, notice of absence. */
static bool absence_overflows(struct span body, uint32_t most, struct effect *e)
{
	for (size_t i = 0; i < ELEMENTS_MAX && body.left; i++) {
		uint8_t id = span_u8(&body);
		uint16_t n = span_le16(&body);

		e->a = n;
		if (!body.bad && id == 12 && n > most)
			return true;
		(void) span_up_to(&body, n);
	}
	return false;
}

RULE(p2p_absence)
{
	struct span at = l->f->ies, body;

	while (frame_has_element(l->f, 221) && next_vendor(&at, P2P, &body))
		if (absence_overflows(body, l->numbers->most, e))
			return true;
	return false;
}

RULE(netgear_beacon)
{
	static const uint8_t sign[] = {0x6a, 0x39, 0x58, 0x01};
	struct span m = l->s->packet->mpdu;

	return m.left >= 1184 && memcmp(m.p + 1180, sign, sizeof(sign)) == 0;
}

/* IEEE 802.11ax-2021 table E-4: channels 1 to 233 (0xe9). */
static bool is_6ghz_class(uint8_t operating_class)
{
	return operating_class >= 131 && operating_class <= 137;
}

/* Radio measurement action with a neighbour report whose channel no band has. */
RULE(bad_neighbor_channel)
{
	struct span at = l->f->body, body;
	uint8_t category = span_u8(&at);

	if (category != 5 || l->f->protected_)
		return false;
	span_skip(&at, 2); /* action, dialog token */
	while (!at.bad && next_element(&at, 52, &body)) {
		bool is_6ghz;
		uint8_t channel;

		span_skip(&body, 10); /* BSSID, information */
		is_6ghz = is_6ghz_class(span_u8(&body));
		channel = span_u8(&body);
		e->a = channel;
		if (!body.bad && channel > (is_6ghz ? 0xe9 : 0xe0))
			return true;
	}
	return false;
}

#define FCS 4

/* Octets behind the last whole element. */
static size_t torn_octets(struct span at)
{
	size_t left = at.left;
	struct span body;
	uint8_t id;

	for (size_t i = 0; i < ELEMENTS_MAX && span_next_ie(&at, &id, &body); i++)
		left = at.left;
	return left;
}

/* The list of elements ends in the middle of one (after at least one: else it is noise, mostly), not because
 * the capture was cut, and not by the FCS that some captures keep without a word. */
RULE(torn_management)
{
	e->a = l->f->ie_count;
	return (l->f->have & FRAME_IES_TORN) && e->a && l->f->version == 0 &&
	       l->packet->data.left >= l->packet->length && !mac_is_group(&l->f->source) &&
	       torn_octets(l->f->ies) != FCS;
}
