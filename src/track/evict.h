/* Private to track: which devices leave when the model is full, or after they have been silent too long. */
#pragma once
#include "track/shard.h"

struct tracker;

/* Works out how many devices there may be; at start and once a second. */
void evict_bound(struct tracker *t);
/* Octets of a device, all that it owns included, as last measured. Any thread. */
uint64_t evict_mean_bytes(struct tracker *t);
/* Evicts a device of a full shard before another is added. Under the shard's lock. */
void evict_for_newcomer(struct tracker *t, struct shard *s);
/* Weighs devices and evicts those that are beyond the bound or timed out. The ticking thread, about once a second. */
void evict_tick(struct tracker *t, uint32_t server_sec);
