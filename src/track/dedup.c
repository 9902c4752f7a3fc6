#include "track/dedup.h"

static uint32_t bucket_of(uint32_t crc)
{
	return (crc * 0x9e3779b1u) >> 20 & (DEDUP_OWN_BUCKETS - 1);
}

static void prune(struct dedup *d, uint32_t crc)
{
	uint32_t mask = DEDUP_OWN_BUCKETS - 1, i = bucket_of(crc);

	while (d->used[i] && d->index[i] != crc)
		i = (i + 1) & mask;
	if (!d->used[i])
		return;
	for (uint32_t j = (i + 1) & mask; d->used[j]; j = (j + 1) & mask) {
		if (((j - bucket_of(d->index[j])) & mask) < ((j - i) & mask))
			continue;
		d->index[i] = d->index[j];
		i = j;
	}
	d->used[i] = 0;
}

bool dedup_seen(struct dedup *d, uint32_t crc)
{
	uint32_t mask = DEDUP_OWN_BUCKETS - 1, i = bucket_of(crc);

	for (; d->used[i]; i = (i + 1) & mask)
		if (d->index[i] == crc)
			return true;
	if (d->count == DEDUP_OWN)
		prune(d, d->ring[d->at]);
	else
		d->count++;
	d->ring[d->at] = crc;
	d->at = (d->at + 1) % DEDUP_OWN;
	for (i = bucket_of(crc); d->used[i];)
		i = (i + 1) & mask;
	d->used[i] = 1;
	d->index[i] = crc;
	return false;
}

/* A word of the shared table: CRC, source, and packet time in steps of 16 ms. */
#define STEP_US_BITS 14
#define TIME_MASK 0x3fffffu
#define HALF_SECOND_STEPS 31

static uint64_t word_of(uint32_t crc, uint16_t source, uint64_t time_us)
{
	return (uint64_t) crc << 32 | (uint64_t) (source & 0x3ff) << 22 | ((time_us >> STEP_US_BITS) & TIME_MASK);
}

bool dedup_seen_elsewhere(_Atomic uint64_t *table, uint32_t crc, uint16_t source, uint64_t time_us)
{
	_Atomic uint64_t *slot = &table[crc % DEDUP_SHARED];
	uint64_t mine = word_of(crc, source, time_us);
	uint64_t other = atomic_load_explicit(slot, memory_order_relaxed);
	uint32_t apart = (uint32_t) (mine - other) & TIME_MASK;

	if (other >> 32 == crc && ((mine ^ other) >> 22 & 0x3ff) &&
	    (apart <= HALF_SECOND_STEPS || TIME_MASK + 1 - apart <= HALF_SECOND_STEPS))
		return true;
	atomic_store_explicit(slot, mine, memory_order_relaxed);
	return false;
}
