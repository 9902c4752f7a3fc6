/* Sightings as rows of a kismetdb: the table, and what is in which column. */
#pragma once
#include <sqlite3.h>

#include "store/log/blocks.h"
#include "track/sighting.h"

/* What is not known is NULL, so that SQL's sums and means leave it out. (phyname, devmac) is the device's row. */
#define SIGHTING_TABLE                                                                                                 \
	"CREATE TABLE IF NOT EXISTS norn_sightings (start INT, seconds INT, phyname TEXT, devmac TEXT, datasource "    \
	"TEXT, bssid TEXT, frames INT, sent INT, duplicates INT, octets INT, retries INT, frequency INT, "             \
	"signal_type TEXT, signal_min INT, signal_max INT, signal_mean REAL, lat REAL, lon REAL, accuracy REAL, "      \
	"alerts INT);"
#define SIGHTING_COLUMNS                                                                                               \
	"start, seconds, phyname, devmac, datasource, bssid, frames, sent, duplicates, octets, retries, frequency, "   \
	"signal_type, signal_min, signal_max, signal_mean, lat, lon, accuracy, alerts"
#define SIGHTING_COLUMN_COUNT 20
#define SIGHTING_PHY 2                                            /* which of them is phyname */
#define SIGHTING_VALUES "?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?" /* of SIGHTING_COLUMN_COUNT */
/* Its index: by device, network and datasource. */
#define SIGHTING_INDEX_SCHEMA BLOCKS_SCHEMA("norn_sighting_blocks", "norn_sighting_block_keys")

extern const struct blocks_sql sighting_index_sql;

/* Binds the columns, from 1 on. phyname lives until the row is written. */
void sighting_bind(sqlite3_stmt *s, const struct sighting *x, const char *phyname);
/* Reads the columns, from `first` on; the log is untrusted. False: it is no sighting. Its phy is the number here of
 * that name, PACKET_PHY_NONE: there is none. */
bool sighting_read(sqlite3_stmt *s, int first, struct sighting *ret);
/* As blocks_add(). */
bool sighting_index_add(struct blocks *b, int64_t row, const struct sighting *x);
/* As packet_index_go_on(). */
int64_t sighting_index_go_on(struct blocks *b, sqlite3 *db);
