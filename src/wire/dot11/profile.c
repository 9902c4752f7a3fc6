#include "wire/dot11/profile.h"

#include <string.h>

#include "wire/dot11/parse.h"
#include "wire/dot11/readers.h"

enum { SUBELEMENT_PROFILE = 0 }; /* of multiple BSSID (table 9-198), and of multi-link elements */

struct writer {
	uint8_t *to;
	size_t n, most;
};

static void put(struct writer *w, struct span s)
{
	if (s.left > w->most - w->n) /* no frame has room for it: it is left out */
		return;
	memcpy(w->to + w->n, s.p, s.left);
	w->n += s.left;
}

/* The same element: of vendors, of the same OUI and type. */
static bool is_same(const struct element *a, const struct element *b)
{
	uint32_t oui_a, oui_b;

	return a->id == b->id && element_subtype(a, &oui_a) == element_subtype(b, &oui_b) && oui_a == oui_b;
}

static bool find_same(const struct elements *in, const struct element *e)
{
	struct elements_at at = {0};
	struct element one;

	if (!elements_have(in, e->id))
		return false;
	while (elements_next(in, &at, &one))
		if (is_same(&one, e))
			return true;
	return false;
}

/* What belongs to the frame and its sender alone. Without privacy there is no RSN to inherit. */
static bool is_own(enum element_id id, bool is_open)
{
	switch (id) {
	case ELEMENT_FRAGMENT: /* goes with what it is a part of */
	case ELEMENT_MULTIPLE_BSSID:
	case ELEMENT_MULTI_LINK: return true;
	case ELEMENT_RSN:
	case ELEMENT_RSN_EXTENSION:
	case ELEMENT_RSN_OVERRIDE:
	case ELEMENT_RSN_OVERRIDE_2:
	case ELEMENT_RSN_EXTENSION_OVERRIDE:
	case ELEMENT_OSEN:
	case ELEMENT_WAPI:
	case ELEMENT_WPA: return is_open;
	default: return false;
	}
}

/* What says something of the profile, and is not one of its elements. */
static bool is_of_profile(enum element_id id)
{
	return id == ELEMENT_NON_INHERITANCE || id == ELEMENT_NONTRANSMITTED_CAPABILITY ||
	       id == ELEMENT_MULTIPLE_BSSID_INDEX || id == ELEMENT_FRAGMENT;
}

/* The profile's elements; then what it inherits (11.1.3.8.4, 35.3.3.5). */
static void put_profile(struct writer *w, const struct elements *own)
{
	struct elements_at at = {0};
	struct element e;

	while (elements_next(own, &at, &e))
		if (!is_of_profile(e.id))
			put(w, element_extent(own->list, &e));
}

static void put_inherited(struct writer *w, const struct elements *own, const struct elements *from, bool is_open)
{
	struct span barred = {0};
	struct elements_at at = {0};
	struct element e;

	if (!elements_find(own, ELEMENT_NON_INHERITANCE, &barred))
		barred = (struct span){0};
	while (elements_next(from, &at, &e))
		if (!is_own(e.id, is_open) && !find_same(own, &e) && !non_inheritance_names(barred, e.number, e.id))
			put(w, element_extent(from->list, &e));
}

static void finish(struct writer *w, struct profile *p)
{
	elements_index(span_of(p->octets, w->n), &p->elements);
}

/* 9.4.2.45: a profile that finds no room goes on in the next multiple BSSID element, whose first subelement then does
 * not begin with a capability. */
static bool goes_on(const struct frame *f, struct profiles_at *at, struct span *ret_more)
{
	struct profiles_at next = *at;
	struct multiple_bssid set;
	struct span data;
	uint8_t number;

	if (at->rest.left || at->rest.bad || !elements_next_of(&f->elements, &next.at, ELEMENT_MULTIPLE_BSSID, &data) ||
	    !multiple_bssid_read(data, &set) || set.indicator != at->indicator ||
	    !subelement_next(&set.subelements, &number, ret_more) || number != SUBELEMENT_PROFILE || !ret_more->left ||
	    ret_more->p[0] == ELEMENT_NONTRANSMITTED_CAPABILITY)
		return false;
	next.rest = set.subelements;
	*at = next;
	return true;
}

/* The next profile of any of the frame's multiple BSSID elements, in `to`. */
static bool next_profile(const struct frame *f, struct profiles_at *at, struct writer *to)
{
	struct multiple_bssid set;
	struct span data;
	uint8_t number;

	for (;;) {
		while (subelement_next(&at->rest, &number, &data)) {
			if (number != SUBELEMENT_PROFILE)
				continue;
			to->n = 0;
			do
				put(to, data);
			while (goes_on(f, at, &data));
			return true;
		}
		if (!elements_next_of(&f->elements, &at->at, ELEMENT_MULTIPLE_BSSID, &data))
			return false;
		at->rest = (struct span){0};
		if (multiple_bssid_read(data, &set)) {
			at->rest = set.subelements;
			at->indicator = set.indicator;
		}
	}
}

bool profile_next_bss(const struct frame *f, struct profiles_at *at, struct profile *ret)
{
	uint8_t octets[ELEMENT_JOINED_MAX];
	struct writer raw = {octets, 0, sizeof(octets)};

	while (next_profile(f, at, &raw)) {
		struct writer w = {ret->octets, 0, sizeof(ret->octets)};
		struct elements own;
		struct span data;

		elements_index(span_of(octets, raw.n), &own);
		if (!elements_find(&own, ELEMENT_NONTRANSMITTED_CAPABILITY, &data) ||
		    !nontransmitted_capability_read(data, &ret->capability) ||
		    !elements_find(&own, ELEMENT_MULTIPLE_BSSID_INDEX, &data) ||
		    !multiple_bssid_index_read(data, &ret->number))
			continue;
		ret->address = multiple_bssid_address(&f->bssid, at->indicator, ret->number);
		ret->has_address = ret->complete = true;
		put_profile(&w, &own);
		put_inherited(&w, &own, &f->elements, !(ret->capability & CAPABILITY_PRIVACY));
		finish(&w, ret);
		return true;
	}
	return false;
}

void profile_frame(const struct frame *transmitted, const struct profile *p, struct frame *ret)
{
	bool torn = transmitted->have & FRAME_IES_TORN;

	*ret = *transmitted;
	ret->addr2 = ret->addr3 = ret->bssid = ret->source = ret->transmitter = p->address;
	ret->capability = p->capability;
	ret->have &= FRAME_HAS_ADDRESSES;
	ret->have |= torn ? FRAME_IES_TORN : 0;
	ret->elements = p->elements;
	parse_names(ret);
}

bool profile_links(const struct frame *f, struct links *ret)
{
	struct elements_at at = {0};
	struct element e;

	while (elements_have(&f->elements, ELEMENT_MULTI_LINK) && elements_next(&f->elements, &at, &e))
		if (e.id == ELEMENT_MULTI_LINK &&
		    multi_link_profiles(element_whole(f->elements.list, &e, &ret->joined), &ret->rest))
			return true;
	return false;
}

/* Association responses have a status behind the capability (35.3.3.3). */
static bool has_status(const struct frame *f)
{
	return f->subtype == MGMT_ASSOC_RESP || f->subtype == MGMT_REASSOC_RESP;
}

bool profile_next_link(const struct frame *f, struct links *links, struct profile *ret)
{
	struct element_joined joined;
	struct span body;
	uint8_t number;

	while (subelement_next(&links->rest, &number, &body)) {
		struct writer w = {ret->octets, 0, sizeof(ret->octets)};
		struct link_profile link;
		struct elements own;

		if (number != SUBELEMENT_PROFILE ||
		    !link_profile_read(subelement_whole(body, links->rest, &joined), &link))
			continue;
		ret->number = link.id;
		ret->has_address = link.has_mac;
		ret->address = link.mac;
		ret->complete = link.complete;
		ret->capability = link.complete ? span_le16(&link.profile) : 0;
		if (link.complete && has_status(f))
			span_skip(&link.profile, 2);
		elements_index(link.profile, &own);
		put_profile(&w, &own);
		if (link.complete)
			put_inherited(&w, &own, &f->elements, !(ret->capability & CAPABILITY_PRIVACY));
		finish(&w, ret);
		return true;
	}
	return false;
}
