/* Multi-link elements. A reader, as readers.h says. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/mac.h"
#include "base/span.h"

/* 802.11be D5.0 9.4.2.312, basic multi-link element. */
#define MULTI_LINKS_MAX 15
struct multi_link {
	struct mac mld;
	int8_t link_id;  /* of the frame's own link, -1: absent */
	int8_t mld_id;   /* -1: absent */
	uint8_t n_links; /* others */
	struct {
		uint8_t id;
		bool has_mac;
		struct mac mac;
	} links[MULTI_LINKS_MAX];
};
bool multi_link_read(struct span data, struct multi_link *ret);
/* The subelements behind the common information: profiles of the other links. */
bool multi_link_profiles(struct span data, struct span *ret);
/* 9.4.2.312.2.4: one link's profile. */
struct link_profile {
	uint8_t id;
	bool complete, has_mac;
	struct mac mac;
	struct span profile; /* fixed fields when it is complete, then elements */
};
bool link_profile_read(struct span body, struct link_profile *ret);
