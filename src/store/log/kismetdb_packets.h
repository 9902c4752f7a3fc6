/* Packets and reports in a kismetdb. */
#pragma once
#include "store/log/kismetdb.h"

/* Packets and reports, and positions that became known later; as of struct log_kind. */
enum log_took kismetdb_packet(void *file, const struct packet_summary *p, const uint8_t *data);
/* Adds the sources that have positions of their own, as a list of SQL. */
void kismetdb_own_positions(struct kismetdb *k, struct buf *sql);
bool kismetdb_fill_positions(void *file, const struct gps_gap *gap);
