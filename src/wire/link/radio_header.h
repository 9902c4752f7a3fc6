/* The headers that radios put before a frame; for wire's own files. Each takes its header from `s`,
 * fills packet->radio and adds to *fcs what it says of the frame: enum fcs, or-ed. */
#pragma once
#include "wire/packet.h"

enum fcs {
	FCS_PRESENT = 1, /* an FCS stands behind the frame */
	FCS_BAD = 2,     /* the frame is damaged: whether an FCS stands there or not */
	FCS_GOOD = 4,    /* a checksum was right */
};
