/* How far the reading of files is, on the terminal: one line that is written over once a second. */
#pragma once
#include "capture/source.h"

/* Shows it while a file is read and standard error is a terminal; one thread. */
void progress_show(struct registry *sources);
/* Takes the line back, so that others may write. Any thread. */
void progress_end(void);
