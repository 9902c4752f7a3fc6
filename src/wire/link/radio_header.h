/* The headers that radios put before a frame; for wire's own files. Each takes its header from `s`,
 * fills packet->radio and says by *ret_fcs whether an FCS stands behind the frame. */
#pragma once
#include "wire/packet.h"

enum fcs { FCS_NONE, FCS_PRESENT, FCS_BAD };

int radiotap_peel(struct span *s, struct packet *packet, enum fcs *ret_fcs);
int prism_peel(struct span *s, struct packet *packet, enum fcs *ret_fcs);
int avs_peel(struct span *s, struct packet *packet, enum fcs *ret_fcs);
int ppi_peel(struct span *s, struct packet *packet, enum fcs *ret_fcs);
/* Of Bluetooth (btle_header.c); what follows keeps its CRC. */
int btle_peel(struct span *s, struct packet *packet, enum fcs *ret_fcs);
int btle_phdr_peel(struct span *s, struct packet *packet, enum fcs *ret_fcs);
void btle_take_ppi(struct span field, struct radio *r);
