/* Whether a frame is protected by a key of zeros (Kr00k, CVE-2019-15126): some chips send what waits in them once they
 * were disconnected, when the key was cleared. */
#pragma once
#include "wire/dot11/frame.h"

/* True when CCMP or GCMP with 16 zeros as key decrypt the begin of the frame to the head that all data have (IEEE
 * 802.11-2020 12.5.3.3.4, 12.5.5.3.4). It costs a microsecond or two. */
bool zero_key_opens(const struct frame *f, uint64_t packet_number);
