/* What Bluetooth radios put before a frame (LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR, Ubertooth's field of PPI),
 * and the CRC behind it. */
#pragma once
#include "wire/link/radio_header.h"

/* What follows keeps its CRC. */
int btle_peel(struct span *s, struct packet *packet, uint8_t *fcs);
int btle_phdr_peel(struct span *s, struct packet *packet, uint8_t *fcs);
void btle_take_ppi(struct span field, struct radio *r);
