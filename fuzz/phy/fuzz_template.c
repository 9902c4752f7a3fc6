/* The frames of the phy that examples/phy teaches. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "wire/template/template_frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct template_frame f;
	uint8_t *exact = malloc(size ? size : 1);

	if (size)
		memcpy(exact, data, size);
	if (template_read(span_of(exact, size), &f) >= 0 && f.name.left > size)
		abort();
	free(exact);
	return 0;
}
