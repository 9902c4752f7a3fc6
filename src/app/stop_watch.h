/* What ends the process when its stop hangs. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* From now on the process ends within so many seconds: when the stop has not, with status 1 and a line that names what
 * hangs. Once, when it was asked to stop. */
void stop_watch_begin(uint32_t seconds);
/* What stops now; the name has to last. What waits for a disk keeps evidence, and has three times as long. The thread
 * that stops. */
void stop_watch_room(const char *name, bool waits_for_disk);
