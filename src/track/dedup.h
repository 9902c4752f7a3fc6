/* Whether a frame was seen before, by the same source or by another. */
#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define DEDUP_OWN 1024
#define DEDUP_OWN_BUCKETS 4096 /* a power of two, four times the frames kept */

/* The last frames of one source, by CRC-32: a ring and an exact index over it. The source's thread. */
struct dedup {
	uint32_t ring[DEDUP_OWN];
	uint32_t at, count;
	uint32_t index[DEDUP_OWN_BUCKETS];
	uint8_t used[DEDUP_OWN_BUCKETS];
};
/* True if the CRC is among the last ones; notes it otherwise. */
bool dedup_seen(struct dedup *d, uint32_t crc);
/* True if another source saw the frame within half a second of packet time; notes it otherwise. The
 * table has DEDUP_SHARED words and no lock: two sources that meet in one word may miss each other. */
#define DEDUP_SHARED 65536
bool dedup_seen_elsewhere(_Atomic uint64_t *table, uint32_t crc, uint16_t source, uint64_t time_us);
