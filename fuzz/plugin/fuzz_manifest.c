/* A plugin's manifest: any text gives a record whose texts end, or a reason. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "plugin/private.h"
#include "plugin/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct plugin_record *r = xnew(struct plugin_record, 1);
	const char *wrong = plugin_manifest_read(r, (const char *) data, size);

	if (!wrong && (!*r->name || strnlen(r->name, sizeof(r->name)) == sizeof(r->name) ||
		       strnlen(r->object, sizeof(r->object)) == sizeof(r->object) || strchr(r->object, '/')))
		abort();
	free(r);
	return 0;
}
