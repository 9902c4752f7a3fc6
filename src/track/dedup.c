#include "track/model.h"

static uint32_t bucket_of(uint32_t crc)
{
	return (crc * 0x9e3779b1u) >> 20 & (DEDUP_OWN_BUCKETS - 1);
}

static void forget(struct dedup *d, uint32_t crc)
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
		forget(d, d->ring[d->at]);
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
