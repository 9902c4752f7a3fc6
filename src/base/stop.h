/* The end of the process: by when it has to be over, known to everybody who still has much to do then. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* The process was asked to stop, and has to have ended by that moment of the monotonic clock. Once, any thread. */
void stop_by(uint64_t monotonic_us);
/* Whether it was asked to stop. Any thread. */
bool stop_begun(void);
/* How long there is until then; UINT64_MAX before it was asked to stop. Any thread. */
uint64_t stop_left_us(void);
