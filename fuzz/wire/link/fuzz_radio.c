/* Any octets behind each link type: the first two choose it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint16_t types[] = {LINKTYPE_RADIOTAP,
					 LINKTYPE_IEEE802_11,
					 LINKTYPE_PRISM,
					 LINKTYPE_AVS,
					 LINKTYPE_PPI,
					 LINKTYPE_BLUETOOTH_LE_LL,
					 LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR};
	struct packet packet = {0};
	uint8_t *exact;

	if (size < 1)
		return 0;
	packet.linktype = types[data[0] % (sizeof(types) / sizeof(types[0]))];
	exact = malloc(size);
	memcpy(exact, data + 1, size - 1);
	packet.data = span_of(exact, size - 1);
	packet.length = (uint32_t) size - 1;
	(void) packet_peel(&packet);
	free(exact);
	return 0;
}
