/* The frames of handshakes for a download. */
#pragma once
#include "phy/dot11/dot11.h"

/* Frames for a download, by time; what came together stays in its order. They point into what an access point's record
 * keeps. The caller frees the items. */
struct dot11_ordered {
	struct dot11_packet packet;
	uint32_t order;
};
struct dot11_packets {
	struct dot11_ordered *items;
	uint32_t n;
};
/* The frame that names the network, and the key frames of one client (NULL: of all), without what misleads who looks
 * for the passphrase (handshake_mark_misleading()). The arena holds the frames. */
void dot11_handshake_packets(const struct dot11_device *ap, const struct mac *client, struct arena *arena,
			     struct dot11_packets *ret);
/* The frame that names the network, and one with a PMKID; none when there is no such. */
void dot11_pmkid_packets(const struct dot11_device *ap, struct dot11_packets *ret);
