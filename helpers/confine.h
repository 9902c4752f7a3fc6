/* Giving up privileges. */
#pragma once
#include <stdint.h>

/* Keeps those capabilities (bits) and no other, for good; 0 or -errno. Before other threads run. */
int confine_capabilities(uint64_t keep);
/* From now on only system calls that a capture program needs; others fail with EPERM. 0 or -errno.
 * Before other threads run: they inherit it. */
int confine_calls(void);
