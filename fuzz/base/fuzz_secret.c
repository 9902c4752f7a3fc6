/* Any text as a definition or a sentence in which secrets are masked: it stays within its room, and is done once. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/secret.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free char *text = xalloc(size + 1);

	memcpy(text, data, size);
	secret_mask(text, size + 1);
	if (memchr(text, '\0', size + 1) == NULL)
		abort();
	return 0;
}
