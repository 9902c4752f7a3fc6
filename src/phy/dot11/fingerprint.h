/* Fingerprints of 802.11 devices: what the elements of their frames that do not change hash to. The lists of
 * such elements are options; the hash is the reference's, and the same on every machine. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

#define FINGERPRINT_ELEMENTS_MAX 64

/* An element of a list: by number alone, or by a vendor's OUI and type as well. */
struct fingerprint_element {
	uint8_t id;
	bool of_vendor;
	uint32_t oui;
	uint8_t type;
};
struct fingerprint_list {
	uint8_t n;          /* 0: no fingerprint */
	uint64_t wanted[4]; /* numbers, a bit each */
	struct fingerprint_element elements[FINGERPRINT_ELEMENTS_MAX];
};

/* "0,1,221-0050F2-2": numbers, of a vendor's with its OUI in hex and its type. False when the text is none. */
bool fingerprint_list_parse(const char *text, struct fingerprint_list *ret);
/* Whether any element of that number is in the list. */
static inline bool fingerprint_wants(const struct fingerprint_list *list, uint8_t id)
{
	return list->wanted[id / 64] >> id % 64 & 1;
}
/* The fingerprint of a frame's elements; 0 when none of the list is among them. Any thread. */
uint32_t fingerprint_of(const struct fingerprint_list *list, struct span elements);
