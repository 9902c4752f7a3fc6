/* Thins beacons that say nothing new: a network sends ten a second, and all but their time, counter and traffic map are
 * the same for days. A log keeps one in BEACON_KEEP_SEC (base/period.h) and notes how many it left out.
 */
#pragma once
#include "feed/packets.h"

#define BEACON_SLOTS 65536 /* networks that are remembered; of two that share a slot more beacons are kept */

struct beacons;
struct beacons *beacons_create(void);
void beacons_destroy(struct beacons *b);
/* False when the packet is a beacon that equals the last one of its BSSID, is not yet due and raised no
 * alert. True for every other packet; *ret_left_out then says how many beacons were left out since the last kept one.
 * The log's thread. */
bool beacons_keep(struct beacons *b, const struct packet_summary *s, const uint8_t *data, uint32_t *ret_left_out);
