#include "wire/dot11/known.h"

#include <string.h>

#include "base/quick.h"
#include "wire/dot11/parse.h"

/* Whether nothing differs but what the TIM holds. */
static bool is_same(const struct known_list *k, struct span list)
{
	return k->n && list.left == k->n && memcmp(list.p, k->octets, k->tim_at) == 0 &&
	       memcmp(list.p + k->tim_end, k->octets + k->tim_end, k->n - k->tim_end) == 0;
}

static void take(const struct known_list *k, struct span list, struct frame *f)
{
	struct elements *e = &f->elements;

	e->list = list;
	memcpy(e->have, k->ids, sizeof(e->have));
	e->count = e->n = k->count;
	e->repeated = k->repeated;
	e->whole = k->n;
	memcpy(e->entries, k->entries, sizeof(e->entries[0]) * k->count);
	for (unsigned i = k->count; i-- > 0;) /* of several of an id the first remains */
		e->first[k->entries[i].id] = (uint8_t) i;
	f->have |= k->have;
	f->channel = k->channel;
	if (k->have & FRAME_HAS_SSID)
		f->ssid = span_of(list.p + k->name_at, k->name_n);
}

/* `before`: what the frame had before its elements were read. */
static void learn(struct known_list *k, const struct frame *f, uint32_t before)
{
	const struct elements *e = &f->elements;
	size_t name_at = f->have & FRAME_HAS_SSID ? (size_t) (f->ssid.p - e->list.p) : 0;
	struct span tim;

	k->n = 0;
	if (e->torn || e->count > KNOWN_ELEMENTS || e->list.left > KNOWN_OCTETS || name_at > UINT8_MAX)
		return;
	k->tim_at = k->tim_end = 0;
	if (elements_find(e, ELEMENT_TIM, &tim)) {
		k->tim_at = (uint16_t) (tim.p - e->list.p);
		k->tim_end = (uint16_t) (k->tim_at + tim.left);
	}
	k->n = (uint16_t) e->list.left;
	k->count = e->count;
	k->repeated = e->repeated;
	k->channel = f->channel;
	k->name_at = (uint8_t) name_at;
	k->name_n = (uint8_t) f->ssid.left;
	k->have = f->have & ~before;
	memcpy(k->ids, e->have, sizeof(k->ids));
	memcpy(k->entries, e->entries, sizeof(k->entries[0]) * e->count);
	memcpy(k->octets, e->list.p, e->list.left);
}

void parse_elements(struct span list, struct known_list *known, struct frame *f)
{
	uint32_t before = f->have;

	if (known && quick(QUICK_KNOWN_ELEMENTS) && is_same(known, list)) {
		take(known, list, f);
		return;
	}
	elements_index(list, &f->elements);
	parse_names(f);
	if (known)
		learn(known, f, before);
}

struct known_list *known_list_of(struct known_lists *known, const struct frame *f)
{
	uint64_t hash = (mac_u64(&f->addr2) << 4 | f->subtype) * UINT64_C(0x9e3779b97f4a7c15);

	if (!known || (f->subtype != MGMT_BEACON && f->subtype != MGMT_PROBE_RESP))
		return NULL;
	return &known->lists[(hash >> 32) % KNOWN_LISTS];
}
