/* Private to the 802.11 phy: four-way handshakes and PMKIDs, kept by client in the access point's record. */
#pragma once
#include "phy/dot11/dot11.h"

struct packet_ctx;

/* An EAPOL frame of that client, in the access point's record. */
void dot11_observe_key(const struct packet_ctx *p, const struct device *d, struct dot11_device *ap,
		       const struct mac *client);
/* Keeps the frame as the latest that introduces the network, unless one that says more is kept. */
void dot11_keep_introduction(const struct packet_ctx *p, struct dot11_device *ap, enum dot11_introduced by);
/* The name in the frame that is kept; of no octets when there is none. */
struct ssid dot11_introduced_name(const struct dot11_device *x);
/* What a (re)association request says of the network's keys. */
void dot11_observe_association(const struct packet_ctx *p, struct dot11_device *ap);
/* An EAPOL frame, in the client's record. */
void dot11_observe_nonce(const struct packet_ctx *p, struct dot11_device *client);
