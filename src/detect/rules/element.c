/* Elements that no honest station sends: exploits of software that reads them. */
#include <string.h>

#include "base/mem.h"
#include "base/ssid.h"
#include "detect/rules/functions.h"

static const uint8_t rates_sign[] = {0x75, 0xeb, 0x49};

#define VENDOR_HEAD 4 /* OUI and type, which lengths count too */

static bool is_too_long(struct span data, size_t most)
{
	return data.left > most;
}

static bool may_sign_rates(struct span data, size_t most)
{
	(void) most;
	return data.left && memchr(data.p, rates_sign[0], data.left);
}

static bool has_many_ciphers(struct span data, size_t most)
{
	uint16_t count;

	return rsn_pairwise_count(data, &count) && count > most;
}

static bool is_there(struct span data, size_t most)
{
	(void) data;
	(void) most;
	return true;
}

/* What of elements a rule may want to see. */
static const struct {
	enum element_id id;
	bool (*is_odd)(struct span data, size_t most);
	size_t most;
} odd[] = {
	{.id = ELEMENT_SSID, .is_odd = is_too_long, .most = SSID_MAX},
	{.id = ELEMENT_SUPPORTED_RATES, .is_odd = may_sign_rates},
	{.id = ELEMENT_EXTENDED_RATES, .is_odd = may_sign_rates},
	{.id = ELEMENT_DSSS_PARAMETER_SET, .is_odd = is_too_long, .most = DS_OCTETS},
	{.id = ELEMENT_RSN, .is_odd = has_many_ciphers, .most = PAIRWISE_CIPHERS},
	{.id = ELEMENT_EXTENDED_CAPABILITIES, .is_odd = is_too_long, .most = EXT_CAP_OCTETS},
	{.id = ELEMENT_WMM, .is_odd = is_too_long, .most = WMM_OCTETS - VENDOR_HEAD},
	{.id = ELEMENT_P2P, .is_odd = is_there},
};

bool elements_are_odd(const struct frame *f)
{
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		struct elements_at at = {0};
		struct span data;

		while (elements_next_of(&f->elements, &at, odd[i].id, &data))
			if (odd[i].is_odd(data, odd[i].most))
				return true;
	}
	return f->elements.torn;
}

/* Elements that cannot be right, from any sender. */
static bool is_impossible(const struct element *e)
{
	uint16_t count;

	switch ((enum element_id) e->id) {
	case ELEMENT_SSID: return e->data.left > SSID_MAX;
	case ELEMENT_DSSS_PARAMETER_SET: return e->data.left != DS_OCTETS;
	case ELEMENT_RSN: return rsn_pairwise_count(e->data, &count) && count > PAIRWISE_CIPHERS;
	default: return false;
	}
}

static bool are_impossible(const struct frame *f)
{
	struct elements_at at = {0};
	struct element e;

	while (elements_next(&f->elements, &at, &e))
		if (is_impossible(&e))
			return true;
	return f->elements.torn;
}

/* Of sender after sender: a tool tries what breaks. */
RULE(fuzzer)
{
	struct source_rule_state *w = l->source;

	if (!w || !are_impossible(l->f) || recent_macs_have(&w->odd_senders, &l->f->source))
		return false;
	recent_macs_add(&w->odd_senders, &l->f->source);
	if (!rate_window_rule(&w->odd, l, false, within_us(l)) || !window_is_over(l, &w->odd, l->numbers->most, e))
		return false;
	w->fuzzed_us = look_us(l);
	return true;
}

static bool element_longer(const struct rule_ctx *l, enum element_id id, uint64_t *ret_length)
{
	struct elements_at at = {0};
	struct span data;

	while (elements_next_of(&l->f->elements, &at, id, &data)) {
		*ret_length = data.left;
		if (data.left > l->numbers->most)
			return true;
	}
	return false;
}

RULE(long_ssid)
{
	return element_longer(l, ELEMENT_SSID, &e->a);
}

RULE(long_ds)
{
	return element_longer(l, ELEMENT_DSSS_PARAMETER_SET, &e->a);
}

RULE(long_ext_cap)
{
	return element_longer(l, ELEMENT_EXTENDED_CAPABILITIES, &e->a);
}

static bool has_rates_sign(const struct frame *f, enum element_id id)
{
	struct elements_at at = {0};
	struct span data;

	while (elements_next_of(&f->elements, &at, id, &data))
		if (data.left && memmem(data.p, data.left, rates_sign, sizeof(rates_sign)))
			return true;
	return false;
}

RULE(rates_exploit)
{
	return has_rates_sign(l->f, ELEMENT_SUPPORTED_RATES) || has_rates_sign(l->f, ELEMENT_EXTENDED_RATES);
}

RULE(rsn_loop)
{
	struct elements_at at = {0};
	struct span data;

	while (elements_next_of(&l->f->elements, &at, ELEMENT_RSN, &data)) {
		uint16_t count;
		bool whole = rsn_pairwise_count(data, &count);

		e->a = count;
		if (whole && count > l->numbers->most)
			return true;
	}
	return false;
}

RULE(wmm_overflow)
{
	struct elements_at at = {0};
	struct span data;

	while (elements_next_of(&l->f->elements, &at, ELEMENT_WMM, &data)) {
		e->a = data.left + VENDOR_HEAD;
		if (e->a > l->numbers->most)
			return true;
	}
	return false;
}

#define WMM_TSPEC 2 /* subtype (WMM 1.2.0, 2.2.11) */

RULE(wmm_tspec)
{
	struct elements_at at = {0};
	struct span data;

	while (elements_next_of(&l->f->elements, &at, ELEMENT_WMM, &data))
		e->a += span_u8(&data) == WMM_TSPEC && !data.bad;
	return e->a > l->numbers->most;
}

/* Wi-Fi P2P: attribute 12, notice of absence. */
static bool absence_overflows(struct span body, uint32_t most, struct effect *e)
{
	while (body.left) {
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
	struct elements_at at = {0};
	struct span data;

	while (elements_next_of(&l->f->elements, &at, ELEMENT_P2P, &data))
		if (absence_overflows(data, l->numbers->most, e))
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
	struct span at = l->f->body;
	uint8_t category = span_u8(&at);
	struct neighbor_report near;
	struct element one;

	if (category != 5 || l->f->protected_)
		return false;
	span_skip(&at, 2); /* action, dialog token */
	while (element_next(&at, &one)) {
		if (one.id != ELEMENT_NEIGHBOR_REPORT || !neighbor_report_read(one.data, &near))
			continue;
		e->a = near.channel;
		if (near.channel > (is_6ghz_class(near.operating_class) ? 0xe9 : 0xe0))
			return true;
	}
	return false;
}

#define FCS 4

/* The list of elements ends in the middle of one (after at least one: else it is noise, mostly), not because
 * the capture was cut, and not by the FCS that some captures keep without a word. */
RULE(torn_management)
{
	const struct elements *all = &l->f->elements;

	e->a = all->count;
	return all->torn && all->count && l->f->version == 0 && l->packet->data.left >= l->packet->length &&
	       !mac_is_group(&l->f->source) && all->list.left - all->whole != FCS;
}
