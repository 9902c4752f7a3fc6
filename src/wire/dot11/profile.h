/* What a frame says of others than its sender: of BSSIDs that do not transmit themselves (multiple BSSID, IEEE
 * 802.11-2020 and 802.11ax-2021 9.4.2.45, 11.1.3.8), and of the other links of an 802.11be device (multi-link, 802.11be
 * D5.0 9.4.2.312, 35.3.3). A profile holds only what differs; the rest is inherited from the frame's own elements, but
 * for what its non-inheritance element (9.4.2.240) names. Pure: a profile is a list of elements like any other, with an
 * index. */
#pragma once
#include "wire/dot11/frame.h"

struct profile {
	struct mac address;  /* BSSID of a network, of a link if the profile has it (has_address) */
	uint8_t number;      /* index of the BSSID in its set, or of the link */
	uint16_t capability; /* IEEE 802.11-2020 9.4.1.4; 0 for a link whose profile is not complete */
	bool has_address;
	bool complete; /* of a link: nothing of it was left out */
	uint8_t octets[ELEMENT_JOINED_MAX];
	struct elements elements; /* of octets: those of the profile, and inherited ones when it is complete */
};

/* Where a walk through the profiles of a frame is; begin with {0}. */
struct profiles_at {
	struct elements_at at;
	struct span rest; /* subelements of the element at hand that are still to come */
	uint8_t indicator;
};
/* The next BSSID that the frame speaks for, with its elements; false at the end. What has neither capability nor index
 * is passed over. */
bool profile_next_bss(const struct frame *f, struct profiles_at *at, struct profile *ret);

/* The frame that the BSSID of the profile would have sent: that of the transmitting one with the addresses, the
 * capability and the elements of the profile, which must live as long. */
void profile_frame(const struct frame *transmitted, const struct profile *p, struct frame *ret);

/* A multi-link element's link information: a walk of its own, for it may be joined of fragments. */
struct links {
	struct element_joined joined;
	struct span rest;
};
/* Begins at the frame's basic multi-link element; false without one. */
bool profile_links(const struct frame *f, struct links *ret);
/* The next link, with its elements; false at the end. A profile that is not complete inherits nothing. */
bool profile_next_link(const struct frame *f, struct links *links, struct profile *ret);
