/* Bluetooth: attacks on those who listen, and tools by their signs. */
#include "base/mem.h"
#include "detect/rules/functions.h"
#include "wire/bluetooth/ad.h"

/* More octets of advertising data than a legacy advertisement has room for. */
RULE(bleedingtooth)
{
	struct span data = l->btle->data, body;
	uint8_t type;

	if (data.left <= l->numbers->most)
		return false;
	while (ad_next(&data, &type, &body)) {
		e->a = body.left + 1; /* its length counts the type */
		if (e->a > l->numbers->most)
			return true;
	}
	return false;
}

RULE(flipper_zero)
{
	uint64_t oui = mac_u64(&l->s->device->key.mac) >> 24;

	return oui == 0x80e126 || oui == 0x80e127;
}

static struct span data_of(const struct rule_ctx *l)
{
	return l->btle ? l->btle->data : l->bluetooth->data;
}

/* It advertises its services under whatever address it has: 0x3081 black, 0x3082 white, 0x3083 transparent. */
RULE(flipper_service)
{
	struct span data = data_of(l), body;
	uint8_t type;

	while (ad_next(&data, &type, &body)) {
		if (type != AD_UUID16 && type != AD_UUID16_SOME)
			continue;
		while (body.left >= 2) {
			uint16_t uuid = span_le16(&body);

			if (uuid >= 0x3081 && uuid <= 0x3083)
				return true;
		}
	}
	return false;
}

/* Advertisements at which telephones and computers ask their users. */
static bool wants_to_pair(struct span data)
{
	struct span body;

	if (ad_find(data, AD_VENDOR, &body) && body.left >= 3) {
		uint16_t company = span_le16(&body);
		uint8_t kind = span_u8(&body);

		if (company == 0x004c && (kind == 0x07 || kind == 0x0f)) /* Apple: proximity pairing, nearby action */
			return true;
		if (company == 0x0006 && kind == 0x03) /* Microsoft: Swift Pair */
			return true;
		if (company == 0x0075 && kind == 0x42) /* Samsung: Easy Setup */
			return true;
	}
	/* Google: Fast Pair */
	return ad_find(data, AD_SERVICE_DATA16, &body) && body.left >= 2 && span_le16(&body) == 0xfe2c;
}

RULE(pairing_flood)
{
	struct source_rule_state *w = l->source;

	if (!w || !wants_to_pair(data_of(l)))
		return false;
	(void) rate_window_count(&w->popups, look_us(l), within_us(l));
	report_window(e, &w->popups);
	return e->frames > l->numbers->most;
}
