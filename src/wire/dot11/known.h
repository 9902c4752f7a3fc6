/* Elements that came before: most beacons have those of the one before, but for the TIM. Of each network that a caller
 * receives a few octets are kept, and where they are the same the index, the name and the channel are taken from there
 * (base/quick.h: known_elements). The caller owns the memory, which no two threads use; zeros know nothing. */
#pragma once
#include "wire/dot11/frame.h"

#define KNOWN_LISTS 512   /* by transmitter and subtype; another one of its slot replaces it */
#define KNOWN_OCTETS 400  /* of a list; longer ones are read each time, */
#define KNOWN_ELEMENTS 32 /* and so are those of more elements */

struct known_list {
	uint16_t n;               /* octets; 0: none is known */
	uint16_t tim_at, tim_end; /* of what may differ: the content of the first TIM */
	uint16_t count, repeated;
	uint8_t channel, name_at, name_n; /* what parse_names() found; name_at: of the list, where `have` says so */
	uint32_t have;                    /* enum frame_have of the elements */
	uint64_t ids[(ELEMENT_IDS + 63) / 64];
	struct element_entry entries[KNOWN_ELEMENTS];
	uint8_t octets[KNOWN_OCTETS];
};
struct known_lists {
	struct known_list lists[KNOWN_LISTS];
};

/* As frame_dissect(), with what is known, which learns. NULL: nothing is. */
int frame_dissect_known(struct span mpdu, struct known_lists *known, struct frame *ret_frame);
