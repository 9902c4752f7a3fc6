/* How far the reading of files is, on the terminal: one line that is written over once a second. */
#pragma once
#include <stdint.h>

struct registry;

/* Shows it while a file is read and standard error is a terminal; one thread. */
void progress_show(struct registry *sources);
/* So many of all, at a terminal; `what` says of what. */
void progress_count(const char *what, uint64_t done, uint64_t all);
/* Takes the line back, so that others may write. Any thread. */
void progress_end(void);
