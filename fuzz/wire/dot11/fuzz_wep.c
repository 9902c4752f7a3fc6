/* Any octets as a WEP body: the first says how long the key is. What comes out lies in the scratch. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/dot11/frame.h"
#include "wire/dot11/wep.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t lengths[] = {5, 13, 16, 0};
	struct wep_key key = {{0}, 0};
	struct frame frame = {0};
	struct span clear;
	uint8_t *exact, *scratch;

	if (size < 1)
		return 0;
	key.n = lengths[data[0] % 4];
	exact = malloc(size);
	scratch = malloc(WEP_BODY_MAX);
	memcpy(exact, data + 1, size - 1);
	if (wep_decrypt(span_of(exact, size - 1), &key, scratch, &clear)) {
		if (clear.left + 8 != size - 1)
			abort();
		frame_read_clear(&frame, clear);
	}
	/* What a right key would show. */
	frame_read_clear(&frame, span_of(exact, size - 1));
	free(scratch);
	free(exact);
	return 0;
}
