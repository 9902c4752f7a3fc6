/* What the file system shows of a Wi-Fi interface (/sys), and the capture filter that a definition
 * asks for. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "conf/definition.h"

struct wifi_system {
	uint32_t wiphy;
	uint8_t mac[6];
	char driver[64];
	bool blocked, blocked_hard; /* rfkill */
	bool plain;                 /* it delivers Wi-Fi frames, but the kernel knows no radio behind it */
};

/* Of an interface (wlan0) or a radio (phy0), or any interface whose link is 802.11; else false. */
bool wifi_system_find(const char *name, struct wifi_system *ret);
/* Appends the filter in libpcap's language; nothing when all is wanted. */
void wifi_system_filter(const struct definition *d, bool management, bool locals, struct buf *out);
