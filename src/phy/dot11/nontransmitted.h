/* Private to the 802.11 phy: networks that do not transmit themselves. */
#pragma once

struct packet_ctx;

/* The networks that a beacon or answer speaks for beside its own. */
void dot11_apply_others(struct packet_ctx *p);
