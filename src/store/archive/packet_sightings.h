/* Sightings made of the packets of a log that has none: one of Kismet's, or of an earlier norn. What a packet's row
 * does not say (retries, the network, alerts) is not known of them. */
#pragma once
#include <sqlite3.h>

#include "store/archive/log_sightings.h"

#define PACKET_SIGHTING_SEC 60

struct packet_sightings;
/* Reads on db, the caller's, of a log of that version; NULL when it cannot (sqlite3_errmsg). */
struct packet_sightings *packet_sightings_create(sqlite3 *db, int32_t version, const struct archive_span *span);
void packet_sightings_destroy(struct packet_sightings *p);
/* The next, at most max; 0 at the end. Why the log could not be read on goes to torn. Several may be of one device,
 * source and minute: they add up. */
size_t packet_sightings_next(struct packet_sightings *p, struct sighting *ret, size_t max, char *torn, size_t size);
