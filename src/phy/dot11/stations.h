/* Private to the 802.11 phy: who is linked with whom: stations with access points, and with each other. All under the
 * lock of the device whose record is given. */
#pragma once
#include "phy/dot11/dot11.h"
#include "phy/dot11/role.h"

struct packet_ctx;

/* The station that the frame is from, or to; NULL: none. */
const struct mac *dot11_station_of(const struct packet_ctx *p);
/* The access point remembers its station. */
void dot11_link_client(const struct packet_ctx *p, struct dot11_device *ap, const struct mac *client);
/* The station, whose address is `own`, remembers the access point of the frame. */
void dot11_link_to_ap(const struct packet_ctx *p, const struct mac *own, struct dot11_device *x);
/* Of a data frame: who talks to whom, by its kind (table 9-30). */
void dot11_link_stations(const struct packet_ctx *p, enum role role, const struct mac *own, struct dot11_device *x);
