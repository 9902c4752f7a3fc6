/* The files that the process may open (RLIMIT_NOFILE), and who gets how many. The HTTP library, and everything else
 * accepts connections, would turn in circles when no more can be opened: it must never come that far. */
#pragma once
#include <stdbool.h>

/* As many of the `wanted` HTTP connections as there are descriptors for, a share left to sources, sensors and logs;
 * they are promised from then on. Before the server listens. */
unsigned descriptors_for_connections(unsigned wanted);
/* Any thread: a connection of those begins (1) or has ended (-1). */
void descriptors_connection(int change);
/* Whether a source or sensor may open n more, so that what was promised stays there. Any thread. */
bool descriptors_left(unsigned n);
/* How many the process may open. */
unsigned long long descriptors_most(void);
