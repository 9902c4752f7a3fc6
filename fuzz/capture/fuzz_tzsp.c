/* Datagrams of TZSP. */
#include <stdint.h>

#include "capture/tzsp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct packet packet = {0};

	if (tzsp_read(span_of(data, size), &packet) == 1)
		(void) packet_peel(&packet);
	return 0;
}
