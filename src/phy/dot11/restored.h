/* Private to the 802.11 phy: devices that come back from a log. */
#pragma once

struct device;

/* What follows from the record of such a device: as restored() of a phy. */
void dot11_restored(void *state, struct device *d);
