/* What a Bluetooth controller reports to its host of devices around it (Core 5.4 volume 4 part E 7.7), one packet
 * of the H4 transport. Views die with the packet. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/mac.h"
#include "base/span.h"

#define HCI_REPORTS_MAX 25 /* that one event has room for */

struct hci_report {
	struct mac mac;
	bool low_energy, random; /* random: the address is, of low energy */
	bool has_class, has_rssi;
	int8_t rssi;           /* dBm */
	uint32_t device_class; /* Assigned Numbers 2.8 */
	struct span data;      /* advertising data or extended inquiry response (wire/bluetooth/ad.h) */
	struct span name;      /* of a remote name request */
};

struct hci_frame {
	uint32_t n; /* 0: it reports no device */
	struct hci_report reports[HCI_REPORTS_MAX];
};

/* Reads one packet from its type octet on. Pure. ERR_TRUNCATED or ERR_MALFORMED. */
int hci_dissect(struct span packet, struct hci_frame *ret);
