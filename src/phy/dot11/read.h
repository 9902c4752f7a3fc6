/* Private to the 802.11 phy: how a frame is read, and what happens before and after its devices are updated. */
#pragma once
#include "phy/dot11/space.h"

/* Decrypts the frame's data as far as there are keys, and hides it when it is to be hidden. */
void dot11_make_ready(struct packet_ctx *p, struct packet *packet, struct frame *f);
/* Whether a network whose elements are new is a drone by makers' rules: expressions are matched while no
 * lock is held. */
void dot11_match_uav(const struct packet_ctx *p);
int dot11_dissect(struct packet *packet, void *space, void *of_source);
void dot11_fetch(const struct packet_ctx *p, const struct packet *packet);
