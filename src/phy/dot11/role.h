/* Private to the 802.11 phy: the parts that devices have in a frame, and what each gets of it. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

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

struct device;
struct dot11_device;
struct packet_ctx;

/* What the device of a role takes from the frame: enum update_flag. The radio saw the transmitter alone. */
uint32_t dot11_role_flags(const struct packet_ctx *p, enum role role);
/* Once it beacons, an access point's signal is that of its beacons and answers: others may send in its name. Under the
 * lock. */
void dot11_role_signal(const struct packet_ctx *p, enum role role, struct device *d, const struct dot11_device *x);
/* What the device is, by the part that it takes. Under the lock. */
void dot11_role_types(const struct packet_ctx *p, enum role role, struct device *d, struct dot11_device *x);
