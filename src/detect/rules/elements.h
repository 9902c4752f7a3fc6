/* Walking a frame's elements, for rules. */
#pragma once
#include "wire/dot11/frame.h"

#define ELEMENTS_MAX 512

/* The next element of that number at or after *at; false at the end. */
static inline bool next_element(struct span *at, uint8_t id, struct span *ret_body)
{
	uint8_t got;

	for (size_t i = 0; i < ELEMENTS_MAX && span_next_ie(at, &got, ret_body); i++)
		if (got == id)
			return true;
	return false;
}

/* The next vendor element of that OUI and type (24 + 8 bits); *ret_body is what follows the type. */
static inline bool next_vendor(struct span *at, uint32_t oui_type, struct span *ret_body)
{
	while (next_element(at, 221, ret_body))
		if (span_be32(ret_body) == oui_type && !ret_body->bad)
			return true;
	return false;
}
