/* Private to the 802.11 phy: which devices a frame touches, and how each of them is updated. */
#pragma once

struct mac;
struct packet;
struct packet_ctx;

void dot11_apply(struct packet_ctx *p, struct packet *packet, void *space);
/* A network, by a frame of it. */
void dot11_apply_bssid(struct packet_ctx *p, const struct mac *bssid);
