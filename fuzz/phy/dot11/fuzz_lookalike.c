/* The look of any 32 octets: it ends, and the same octets look the same again. */
#include <stdlib.h>
#include <string.h>

#include "phy/dot11/lookalike.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ssid name = {.len = (uint8_t) (size < SSID_MAX ? size : SSID_MAX)};
	char text[LOOKALIKE_TEXT_SIZE], marks[LOOKALIKE_MARKS_SIZE];
	struct lookalike first, again;

	if (name.len)
		memcpy(name.b, data, name.len);
	lookalike_of(&name, &first);
	lookalike_of(&name, &again);
	lookalike_text(&name, text);
	lookalike_marks_text(first.marks, marks);
	if (memcmp(&first, &again, sizeof(first)) != 0 || lookalike_equal(&name, &name))
		abort();
	return 0;
}
