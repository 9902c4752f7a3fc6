/* The two clocks of the machine. Packet time, the third, comes with the packets. */
#pragma once
#include <stdint.h>

uint64_t clock_server_us(void);    /* microseconds since 1970 */
uint64_t clock_monotonic_us(void); /* for timeouts and intervals */
static inline uint32_t clock_server_sec(void)
{
	return (uint32_t) (clock_server_us() / 1000000);
}
