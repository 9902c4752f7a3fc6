/* A list of 802.11 elements (IEEE 802.11-2020 9.4.2.1): the one walk through it, and the index of what is in it. One
 * pass over a frame's elements leaves the index in the frame (frame.h); what an element says is read by the code that
 * wants to know, with a reader (readers.h). What a record keeps of a list is walked with element_next(). */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "wire/dot11/element_id.h"

/* One element of a list. */
struct element {
	uint16_t id;      /* enum element_id */
	uint8_t number;   /* as it stands on the air, 255 for all extensions */
	struct span body; /* all behind the head */
	struct span
		data; /* behind the extension's number, or behind OUI and type of a vendor that has an id; else body */
};

/* Number, length and body: elements, and the subelements of many of them. False at the clean end and where the list is
 * torn; list->bad tells them apart. */
static inline bool subelement_next(struct span *list, uint8_t *ret_number, struct span *ret_body)
{
	size_t n;

	if (list->left == 0 || list->bad)
		return false;
	*ret_number = list->p[0];
	n = list->left > 1 ? list->p[1] : 0;
	if (list->left < 2 || n > list->left - 2) {
		list->bad = true;
		list->left = 0;
		*ret_body = (struct span){.bad = true};
		return false;
	}
	/* Member by member, which compilers make less of than of a whole struct. */
	ret_body->p = list->p + 2;
	ret_body->left = n;
	ret_body->bad = false;
	list->p += 2 + n;
	list->left -= 2 + n;
	return true;
}

/* What stands behind an extension's number, or OUI and type of a vendor that has an id, in the n octets of a body. */
static inline struct span element_data(enum element_id id, const uint8_t *body, size_t n)
{
	size_t before = id < ELEMENT_EXTENDED(0) ? 0 : id < ELEMENT_VENDORS ? 1 : id == ELEMENT_DJI_DRONEID ? 3 : 4;

	return span_of(body + before, n - before);
}

/* The next element of a list, as subelement_next(). */
bool element_next(struct span *list, struct element *ret);
/* The first element of that id: its data. False when there is none. */
bool element_find(struct span list, enum element_id id, struct span *ret_data);
/* The type behind the OUI of a vendor's element, or an extension's number; -1: none. *ret_oui: 0 for all others. */
int16_t element_subtype(const struct element *e, uint32_t *ret_oui);

/* Fragments (10.28.11, 35.3.3.4 of 802.11be D5.0): what does not fit into one element, or subelement, goes on in others
 * of a number for that, as long as each is full. */
#define ELEMENT_JOINED_MAX 2304 /* octets of the longest management frame's body */
#define SUBELEMENT_FRAGMENT 254 /* in multi-link elements */
struct element_joined {
	uint8_t octets[ELEMENT_JOINED_MAX];
};
/* The element with its head and the fragments that follow it in its list. */
struct span element_extent(struct span list, const struct element *e);
/* The element's data, joined in `to` when there are fragments; those that find no room, or are torn, are left out. */
struct span element_whole(struct span list, const struct element *e, struct element_joined *to);
/* The same of a subelement's body, and of what follows it. */
struct span subelement_whole(struct span body, struct span following, struct element_joined *to);

/* The index. Elements beyond INDEXED_MAX have no entry, but are counted, have their bits and are found. */
#define ELEMENTS_INDEXED 64
#define ELEMENTS_WALKED 512 /* of one list; what comes after is not looked at */
enum element_flag {
	ELEMENT_AGAIN = 1,     /* another of its id came before */
	ELEMENT_CONTINUED = 2, /* full, and fragments follow (10.28.11) */
};
struct element_entry {
	uint16_t id; /* enum element_id */
	uint16_t at; /* of its head in the list */
	uint8_t length;
	uint8_t flags; /* enum element_flag */
};
struct elements {
	struct span list;                               /* all octets; what the index points into */
	uint64_t have[(ELEMENT_IDS + 63) / 64];         /* a bit for each id that there is */
	uint16_t count;                                 /* of whole elements */
	uint16_t repeated;                              /* of those with ELEMENT_AGAIN */
	uint16_t n;                                     /* entries */
	bool torn;                                      /* the last element is not whole */
	uint32_t whole;                                 /* octets up to the end of the last whole one */
	struct element_entry entries[ELEMENTS_INDEXED]; /* the first n are set */
	uint8_t first[ELEMENT_IDS]; /* of an id that there is: its first entry; ELEMENTS_INDEXED: it has none */
};
/* The index of a list, whose octets must live as long. */
void elements_index(struct span list, struct elements *ret);

static inline bool elements_have(const struct elements *e, enum element_id id)
{
	return e->have[id / 64] >> id % 64 & 1;
}
/* Where a walk through an index is; {0} at its begin. */
struct elements_at {
	uint16_t entry;
	struct span beyond; /* once all entries were seen */
};
/* The next element; false at the end. */
bool elements_next(const struct elements *e, struct elements_at *at, struct element *ret);
/* The next element of an id that there is: its data. */
bool elements_next_there(const struct elements *e, struct elements_at *at, enum element_id id, struct span *ret_data);
/* The first element of that id: its data. */
static inline bool elements_find(const struct elements *e, enum element_id id, struct span *ret_data)
{
	const struct element_entry *first;
	struct elements_at at = {0};

	if (!elements_have(e, id))
		return false;
	if (e->first[id] >= e->n)
		return elements_next_there(e, &at, id, ret_data);
	first = &e->entries[e->first[id]];
	*ret_data = element_data(id, e->list.p + first->at + 2, first->length);
	return true;
}
static inline bool elements_next_of(const struct elements *e, struct elements_at *at, enum element_id id,
				    struct span *ret_data)
{
	if (at->entry == 0 && elements_have(e, id) && e->first[id] < e->n) {
		at->entry = (uint16_t) (e->first[id] + 1);
		return elements_find(e, id, ret_data);
	}
	return elements_have(e, id) && elements_next_there(e, at, id, ret_data);
}
