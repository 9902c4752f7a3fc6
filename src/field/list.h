/* Growing the arrays that FIELD_MANY and FIELD_KEYED rows describe. */
#pragma once
#include "field/field.h"

/* Room for one more element of `size` bytes behind the last, counted already, not cleared; aborts when
 * there is no memory: the caller bounds count. `first`, or NULL, is an element within the struct that
 * the list starts with, so that one element costs no allocation. */
void *list_add(struct list *l, size_t size, void *first);
