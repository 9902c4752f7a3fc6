/* Which devices seem to be one: stations that change their address, and access points of one box.
 *
 * Two tables of fixed size with a short lock each; the oldest of a set goes when it is full. Any thread, and
 * never while a shard is locked. */
#pragma once
#include "wire/dot11/frame.h"

struct related;
struct related *related_create(void);
void related_destroy(struct related *k);

/* Another address that the sender of a probe request may have had before. */
struct related_match {
	struct mac mac;
	uint8_t percent; /* how sure; 0: nobody */
};

/* Notes the probe and finds whose address its sender had before: of those that were seen in the last two
 * minutes with the same elements, whose sequence numbers this one continues; or whoever has its WPS UUID. An
 * address that was seen before with these elements has no match, nor have two that vendors gave. A match
 * is given to the first who claims it. doc/same-as.md tells how often it errs. */
struct related_match related_probe(struct related *k, const struct frame *f, uint64_t time_us);

/* Notes when an access point's clock was 0 (packet time less its timestamp), and finds others whose clock began
 * within window_us of it: how many of at most `max`. */
#define COLOCATED_MAX 8
uint32_t colocated_by_clock(struct related *k, const struct mac *bssid, int64_t began_us, uint64_t window_us,
			    struct mac *ret, uint32_t max);

/* The WPS UUID of a frame as a number; 0: it has none, or one of zeros or ones that tells nobody apart. */
uint64_t wps_uuid_hash(const struct frame *f);
/* Notes an access point's WPS UUID, and finds others that tell the same: how many of at most `max`. */
uint32_t colocated_by_uuid(struct related *k, const struct mac *bssid, uint64_t uuid, struct mac *ret, uint32_t max);
