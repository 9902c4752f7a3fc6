/* Which devices seem to be one: stations that change their address, and co-located access points.
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
	uint8_t percent; /* how sure; 0: there is none */
};

/* Notes the probe and finds the address that its sender had before: of the stations seen in the last two minutes with
 * the same elements, the one whose sequence numbers this one continues; or the one with its WPS UUID. An address that
 * was seen before with these elements has no match, nor have two that vendors gave. A match goes to the first probe
 * that claims it. doc/same-as.md says how often it errs. */
struct related_match related_probe(struct related *k, const struct frame *f, uint64_t time_us);

/* Notes when an access point's clock was 0 (packet time less its timestamp), and finds others whose clock began
 * within window_us of it: how many of at most `max`. */
#define COLOCATED_MAX 8
uint32_t colocated_by_clock(struct related *k, const struct mac *bssid, int64_t began_us, uint64_t window_us,
			    struct mac *ret, uint32_t max);

/* The WPS UUID of a frame as a number; 0: it has none, or one of zeros or ones, which many devices share. */
uint64_t wps_uuid_hash(const struct frame *f);
/* Notes an access point's WPS UUID, and finds others with the same one: how many of at most `max`. */
uint32_t colocated_by_uuid(struct related *k, const struct mac *bssid, uint64_t uuid, struct mac *ret, uint32_t max);
