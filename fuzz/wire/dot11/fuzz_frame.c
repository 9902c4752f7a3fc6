/* Any octets as an 802.11 frame: the dissector reads no octet beyond them and always ends. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/dot11/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame frame;
	uint8_t *exact = malloc(size ? size : 1);

	if (size)
		memcpy(exact, data, size);
	(void) frame_dissect(span_of(exact, size), &frame);
	free(exact);
	return 0;
}
