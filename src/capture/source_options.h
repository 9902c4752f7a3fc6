/* Options that a definition may have: which there are, whether their values can be, and what is said of others. */
#pragma once
#include "capture/source.h"
#include "conf/definition.h"

/* Whether the values of its options can be; negative with a sentence. */
int source_options_check(const struct definition *d, char error[SOURCE_TEXT_SIZE]);
/* True with a sentence about options that no source knows. */
bool source_options_unknown(const struct definition *d, char ret[SOURCE_TEXT_SIZE]);
