#include "base/stop.h"

#include <stdatomic.h>

#include "base/clock.h"

static _Atomic uint64_t by_us; /* 0: it goes on */

void stop_by(uint64_t monotonic_us)
{
	atomic_store(&by_us, monotonic_us);
}

bool stop_begun(void)
{
	return atomic_load_explicit(&by_us, memory_order_relaxed) != 0;
}

uint64_t stop_left_us(void)
{
	uint64_t by = atomic_load(&by_us);

	return by ? clock_since(by, clock_monotonic_us()) : UINT64_MAX;
}
