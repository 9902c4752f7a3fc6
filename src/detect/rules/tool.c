/* Tools by their signs. */
#include <string.h>

#include "base/mem.h"
#include "detect/rules/functions.h"

#define TOOL_SEQUENCE 4095                    /* of each disconnection of firmware derived from esp8266_deauther */
#define TOOL_TIMESTAMP UINT64_C(0x0f8ff75183) /* that many programs for ESP8266 and ESP32 took from one another */
#define PWNAGOTCHI_ELEMENT ELEMENT_AUTHENTICATION_CONTROL /* before the standard assigned the number */
#define PWNAGOTCHI_MAC UINT64_C(0xdeadbeefdead)

/* A Pwnagotchi announces itself to others as JSON in an element of its own. */
RULE(pwnagotchi)
{
	static const char sign[] = "\"pwnd_";
	struct elements_at at = {0};
	struct span data;

	if (mac_u64(&l->f->source) == PWNAGOTCHI_MAC || mac_u64(&l->f->bssid) == PWNAGOTCHI_MAC)
		return true;
	while (elements_next_of(&l->f->elements, &at, PWNAGOTCHI_ELEMENT, &data))
		if (data.left && memmem(data.p, data.left, sign, sizeof(sign) - 1))
			return true;
	return false;
}

RULE(tool_ssid)
{
	static const struct {
		const char *name;
		bool whole;
	} names[] = {{"blackmagic", true},  /* Flipper Zero's Wi-Fi board */
		     {"MarauderOTA", true}, /* ESP32 Marauder */
		     {"Pineapple_", false}, /* Wi-Fi Pineapple, before it is set up */
		     {"pwned", true},       /* esp8266_deauther */
		     {"Pwnagotchi", false}};
	const struct ssid *s = &l->dot11->ssid;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		size_t n = strlen(names[i].name);

		if ((names[i].whole ? s->len == n : s->len >= n) && memcmp(s->b, names[i].name, n) == 0)
			return true;
	}
	return false;
}

/* Every frame has the same sequence number, and is no repeat. */
RULE(tool_disconnect)
{
	struct rule_counters *w;

	if (l->f->sequence != TOOL_SEQUENCE || l->f->retry || l->f->protected_ || !(w = rule_counters_of(l->s->device)))
		return false;
	if (!rate_window_rule(&w->tool_disconnects, l, true, within_us(l)))
		return false;
	report_window(e, &w->tool_disconnects);
	if (e->frames <= l->numbers->most)
		return false;
	w->tool_disconnects.frames = 0;
	return true;
}

/* A network's clock shows that microsecond once in its life; these show it forever. */
RULE(tool_beacons)
{
	struct source_rule_state *w = l->f->timestamp == TOOL_TIMESTAMP ? l->source : NULL;

	if (!w)
		return false;
	(void) rate_window_continue(&w->tool_beacons, look_us(l), within_us(l));
	report_window(e, &w->tool_beacons);
	if (e->frames <= l->numbers->most)
		return false;
	w->tool_beacons.frames = 0;
	return true;
}

/* Lucent's test of links: SNAP with its OUI and protocol 1. */
static bool is_link_test(const struct rule_ctx *l, struct span *ret_payload)
{
	struct span s = l->f->body;
	uint32_t llc = span_be24(&s), oui = span_be24(&s);
	uint16_t protocol = span_be16(&s);

	*ret_payload = s;
	return !s.bad && llc == 0xaaaa03 && oui == 0x00601d && protocol == 1;
}

static bool is_stumbler(struct span s)
{
	static const char *const signs[] = {"Flurble gronk bloopit", "All your 802.11b are belong to us",
					    "Intentionally blank"};

	for (size_t i = 0; s.left && i < ARRAY_SIZE(signs); i++)
		if (memmem(s.p, s.left, signs[i], strlen(signs[i])))
			return true;
	return false;
}

RULE(netstumbler)
{
	struct span s;

	return is_link_test(l, &s) && is_stumbler(s);
}

RULE(lucent_test)
{
	struct span s;

	return is_link_test(l, &s) && !is_stumbler(s);
}
