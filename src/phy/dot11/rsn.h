/* Getters of RSN and its extension. */
#pragma once
#include "field/field.h"

extern struct field_table rsn_table;
const void *rsn(const void *obj, struct field_ctx *ctx);
const void *rsn_override(const void *obj, struct field_ctx *ctx);
const void *rsn_override_2(const void *obj, struct field_ctx *ctx);
bool rsn_extensions_there(const void *obj);
struct field_items rsn_extensions(const void *obj, struct field_ctx *ctx);
/* Their rows, for names that begin with `p`; with elements.h. */
#define RSN_ROWS(p)                                                                                                    \
	FIELD_CALL_OBJECT("norn." p ".rsn", rsn, &rsn_table, "Suites of the RSN element, one by one."),                \
		FIELD_CALL_OBJECT("norn." p ".rsn_override", rsn_override, &rsn_table,                                 \
				  "Suites of the element that newer stations read instead."),                          \
		FIELD_CALL_OBJECT("norn." p ".rsn_override_2", rsn_override_2, &rsn_table,                             \
				  "Suites of that for 802.11be."),                                                     \
		FIELD_CALL_LIST("norn." p ".rsn_extensions", rsn_extensions, sizeof(char *), &capability_elem,         \
				"Names of what the RSN extension element offers.", .present = rsn_extensions_there)
