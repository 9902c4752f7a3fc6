/* Any octets as a form: its pairs lie within it, end with NUL and cost no more than its length. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "serve/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct form form = {.text = malloc(size + 1), .n = size};
	struct form_pair pair;
	size_t octets = 0;

	if (size)
		memcpy(form.text, data, size);
	while (form_next(&form, &pair)) {
		if (pair.name < form.text || pair.value + pair.n > form.text + size || pair.value[pair.n])
			abort();
		octets += strlen(pair.name) + pair.n + 1;
	}
	if (octets > size + 1)
		abort();
	free(form.text);
	return 0;
}
