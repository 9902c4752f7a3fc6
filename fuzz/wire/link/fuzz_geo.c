/* Any octets as Kismet's option of a position; the first says their order. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/link/geo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct position p = {0};
	uint8_t *exact;

	if (size < 1)
		return 0;
	exact = malloc(size);
	memcpy(exact, data + 1, size - 1);
	if (geo_kismet_read(span_of(exact, size - 1), data[0] & 1, &p) &&
	    !(p.lat >= -90 && p.lat <= 90 && p.lon >= -180 && p.lon <= 180))
		abort();
	free(exact);
	return 0;
}
