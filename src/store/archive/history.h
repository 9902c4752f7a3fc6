/* What a device did in a span of time: when it was there, and what changed. */
#pragma once
#include "store/archive/archive_device.h"
#include "store/archive/archive_sightings.h"

#define HISTORY_SIGHTINGS_MAX 1000000 /* of one device; what is beyond is counted */
#define HISTORY_BUCKETS_MAX 20000
#define HISTORY_CHANGES_MAX 2000

/* What was seen in an hour, for example; those in which nothing was seen are left out. */
struct history_bucket {
	uint32_t start_sec, minutes; /* minutes: how many different ones of its sightings' */
	uint64_t frames, sent, duplicates, octets, retries, alerts;
	int16_t signal_least, signal_most; /* 0: not measured */
	float signal_mean;                 /* of the sightings' means, by their frames */
	uint64_t measured;
};

enum history_what { HISTORY_NAME, HISTORY_CHANNEL, HISTORY_CRYPT, HISTORY_NETWORK, HISTORY_POSITION };
struct history_change {
	uint32_t sec; /* from then on, as far as is known */
	uint8_t what; /* enum history_what */
	char from[80], to[80];
};

struct device_history {
	struct key key;
	uint32_t from_sec, to_sec, bucket_sec;
	LIST(struct history_bucket) presence; /* the oldest first */
	LIST(struct history_change) changes;  /* the oldest first */
	uint64_t sightings, left_out;
	struct archive_progress progress;
};
extern struct field_table device_history_table;

/* Fills *h, whose key, span and bucket_sec are set, from memory and logs; `live` is the model's device, NULL: it has
 * none. False when no sighting and no record of it was found. Ends early when the budget is over. Any thread that may
 * wait. */
bool device_history_read(struct device_history *h, struct catalogue *c, struct tracker *t, const struct device *live);
void device_history_finish(struct device_history *h);
