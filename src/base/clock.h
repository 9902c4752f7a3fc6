/* The two clocks of the machine. Packet time, the third, comes with the packets. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

uint64_t clock_server_us(void);    /* microseconds since 1970 */
uint64_t clock_monotonic_us(void); /* for timeouts and intervals */
/* What passed between two moments of one clock; 0 when `then` is the later one, as clocks are set back, packets come
 * out of order, and another thread may have looked a little later. */
static inline uint64_t clock_since(uint64_t now, uint64_t then)
{
	return now > then ? now - then : 0;
}
/* Seconds that clocks of different machines may be apart while all of them are right. */
#define CLOCK_AHEAD_SEC 60
/* Whether `last`, a record's latest second, is from before a clock was set back: it lies in the future of the server,
 * and `sec`, which came after it, does not. */
static inline bool clock_was_set_back(uint32_t last, uint32_t sec, uint32_t server_sec)
{
	uint64_t most = (uint64_t) server_sec + CLOCK_AHEAD_SEC;

	return last > most && sec <= most;
}
/* Brings the first and the latest second of a record to `sec`, in which it was seen: true when that is the latest now,
 * for it is later, or a clock was set back. */
static inline bool clock_seen(uint32_t *first, uint32_t *last, uint32_t sec, uint32_t server_sec)
{
	if (sec <= *last && !clock_was_set_back(*last, sec, server_sec))
		return false;
	*last = sec;
	if (*first > sec)
		*first = sec;
	return true;
}
static inline uint32_t clock_server_sec(void)
{
	return (uint32_t) (clock_server_us() / 1000000);
}
