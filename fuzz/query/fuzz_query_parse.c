/* Any text as a cursor, and as an expression over devices, alerts, messages and sightings: what is wrong with it lies
 * within it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "detect/alert_names.h"
#include "feed/message_names.h"
#include "phy/dot11/names.h"
#include "query/compile.h"
#include "query/complete.h"
#include "query/cursor.h"
#include "track/device_fields.h"
#include "track/device_names.h"
#include "track/sighting_names.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct query_record *records[] = {&device_query, &alert_query, &message_query, &sighting_query};
	char *text = malloc(size + 1);
	struct query_candidate last;

	if (size)
		memcpy(text, data, size);
	device_add_row(NULL);
	query_names_add(&device_query, dot11_names);
	text[size] = '\0';
	(void) query_cursor_read(text, 1, &last);
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		struct query_position position;
		struct query_error error;
		struct query_program *p = query_compile(records[i], text, size, 1800000000, &error);

		if (!p && (!*error.text || error.at > size || error.n > size - error.at))
			abort();
		if (p && query_program_record(p) != records[i])
			abort();
		query_program_destroy(p);
		query_position_find(records[i], text, size / 2, &position);
		if (position.from > size / 2)
			abort();
	}
	free(text);
	return 0;
}
