/* Kinds of sources, and the capture programs of those that need one. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "field/field.h"

/* A kind of source. */
struct source_driver {
	char type[32], description[128];
	uint8_t probe_capable, probe_ipc, list_capable, list_ipc, local_capable, local_ipc;
	uint8_t remote_capable, passive_capable, tuning_capable, hop_capable;
	uint8_t wifi; /* its frames are of 802.11 */
};
extern struct field_table driver_table;
/* Every kind; *ret_n of them, in a static array. */
const struct source_driver *capture_drivers(uint32_t *ret_n);
const struct source_driver *driver_of_type(const char *type); /* NULL when there is none */
/* It is fed over UDP (tzsp.h). */
bool source_is_tzsp(const struct source_driver *d);

/* A kind's program. */
struct driver_helper {
	const char *type;
	const char *names[2]; /* ours, Kismet's; NULL: none */
};
/* NULL: it has none. */
const struct driver_helper *driver_helper_of(const struct source_driver *d);
