/* Per-Packet Information: a list of typed fields before a frame of the link type that it names. */
#pragma once
#include "wire/link/radio_header.h"

int ppi_peel(struct span *s, struct packet *packet, uint8_t *fcs);
