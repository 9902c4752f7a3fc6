/* How exact the positions of packets are: packets of a log have no column for it, but the snapshots of each GPS have
 * it, once a second. Found by the position itself, or else by the second. */
#pragma once
#include "log.h"

struct log_accuracy *log_accuracy_read(struct log_db *l);
/* Metres around a packet's position, as stored, or of its second; 0 when unknown. a may be NULL. */
double log_accuracy_of(const struct log_accuracy *a, int64_t sec, double lat, double lon);
