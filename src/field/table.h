/* Making tables ready: key texts in JSON, and which rows own memory. */
#pragma once
#include "field/field.h"

/* As field_prepare(), of a table that got rows since; one that was not prepared is left alone. Before other threads
 * run. */
void field_prepare_again(struct field_table *table);
/* The row of that name, or NULL. */
const struct field *field_find(const struct field_table *table, const char *name, size_t n);
/* Every prepared table, for schema and manual: *ret_tables lives as long as the program. Any thread. */
size_t field_tables(const struct field_table *const **ret_tables);
