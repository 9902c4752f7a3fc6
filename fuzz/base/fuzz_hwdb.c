/* Any octets as a file of udev's hardware database: what is taken is whole and short. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hwdb.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hwdb h = {.prefix = "OUI:", .key = "ID_OUI_FROM_DATABASE"};
	FILE *f = size ? fmemopen((void *) (uintptr_t) data, size, "r") : NULL;
	char line[HWDB_LINE_SIZE];

	while (f && fgets(line, sizeof(line), f)) {
		const char *name = hwdb_line(&h, line);

		if (strlen(h.match) >= HWDB_MATCH_SIZE || (name && (!*name || !h.match[0])))
			abort();
	}
	if (f)
		(void) fclose(f);
	return 0;
}
