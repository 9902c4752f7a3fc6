/* Multi-link devices (IEEE 802.11be): what an access point says of its links does not alternate. */
#include "detect/rules/functions.h"

#include "base/crc.h"

enum { TYPE_BITS = 7, TYPE_BASIC = 0, TYPE_RECONFIGURATION = 2 };
#define LINKS_REMOVED 2 /* of what a beacon says, beside the address */
#define LINKS_MAPPED 4

/* The device's address, whether links are to be removed, and whether traffic is mapped to links; 0: of no such device.
 */
static uint32_t links_of(const struct frame *f)
{
	struct elements_at at = {0};
	struct multi_link m;
	struct span data;
	uint32_t sum = 0;

	while (elements_next_of(&f->elements, &at, ELEMENT_MULTI_LINK, &data)) {
		struct span head = data;
		uint8_t type = span_u8(&head) & TYPE_BITS;

		if (head.bad)
			continue;
		if (type == TYPE_RECONFIGURATION)
			sum |= LINKS_REMOVED;
		else if (type == TYPE_BASIC && multi_link_read(data, &m) && m.mld_id <= 0)
			sum |= (crc_32(m.mld.b, sizeof(m.mld.b)) << 3) | 1;
	}
	return sum && frame_has(f, ELEMENT_TID_TO_LINK_MAPPING) ? sum | LINKS_MAPPED : sum;
}

RULE(links_alternate)
{
	uint32_t now = links_of(l->f);
	struct rule_counters *w = now ? rule_counters_of(l->s->device) : NULL;
	bool returned;

	if (!w || now == w->links_now)
		return false;
	returned = now == w->links_before;
	w->links_before = w->links_now;
	w->links_now = now;
	if (!returned)
		return false;
	(void) rate_window_count(&w->links_turns, look_us(l), within_us(l));
	return window_is_over(l, &w->links_turns, l->numbers->most, e) && !is_explained(l);
}
