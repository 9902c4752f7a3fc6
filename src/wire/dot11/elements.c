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

/* The id of an element whose number alone does not give it. */
static enum element_id id_of_body(uint8_t number, struct span body)
{
	uint32_t oui_type;

	if (number == ELEMENT_EXTENSION)
		return body.left ? ELEMENT_EXTENDED(body.p[0]) : ELEMENT_EXTENSION;
	if (body.left < 4)
		return number == ELEMENT_VENDOR && body.left == 3 && span_be24(&body) == DJI_OUI ? ELEMENT_DJI_DRONEID
												 : number;
	oui_type = span_be32(&body);
	if (number == ELEMENT_CISCO)
		return oui_type == CISCO_POWER ? ELEMENT_CISCO_POWER : ELEMENT_CISCO;
	return oui_type >> 8 == DJI_OUI ? ELEMENT_DJI_DRONEID : vendor_id(oui_type);
}

static inline bool is_spelled(uint8_t number)
{
	return number == ELEMENT_EXTENSION || number == ELEMENT_VENDOR || number == ELEMENT_CISCO;
}

static inline enum element_id id_of(uint8_t number, struct span body)
{
	return is_spelled(number) ? id_of_body(number, body) : number;
}

/* What stands before the data: an extension's number, OUI and type. */
static inline size_t before_data(enum element_id id)
{
	if (id < ELEMENT_EXTENDED(0))
		return 0;
	if (id < ELEMENT_VENDORS)
		return 1;
	return id == ELEMENT_DJI_DRONEID ? 3 : 4;
}

static inline struct span data_of(enum element_id id, const uint8_t *body, size_t n)
{
	size_t before = before_data(id);

	return span_of(body + before, n - before);
}

bool element_next(struct span *list, struct element *ret)
{
	if (!subelement_next(list, &ret->number, &ret->body))
		return false;
	ret->id = (uint16_t) id_of(ret->number, ret->body);
	ret->data = data_of(ret->id, ret->body.p, ret->body.left);
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

	return data_of(e->id, body.p, body.left);
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
static inline bool is_continued(uint8_t number, const struct span *body, const struct span *rest)
{
	return body->left == FULL && number != ELEMENT_FRAGMENT && rest->left && rest->p[0] == ELEMENT_FRAGMENT;
}

void elements_index(struct span list, struct elements *ret)
{
	struct span rest = list, body;
	uint16_t count = 0, n = 0; /* not in *ret, where each would be stored at each element */
	uint8_t number;

	memset(ret, 0, offsetof(struct elements, entries));
	ret->list = list;
	for (; count < ELEMENTS_WALKED && subelement_next(&rest, &number, &body); count++) {
		unsigned id = id_of(number, body);
		uint64_t bit = UINT64_C(1) << id % 64, *word = &ret->have[id / 64];
		uint8_t flags = 0;

		if (*word & bit) {
			flags = ELEMENT_AGAIN;
			ret->repeated++;
		} else {
			*word |= bit;
			ret->first[id] = (uint8_t) n;
		}
		if (n == ELEMENTS_INDEXED)
			continue;
		ret->entries[n++] = (struct element_entry){
			.id = (uint16_t) id,
			.at = (uint16_t) (body.p - 2 - list.p),
			.length = (uint8_t) body.left,
			.flags = flags | (is_continued(number, &body, &rest) ? ELEMENT_CONTINUED : 0),
		};
	}
	ret->count = count;
	ret->n = n;
	ret->torn = rest.bad;
	ret->whole = (uint32_t) (rest.p - list.p); /* a torn one is not passed */
}

/* What an entry stands for. */
static inline struct element element_at(const struct elements *e, const struct element_entry *entry)
{
	const uint8_t *p = e->list.p + entry->at;

	return (struct element){.id = entry->id,
				.number = p[0],
				.body = span_of(p + 2, entry->length),
				.data = data_of(entry->id, p + 2, entry->length)};
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
	while (at->entry < e->n) {
		const struct element_entry *entry = &e->entries[at->entry++];

		if (entry->id != id)
			continue;
		*ret_data = data_of(id, e->list.p + entry->at + 2, entry->length);
		return true;
	}
	while (elements_next(e, at, &one))
		if (one.id == id) {
			*ret_data = one.data;
			return true;
		}
	return false;
}
