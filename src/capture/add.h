/* Sources are added. */
#pragma once
#include <stdbool.h>

#include "capture/source.h"

struct registry;

/* Adds a source by its definition and starts it when there is room; its number, or negative with a sentence in
 * ret_error. One of that definition that has ended is opened again. keep, as at the start: one that cannot be read or
 * opened is kept in error, and tried again when it lives and its definition or the defaults say so. Else the answer is
 * waited for, and what fails at once is an error that says whether it is tried again. Any thread. */
int capture_add(struct registry *r, const char *definition, bool keep, char ret_error[SOURCE_TEXT_SIZE]);
