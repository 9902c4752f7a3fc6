/* Private to the 802.11 phy: what others see of a device: views, and rules. */
#pragma once
#include "phy/dot11/dot11.h"

struct packet_ctx;

/* Views of the phy: bits of device.phy_views. */
enum dot11_view { DOT11_VIEW_ACCESSPOINTS };
/* The views of an access point or an ad-hoc network. Under the lock, when its kind has changed. */
void dot11_set_views(struct device *d, const struct dot11_device *x);
/* Shows a device to rules; sets what is the packet's own. */
void dot11_show(const struct packet_ctx *p, uint8_t observation, struct device *d, struct dot11_shown *shown);
