#include "wire/dot11/elements.h"

#include <stddef.h>
#include <string.h>

/* 9.4.2.25: OUI and type. */
static enum element_id vendor_id(uint32_t oui_type)
{
	switch (oui_type) {
	case 0x0050f201: return ELEMENT_WPA;
	case 0x0050f202: return ELEMENT_WMM;
	case 0x0050f204: return ELEMENT_WPS;
	case 0x506f9a09: return ELEMENT_P2P;
	case 0x506f9a10: return ELEMENT_HOTSPOT;
	case 0x506f9a12: return ELEMENT_OSEN;
	case 0x506f9a1c: return ELEMENT_OWE_TRANSITION;
	case 0x506f9a29: return ELEMENT_RSN_OVERRIDE;
	case 0x506f9a2a: return ELEMENT_RSN_OVERRIDE_2;
	case 0x506f9a2b: return ELEMENT_RSN_EXTENSION_OVERRIDE;
	case 0xfa0bbc0d: return ELEMENT_REMOTE_ID;
	case 0x00409614: return ELEMENT_CISCO_MFP;
	case 0x000b8601: return ELEMENT_ARUBA;
	case 0x5c5b3501: return ELEMENT_MIST_NAME;
	case 0x000fac04: return ELEMENT_PMKID_KDE;
	default: return ELEMENT_VENDOR;
	}
}
#define DJI_OUI 0x263712u /* any type */
#define CISCO_POWER 0x00409600u

/* The id of the element at `head`, whose number alone does not give it. */
static enum element_id spelled_id(const uint8_t *head)
{
	uint8_t number = head[0], n = head[1];
	struct span body = span_of(head + 2, n);
	uint32_t oui_type;

	if (number == ELEMENT_EXTENSION)
		return n ? ELEMENT_EXTENDED(body.p[0]) : ELEMENT_EXTENSION;
	if (n < 4)
		return number == ELEMENT_VENDOR && n == 3 && span_be24(&body) == DJI_OUI ? ELEMENT_DJI_DRONEID : number;
	oui_type = span_be32(&body);
	if (number == ELEMENT_CISCO)
		return oui_type == CISCO_POWER ? ELEMENT_CISCO_POWER : ELEMENT_CISCO;
	return oui_type >> 8 == DJI_OUI ? ELEMENT_DJI_DRONEID : vendor_id(oui_type);
}

static inline bool is_spelled(uint8_t number)
{
	return number >= ELEMENT_CISCO &&
	       (number == ELEMENT_EXTENSION || number == ELEMENT_VENDOR || number == ELEMENT_CISCO);
}

/* Of a whole element. */
static inline enum element_id id_of(const uint8_t *head)
{
	return is_spelled(head[0]) ? spelled_id(head) : head[0];
}

bool element_next(struct span *list, struct element *ret)
{
	if (!subelement_next(list, &ret->number, &ret->body))
		return false;
	ret->id = (uint16_t) id_of(ret->body.p - 2);
	ret->data = element_data(ret->id, ret->body.p, ret->body.left);
	return true;
}

bool element_find(struct span list, enum element_id id, struct span *ret_data)
{
	struct element e;

	while (element_next(&list, &e))
		if (e.id == id) {
			*ret_data = e.data;
			return true;
		}
	return false;
}

#define FULL 255 /* octets of an element that may go on */

/* The next fragment of what was `full`; false when there is none. */
static bool next_fragment(struct span *following, uint8_t fragment, size_t full, struct span *ret_body)
{
	uint8_t number;

	return full == FULL && following->left && following->p[0] == fragment &&
	       subelement_next(following, &number, ret_body);
}

static struct span behind(struct span list, const struct element *e)
{
	const uint8_t *end = e->body.p + e->body.left;

	return span_of(end, (size_t) (list.p + list.left - end));
}

struct span element_extent(struct span list, const struct element *e)
{
	const uint8_t *head = e->body.p - 2;
	struct span following = behind(list, e), last = e->body;

	while (next_fragment(&following, ELEMENT_FRAGMENT, last.left, &last))
		;
	return span_of(head, (size_t) (last.p + last.left - head));
}

static struct span join(struct span body, struct span following, uint8_t fragment, struct element_joined *to)
{
	struct span last = body;
	size_t n = 0;

	if (body.left != FULL || !following.left || following.p[0] != fragment)
		return body;
	do {
		memcpy(to->octets + n, last.p, last.left);
		n += last.left;
	} while (next_fragment(&following, fragment, last.left, &last) && last.left <= sizeof(to->octets) - n);
	return span_of(to->octets, n);
}

struct span element_whole(struct span list, const struct element *e, struct element_joined *to)
{
	struct span body = join(e->body, behind(list, e), ELEMENT_FRAGMENT, to);

	return element_data(e->id, body.p, body.left);
}

struct span subelement_whole(struct span body, struct span following, struct element_joined *to)
{
	return join(body, following, SUBELEMENT_FRAGMENT, to);
}

int16_t element_subtype(const struct element *e, uint32_t *ret_oui)
{
	struct span s = e->body;
	uint8_t type;

	*ret_oui = 0;
	if (!is_spelled(e->number))
		return -1;
	if (e->number != ELEMENT_EXTENSION) {
		uint32_t oui = span_be24(&s);

		*ret_oui = s.bad ? 0 : oui;
	}
	type = span_u8(&s);
	return s.bad ? -1 : type;
}

/* An element that is full and goes on in the next one. */
static inline bool is_continued(const uint8_t *head, size_t left)
{
	return head[1] == FULL && head[0] != ELEMENT_FRAGMENT && left > 2 + FULL && head[2 + FULL] == ELEMENT_FRAGMENT;
}

/* What a frame's dissection spends most of its time in: pointers and no spans, and counts that are not in *ret, where
 * each would be stored at each element. */
void elements_index(struct span list, struct elements *ret)
{
	const uint8_t *p = list.p;
	size_t left = list.bad ? 0 : list.left;
	uint32_t count = 0, n = 0, repeated = 0;

	memset(ret, 0, offsetof(struct elements, entries));
	ret->list = list;
	for (; count < ELEMENTS_WALKED && left >= 2 && p[1] <= left - 2; count++) {
		unsigned id = id_of(p), length = p[1], flags = 0;
		uint64_t bit = UINT64_C(1) << id % 64, *word = &ret->have[id / 64];

		if (*word & bit) {
			flags = ELEMENT_AGAIN;
			repeated++;
		} else {
			*word |= bit;
			ret->first[id] = (uint8_t) n;
		}
		if (n < ELEMENTS_INDEXED) {
			struct element_entry *e = &ret->entries[n++];

			e->id = (uint16_t) id;
			e->at = (uint16_t) (p - list.p);
			e->length = (uint8_t) length;
			e->flags = (uint8_t) (flags | (is_continued(p, left) ? ELEMENT_CONTINUED : 0));
		}
		p += 2 + length;
		left -= 2 + length;
	}
	ret->count = (uint16_t) count;
	ret->repeated = (uint16_t) repeated;
	ret->n = (uint16_t) n;
	ret->torn = list.bad || (count < ELEMENTS_WALKED && left);
	ret->whole = (uint32_t) (p - list.p); /* a torn one is not passed */
}

/* What an entry stands for. */
static inline struct element element_at(const struct elements *e, const struct element_entry *entry)
{
	const uint8_t *p = e->list.p + entry->at;

	return (struct element){.id = entry->id,
				.number = p[0],
				.body = span_of(p + 2, entry->length),
				.data = element_data(entry->id, p + 2, entry->length)};
}

/* Behind the last entry. */
static struct span beyond(const struct elements *e)
{
	const struct element_entry *last = e->n ? &e->entries[e->n - 1] : NULL;
	struct span s = e->list;

	if (last)
		span_skip(&s, (size_t) last->at + 2 + last->length);
	return s;
}

bool elements_next(const struct elements *e, struct elements_at *at, struct element *ret)
{
	if (at->entry < e->n) {
		*ret = element_at(e, &e->entries[at->entry++]);
		return true;
	}
	if (at->entry >= e->count)
		return false;
	if (at->entry == e->n)
		at->beyond = beyond(e);
	at->entry++;
	return element_next(&at->beyond, ret);
}

bool elements_next_there(const struct elements *e, struct elements_at *at, enum element_id id, struct span *ret_data)
{
	struct element one;

	if (at->entry < e->first[id])
		at->entry = e->first[id];
	else if (at->entry > e->first[id] && !e->repeated)
		return false;
	while (at->entry < e->n) {
		const struct element_entry *entry = &e->entries[at->entry++];

		if (entry->id != id)
			continue;
		*ret_data = element_data(id, e->list.p + entry->at + 2, entry->length);
		return true;
	}
	while (elements_next(e, at, &one))
		if (one.id == id) {
			*ret_data = one.data;
			return true;
		}
	return false;
}
