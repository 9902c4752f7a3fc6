/* Radiotap, www.radiotap.org: a bitmap of fields, each aligned to its own size from the header's start. */
#pragma once
#include "wire/link/radio_header.h"

int radiotap_peel(struct span *s, struct packet *packet, uint8_t *fcs);
