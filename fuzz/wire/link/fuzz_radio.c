/* Any octets behind each link type: the first chooses it, the second what is known of what stands behind its frames. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/dot11/tail.h"
#include "wire/packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint16_t types[] = {
		LINKTYPE_RADIOTAP,
		LINKTYPE_IEEE802_11,
		LINKTYPE_PRISM,
		LINKTYPE_AVS,
		LINKTYPE_PPI,
		LINKTYPE_BLUETOOTH_LE_LL,
		LINKTYPE_BLUETOOTH_HCI_H4,
		LINKTYPE_BLUETOOTH_HCI_H4_WITH_PHDR,
		LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR,
	};
	struct packet packet = {0};
	uint8_t *exact;

	if (size < 2)
		return 0;
	packet.linktype = types[data[0] % (sizeof(types) / sizeof(types[0]))];
	packet.trailer[0] = packet.trailer[1] =
		(struct packet_trailer){data[1] & 1, data[1] & 2, data[1] >> 3, data[1] & 4};
	packet.fcs_octets = data[1] >> 5;
	exact = malloc(size - 2);
	memcpy(exact, data + 2, size - 2);
	packet.data = span_of(exact, size - 2);
	packet.length = (uint32_t) size - 2 + (data[1] & 1);
	if (packet_peel(&packet) >= 0)
		(void) dot11_tail(packet.mpdu);
	free(exact);
	return 0;
}
