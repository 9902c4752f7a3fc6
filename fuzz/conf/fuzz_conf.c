/* A line of the configuration: name and value lie in the line, and end; taking a comment away only shortens it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "conf/line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = xstrndup((const char *) data, size);
	struct conf_line line;

	if (conf_line_take(text, size, &line) > 0) {
		size_t n = strlen(line.value);

		if (line.name < text || line.name > text + size || line.value < text || line.value + n > text + size ||
		    !*line.name || strchr(line.name, '='))
			abort();
		conf_line_bare(line.value);
		if (strlen(line.value) > n)
			abort();
	}
	free(text);
	return 0;
}
