/* Where an 802.11 frame may end: what its own form says of octets that follow it, such as an FCS that no header
 * announced, or what a radio failed to take away. */
#pragma once
#include <stdint.h>

#include "base/span.h"

#define TAIL_MAX 31 /* octets behind a frame that are looked for */

/* Bit k: the frame may end k octets before the end of its octets, for there an element ends (IEEE 802.11-2020 9.4.2.1),
 * or there ends a frame of that kind, which has no body (9.3.1, 9.3.2.1). 0: its form says nothing. Pure. */
uint32_t dot11_tail(struct span frame);
