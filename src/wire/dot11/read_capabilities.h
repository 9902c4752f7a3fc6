/* Extended capabilities. A reader, as readers.h says. */
#pragma once
#include "base/span.h"

/* 9.4.2.26: the name of a bit of the extended capabilities, NULL for those without one (read_capabilities.c). */
const char *extended_capability_name(unsigned bit);
