/* Private to the 802.11 phy: the parts that devices have in a frame. */
#pragma once
#include <stdbool.h>

#include "base/mac.h"

/* A device that the frame names, and what the frame says of it. */
enum role {
	ROLE_BSSID,
	ROLE_SOURCE,
	ROLE_DESTINATION,
	ROLE_TRANSMITTER,
	ROLE_RECEIVER,
};

/* Whether it is the address of one device. */
static inline bool addressable(const struct mac *m)
{
	return !mac_is_zero(m) && !mac_is_group(m);
}
