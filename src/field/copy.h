/* Records that outlive a lock: copying, freeing and weighing what rows say a struct owns. */
#pragma once
#include "base/arena.h"
#include "field/field.h"

/* Copies the struct and all that it owns; dst has table->size bytes, the rest comes from the arena.
 * Lists whose items lie within src lie within dst afterwards. Never logs, never fails. */
void field_copy(const struct field_table *table, void *dst, const void *src, struct arena *arena);
/* Frees what the struct owns, not the struct, and clears the owning members. */
void field_free(const struct field_table *table, void *obj);
/* Heap bytes that the struct owns beyond itself. */
size_t field_bytes(const struct field_table *table, const void *obj);
