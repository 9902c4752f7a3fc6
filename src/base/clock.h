/* The two clocks of the machine. Packet time, the third, comes with the packets. */
#pragma once
#include <stdint.h>

uint64_t clock_server_us(void);    /* microseconds since 1970 */
uint64_t clock_monotonic_us(void); /* for timeouts and intervals */
/* What passed between two moments of one clock; 0 when `then` is the later one, as clocks are set back, packets come
 * out of order, and another thread may have looked a little later. */
static inline uint64_t clock_since(uint64_t now, uint64_t then)
{
	return now > then ? now - then : 0;
}
static inline uint32_t clock_server_sec(void)
{
	return (uint32_t) (clock_server_us() / 1000000);
}
