/* The header of old Prism cards (144 octets, by item), and its successor AVS (64 octets, big endian). */
#pragma once
#include "wire/link/radio_header.h"

int prism_peel(struct span *s, struct packet *packet, uint8_t *fcs);
int avs_peel(struct span *s, struct packet *packet, uint8_t *fcs);
