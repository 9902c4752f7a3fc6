/* Records from JSON text, by their rows: what field_write() wrote, or Kismet. The text is untrusted: what
 * does not fit a row's kind is left out and counted, lists end at their limits, and how deep records nest is for
 * the tables to say. */
#pragma once
#include "base/json_in.h"
#include "field/field.h"

#define FIELD_LOAD_ITEMS 4096 /* elements of a list whose row names no limit */
#define FIELD_LOAD_TEXT 8192  /* octets of an owned text */

struct field_load {
	const void *context; /* as field_ctx.context */
	uint32_t version;    /* of the FIELD_STATE rows in the text; 0: it has none, as Kismet's */
	uint64_t refused;    /* values that did not fit */
	bool drop;           /* set by a setter: the element at hand cannot be kept */
};

/* Sets what the object has of the record; what it does not name stays. obj begins as zeros, or as what is to be
 * completed; it owns what is added. Any thread that owns the record. */
void field_load(const struct field_table *table, void *obj, const struct json_in *from, struct field_load *load);
/* One value in its kind's own way, for setters that do more; false when it does not fit. */
bool field_load_value(const struct field *row, void *obj, const struct json_in *value, struct field_load *load);
/* Hex of exactly n octets, or of at most `most`. */
bool field_load_octets(const struct json_in *value, uint8_t *ret, size_t n);
bool field_load_hex(const struct json_in *value, size_t most, struct octets *ret);
/* For the .set of rows that show a time in microseconds as whole seconds and as what is left: each brings its part. */
bool field_load_sec(const struct json_in *v, uint64_t *us);
bool field_load_usec(const struct json_in *v, uint64_t *us);
