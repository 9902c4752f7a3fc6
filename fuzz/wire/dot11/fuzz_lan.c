/* Any octets behind LLC/SNAP as a message of a local network: the first two are the ethertype. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/dot11/lan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *exact;
	struct lan_message m;

	if (size < 3)
		return 0;
	exact = malloc(size - 2);
	memcpy(exact, data + 2, size - 2);
	m = lan_read((uint16_t) (data[0] << 8 | data[1]), span_of(exact, size - 2));
	if (m.name.left && (m.name.p < exact || m.name.left > (size_t) (exact + size - 2 - m.name.p)))
		abort();
	free(exact);
	return 0;
}
