/* How many connections there can be, by the files that the process may open (RLIMIT_NOFILE). */
#pragma once

/* As many of the `wanted` connections as there are descriptors for; fewer are told. Before the server listens: the
 * library would turn in circles when it may open no more, so that it must never come that far. */
unsigned descriptors_for_connections(unsigned wanted);
